"""Reading one record with all its versions, as they were sent: under a right of its own."""

from features.common.errors import NotFoundError
from features.records.schema import RecordType
from serving.actors import Scope
from serving.context import ReadSession
from serving.store import contract_summaries, records
from serving.store.records import StoredVersion

__all__ = ["StoredVersion"]  # what is returned here, for those who show it


def record_versions(
    reads: ReadSession, *, record_type: RecordType, key: str
) -> list[StoredVersion]:
    """Return every version of a record, in the order they count.

    Machines need the scope `records:read`; people see those of the contracts they follow. Raises
    NotFoundError for a record that is absent, or not the actor's to see.
    """
    found = records.stored_versions(reads.connection, record_type, key)
    if found and _may_see(reads, found[-1].row.contract_id):
        return found
    raise NotFoundError(f"{record_type.name}: expected a record that is stored, got another id")


def _may_see(reads: ReadSession, contract_id: str) -> bool:
    actor = reads.actor
    if actor.is_command or actor.scopes & {Scope.RECORDS_READ, Scope.ADMIN}:
        return True
    if actor.role is None:
        return False
    seen = contract_summaries.visible_to(actor)
    return contract_summaries.find(reads.connection, contract_id, seen=seen) is not None
