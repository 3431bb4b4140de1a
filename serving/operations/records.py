"""Keeping a record: the contract is rescored in the same transaction and the audit says so.

Identifiers are the caller's: sending the same record again changes nothing.
"""

from dataclasses import dataclass
from datetime import date

from features.common.errors import BundleError, ConflictError, InputError, NotFoundError
from features.common.json_types import ColumnValues
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.rows import Row, Versions, row_from
from features.records.schema import RecordType
from models.sufficiency import NotAssessed
from serving.actors import Actor, Scope
from serving.context import AppContext
from serving.operations import record_writer
from serving.operations.record_writer import Fault, Refusal
from serving.predictor.scorer import Scorer
from serving.scoring.assessment_writer import Fresh, write_assessments
from serving.scoring.stored_contracts import assess_stored
from serving.store import assessments, audit, contract_summaries, records, suspensions
from serving.store.assessments import StoredAssessment
from serving.store.audit import Action
from serving.store.engine import Connection


@dataclass(frozen=True)
class SavedRecord:
    """What became of a record: whether it was new, and the assessment that follows from it."""

    changed: bool
    assessment: StoredAssessment | None
    why_not: NotAssessed | None = None
    why_not_detail: str | None = None


def keep_contract(context: AppContext, *, actor: Actor, record: ColumnValues) -> SavedRecord:
    """Keep a version of a contract. `record` holds typed values by column name.

    Raises ConflictError when the contract is another person's, InputError for a `known_on` to come.
    """
    return _keep(context, actor=actor, record_type=CONTRACT, record=record)


def keep_interview(context: AppContext, *, actor: Actor, record: ColumnValues) -> SavedRecord:
    """Keep a version of an interview.

    Raises NotFoundError for an unknown contract, ConflictError when it belongs to another contract.
    """
    return _keep(context, actor=actor, record_type=INTERVIEW, record=record)


def keep_event(context: AppContext, *, actor: Actor, record: ColumnValues) -> SavedRecord:
    """Keep a version of an event; raises as `keep_interview`."""
    return _keep(context, actor=actor, record_type=EVENT, record=record)


def keep_outcome(context: AppContext, *, actor: Actor, record: ColumnValues) -> SavedRecord:
    """Keep a version of the end of a contract; raises as `keep_interview`."""
    return _keep(context, actor=actor, record_type=OUTCOME, record=record)


def withdraw_record(
    context: AppContext,
    *,
    actor: Actor,
    record_type: RecordType,
    key: str,
    known_on: date | None = None,
) -> SavedRecord:
    """Store a version that says the record was wrong: from its day on it is neither shown nor used.

    Sending the record again undoes it. Raises NotFoundError for a record that is not stored, or of
    a contract that is not the actor's to write; InputError for a `known_on` to come.
    """
    contract_id: str | None = key
    if record_type.key != CONTRACT.key:
        with context.store.reading() as connection:
            contract_id = records.owners(connection, record_type, [key]).get(key)
    if contract_id is None:
        raise NotFoundError(f"{record_type.name}: expected a record that is stored, got another id")
    record = {record_type.key: key, "contract_id": contract_id, "withdrawn": True}
    return _keep(
        context, actor=actor, record_type=record_type, record={**record, "known_on": known_on}
    )


def restore_record(
    context: AppContext, *, actor: Actor, record_type: RecordType, key: str
) -> SavedRecord:
    """Store a version that undoes a withdrawal: what the record last said holds again.

    One that is not withdrawn is left as it is. Raises NotFoundError as `withdraw_record`.
    """
    with context.store.reading() as connection:
        found = records.stored_versions(connection, record_type, key)
    if not found:
        raise NotFoundError(f"{record_type.name}: expected a record that is stored, got another id")
    record = {**found[-1].row._asdict(), "withdrawn": False, "known_on": None}
    return _keep(context, actor=actor, record_type=record_type, record=record)


def _keep(
    context: AppContext, *, actor: Actor, record_type: RecordType, record: ColumnValues
) -> SavedRecord:
    contract_id = record["contract_id"]
    with context.store.writing() as connection:
        sent = _only(record_type, row_from(record_type, {**record, "known_on": context.today}))
        record_writer.lock(connection, sent)
        known = contract_summaries.find(connection, contract_id) is not None
        _check_may_write(connection, actor, record_type, contract_id, known=known)
        before = records.versions(connection, [contract_id])
        row = _dated(record_type, record, before, today=context.today)
        written = record_writer.write_versions(
            connection, context, actor=actor, incoming=_only(record_type, row), before=before
        )
        for refusal in written.refused:
            raise _error_of(refusal)
        if not len(written.added):
            return _as_it_stands(connection, contract_id)
        verb = "withdraw" if row.withdrawn else "keep"
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action(f"{verb}_{record_type.name.removesuffix('s')}"),
            subject=f"contract:{contract_id}",
            details={"version": len(written.after.of(record_type))},
        )
        return _rescored(connection, context, written.after)


