"""Who was shown a case (a line an hour for each person and contract), and who read a record."""

from datetime import datetime, timedelta

from features.common.errors import NotFoundError
from features.records.schema import RecordType
from serving.actors import Actor
from serving.context import AppContext, ReadSession
from serving.store import audit, contract_summaries, records
from serving.store.audit import Action
from serving.store.engine import Connection

ONCE_IN = timedelta(hours=1)
ACTION = Action.VIEW_CASE


def is_view_due(reads: ReadSession, *, contract_id: str) -> bool:
    """Return whether showing a case now is worth a line: there was none within the hour."""
    return not _was_recorded(reads.connection, reads.actor, contract_id, now=reads.context.now())


def record_view(context: AppContext, *, actor: Actor, contract_id: str) -> bool:
    """Record that the actor is shown a case and return whether a line was added.

    Call it before showing: raises NotFoundError for a contract the actor may not see, StoreError
    when the line cannot be written, and then the case is not to be shown.
    """
    with context.audited(actor, ACTION, subject=f"contract:{contract_id}") as write:
        connection = write.connection
        records.lock_contract(connection, contract_id)  # two pages at once add one line
        seen = contract_summaries.visible_to(actor)
        if contract_summaries.find(connection, contract_id, seen=seen) is None:
            raise NotFoundError("contract: expected one that is yours to see, got another id")
        if _was_recorded(connection, actor, contract_id, now=context.now()):
            write.did_nothing()
        return write.happened


def record_reading(
    context: AppContext, *, actor: Actor, record_type: RecordType, contract_id: str, versions: int
) -> None:
    """Write in the audit that the versions of a record were read, each time."""
    with context.audited(actor, Action.READ_RECORD, subject=f"contract:{contract_id}") as write:
        write.details = {"record": record_type.name, "versions": versions}


def _was_recorded(connection: Connection, actor: Actor, contract_id: str, *, now: datetime) -> bool:
    return audit.was_written(
        connection,
        actor=actor.name,
        action=ACTION,
        subject=f"contract:{contract_id}",
        since=now - ONCE_IN,
    )
