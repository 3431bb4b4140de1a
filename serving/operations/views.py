"""Who saw a case, and who read a record: lines of the audit."""

from datetime import timedelta

from features.common.errors import NotFoundError
from features.records.schema import RecordType
from serving.actors import Actor
from serving.context import AppContext
from serving.store import audit, contract_summaries, records
from serving.store.audit import Action

ONCE_IN = timedelta(hours=1)
ACTION = Action.VIEW_CASE


def record_view(context: AppContext, *, actor: Actor, contract_id: str) -> bool:
    """Keep that the actor was shown a case and return whether a line was added.

    Loading a page again within the hour adds nothing, and then nothing is written at all. Call it
    before showing: raises NotFoundError for a contract the actor may not see, StoreError when the
    line cannot be written, and then the case is not to be shown.
    """
    since, subject = context.now() - ONCE_IN, f"contract:{contract_id}"
    with context.store.reading() as connection:
        seen = contract_summaries.visible_to(actor)
        if contract_summaries.find(connection, contract_id, seen=seen) is None:
            raise NotFoundError("contract: expected one that is yours to see, got another id")
        if audit.was_written(
            connection, actor=actor.name, action=ACTION, subject=subject, since=since
        ):
            return False
    with context.audited(actor, ACTION, subject=subject) as write:
        records.lock_contract(write.connection, contract_id)  # two pages at once add one line
        if audit.was_written(
            write.connection, actor=actor.name, action=ACTION, subject=subject, since=since
        ):
            write.did_nothing()
        return write.happened


def record_reading(
    context: AppContext, *, actor: Actor, record_type: RecordType, contract_id: str, versions: int
) -> None:
    """Write in the audit that the versions of a record were read, each time."""
    with context.audited(actor, Action.READ_RECORD, subject=f"contract:{contract_id}") as write:
        write.details = {"record": record_type.name, "versions": versions}