def _only(record_type: RecordType, row: Row) -> Versions:
    return Versions.by_type({record_type.name: [row]})


def _dated(record_type: RecordType, record: ColumnValues, before: Versions, *, today: date) -> Row:
    """Return the row of what was sent; without `known_on` it became known today.

    Unless the version in force says all of it already: then it is that one, sent again.
    """
    row: Row = row_from(record_type, {**record, "known_on": record.get("known_on") or today})
    if record.get("known_on") is None:
        key = getattr(row, record_type.key)
        of_key = [v for v in before.of(record_type) if getattr(v, record_type.key) == key]
        if of_key and record_writer.says_again(row, of_key[-1]._replace(known_on=today)):
            return of_key[-1]
    return row


def _error_of(refusal: Refusal) -> InputError | ConflictError | NotFoundError:
    name, column = refusal.record_type.name, refusal.column
    match refusal.fault:
        case Fault.KNOWN_AFTER_TODAY:
            return InputError(f"{name}.known_on: expected a day until today, got a later one")
        case Fault.KNOWN_BEFORE_HAPPENED:
            return InputError(f"{name}.{column}: expected a day until known_on, got a later one")
        case Fault.NOTHING_TO_WITHDRAW:
            return NotFoundError(f"{name}: expected a record that is stored, got another id")
        case Fault.UNKNOWN_CONTRACT:
            return NotFoundError(f"{name}: expected a contract that is stored, got another id")
        case Fault.OTHER_OWNER:
            return ConflictError(
                f"{name}: expected the {column} of the versions already stored, got another one"
            )


def _assess(
    connection: Connection, context: AppContext, *, scorer: Scorer, versions: Versions
) -> StoredAssessment | None:
    """Assess a stored contract for tomorrow's morning and return its assessment in force."""
    contract_id = versions.contracts[-1].contract_id
    summary = contract_summaries.find(connection, contract_id)
    since = summary and summary.not_transmitted_since
    (assessment,) = assess_stored(
        connection,
        versions,
        scorer=scorer,
        contract_ids=[contract_id],
        as_of=context.next_morning,
        not_transmitted={contract_id: since} if since else None,
    )
    previous = assessments.latest(connection, contract_id)
    fresh = Fresh(
        assessment,
        previous,
        records_seq=len(versions),
        history_seq=records.history_seq(connection),
    )
    (stored,) = write_assessments(connection, context, scorer=scorer, fresh=[fresh])
    return stored or previous


def _rescored(connection: Connection, context: AppContext, versions: Versions) -> SavedRecord:
    """A record is stored even when no score can be made of it now."""
    suspension = suspensions.current(connection)
    if suspension is not None:
        return SavedRecord(True, None, NotAssessed.SUSPENDED, suspension.why)
    try:
        scorer = context.model.current()
    except BundleError:
        return SavedRecord(True, None, NotAssessed.NO_MODEL)
    return SavedRecord(True, _assess(connection, context, scorer=scorer, versions=versions))


def _as_it_stands(connection: Connection, contract_id: str) -> SavedRecord:
    suspension = suspensions.current(connection)
    if suspension is not None:
        return SavedRecord(False, None, NotAssessed.SUSPENDED, suspension.why)
    found = assessments.latest(connection, contract_id)
    return SavedRecord(False, found, None if found else NotAssessed.NO_MODEL)


def _check_may_write(
    connection: Connection, actor: Actor, record_type: RecordType, contract_id: str, *, known: bool
) -> None:
    """A contract that is absent and one of somebody else are reported alike."""
    machine = actor.is_command or actor.scopes & {Scope.RECORDS_WRITE, Scope.ADMIN}
    if machine and (known or record_type is CONTRACT):
        return
    seen = contract_summaries.visible_to(actor)
    if machine or contract_summaries.find(connection, contract_id, seen=seen) is None:
        raise NotFoundError(
            f"{record_type.name}: expected a contract that is stored, got another id"
        )
