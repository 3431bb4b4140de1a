"""Keeping a record: the contract is rescored in the same transaction and the audit says so.

Identifiers are the caller's: sending the same record again changes nothing.
"""

from dataclasses import dataclass
from datetime import date

from features.common.errors import BundleError, ConflictError, InputError, NotFoundError
from features.point_in_time.exposure import ExposureIncrements, increments_of
from features.point_in_time.record_arrays import RecordArrays
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import RecordType
from serving.actors import Actor, Scope
from serving.context import AppContext
from serving.predictor.scorer import Scorer
from serving.scoring.stored import ENDED, assess_contract, store_assessment, without_score
from serving.store import assessments, audit, contract_summaries, history, records, suspensions
from serving.store.assessments import StoredAssessment
from serving.store.engine import Connection
from serving.store.records import Row, Versions


@dataclass(frozen=True)
class Kept:
    """What became of a record: whether it was new, and the assessment that follows from it."""

    changed: bool
    assessment: StoredAssessment | None
    why_no_assessment: str | None = None


def keep_contract(context: AppContext, *, actor: Actor, record: Row) -> Kept:
    """Keep a version of a contract. `record` holds typed values by column name.

    Raises ConflictError when the contract is another person's, InputError for a `known_on` to come.
    """
    return _keep(context, actor=actor, record_type=CONTRACT, record=record)


def keep_interview(context: AppContext, *, actor: Actor, record: Row) -> Kept:
    """Keep a version of an interview.

    Raises NotFoundError for an unknown contract, ConflictError when it belongs to another contract.
    """
    return _keep(context, actor=actor, record_type=INTERVIEW, record=record)


def keep_event(context: AppContext, *, actor: Actor, record: Row) -> Kept:
    """Keep a version of an event; raises as `keep_interview`."""
    return _keep(context, actor=actor, record_type=EVENT, record=record)


def keep_outcome(context: AppContext, *, actor: Actor, record: Row) -> Kept:
    """Keep a version of the end of a contract; raises as `keep_interview`."""
    return _keep(context, actor=actor, record_type=OUTCOME, record=record)


def _keep(context: AppContext, *, actor: Actor, record_type: RecordType, record: Row) -> Kept:
    contract_id = record["contract_id"]
    with context.store.writing() as connection:
        records.lock(connection, [contract_id], [(record_type, record[record_type.key])])
        contract_summary = contract_summaries.find(connection, contract_id)
        _check_may_write(
            connection, actor, record_type, contract_id, known=contract_summary is not None
        )
        versions = records.versions_of(connection, contract_id)
        _check_anchor(connection, record_type, record, versions)
        row = _completed(record_type, record, today=context.today)
        if _is_repeat(record_type, record, row, versions[record_type.name]):
            return _as_it_stands(connection, contract_id)
        versions = _add(connection, context, actor, record_type, row, versions)
        contract_summaries.save(
            connection,
            contract_id,
            contract_summaries.summary(versions),
            new=contract_summary is None,
        )
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=f"keep_{record_type.name.removesuffix('s')}",
            subject=f"contract:{contract_id}",
            details={"version": len(versions[record_type.name])},
        )
        return _rescored(connection, context, versions)


def _add(
    connection: Connection,
    context: AppContext,
    actor: Actor,
    record_type: RecordType,
    row: Row,
    versions: Versions,
) -> Versions:
    """Add the version and what it changes for other contracts and return all versions."""
    records.add(connection, record_type, [row], recorded_at=context.now(), recorded_by=actor.name)
    of_type = sorted([*versions[record_type.name], row], key=lambda version: version["known_on"])
    after = {**versions, record_type.name: of_type}
    if record_type in (CONTRACT, OUTCOME):
        history.replace_increments(
            connection, before=_increments(versions), after=_increments(after)
        )
    return after


def _increments(versions: Versions) -> ExposureIncrements:
    return increments_of(
        RecordArrays.of_rows(versions["contracts"], CONTRACT),
        RecordArrays.of_rows(versions["outcomes"], OUTCOME),
    )


def rescore_kept(
    connection: Connection, context: AppContext, *, scorer: Scorer, versions: Versions
) -> StoredAssessment:
    """Assess a kept contract for tomorrow's morning and keep the assessment."""
    contract_id = versions["contracts"][-1]["contract_id"]
    assessment = assess_contract(
        connection, scorer=scorer, versions=versions, as_of=context.next_morning
    )
    if versions["outcomes"]:
        assessment = without_score(assessment, ENDED)
    stored = store_assessment(
        connection,
        scorer=scorer,
        assessment=assessment,
        previous=assessments.latest(connection, contract_id),
        now=context.now(),
        valid_days=context.settings.valid_days,
    )
    seen = {
        "key": contract_id,
        "scored_seq": sum(len(rows) for rows in versions.values()),
        "history_seq": records.history_seq(connection),
    }
    contract_summaries.save_scores(connection, [seen])
    return stored


def _rescored(connection: Connection, context: AppContext, versions: Versions) -> Kept:
    """A record is stored even when no score can be made of it now."""
    suspension = suspensions.current(connection)
    if suspension is not None:
        return Kept(True, None, suspension.told)
    try:
        scorer = context.model.current()
    except BundleError:
        return Kept(True, None, "non évalué : aucun modèle en service")
    return Kept(True, rescore_kept(connection, context, scorer=scorer, versions=versions))


def _as_it_stands(connection: Connection, contract_id: str) -> Kept:
    suspension = suspensions.current(connection)
    if suspension is not None:
        return Kept(False, None, suspension.told)
    found = assessments.latest(connection, contract_id)
    return Kept(False, found, None if found else "non évalué : aucun modèle en service")


def _check_may_write(
    connection: Connection, actor: Actor, record_type: RecordType, contract_id: str, *, known: bool
) -> None:
    """A contract that is absent and one of somebody else are told alike."""
    machine = actor.is_command or actor.scopes & {Scope.RECORDS_WRITE, Scope.ADMIN}
    if machine and (known or record_type is CONTRACT):
        return
    seen = contract_summaries.visible_to(actor)
    if machine or contract_summaries.find(connection, contract_id, seen=seen) is None:
        raise NotFoundError(f"{record_type.name}: expected a contract that is kept, got another id")


def _check_anchor(
    connection: Connection, record_type: RecordType, record: Row, versions: Versions
) -> None:
    """A record never changes hands: an interview its contract, a contract its person."""
    if record_type in (INTERVIEW, EVENT):
        owner = records.contract_of(connection, record_type, record[record_type.key])
        if owner is not None and owner != record["contract_id"]:
            raise ConflictError(
                f"{record_type.name}: expected an id of its own, got one of another contract"
            )
    kept = versions["contracts"]
    if record_type is CONTRACT and kept and kept[-1]["person_id"] != record["person_id"]:
        raise ConflictError(
            "contracts: expected the person of the versions already kept, got another person_id"
        )


def _completed(record_type: RecordType, record: Row, *, today: date) -> Row:
    """Return the row to keep: what is not told is missing, and `known_on` is today unless told."""
    row: Row = {name: record.get(name) for name in record_type.names}
    known_on: date = record.get("known_on") or today
    if known_on > today:
        raise InputError(
            f"{record_type.name}.known_on: expected a day until today, got a later one"
        )
    happened = record_type.happened
    if happened and row[happened] > known_on:
        raise InputError(
            f"{record_type.name}.{happened}: expected a day until known_on, got a later one"
        )
    return {**row, "known_on": known_on}


def _is_repeat(record_type: RecordType, record: Row, row: Row, kept: list[Row]) -> bool:
    """Return whether the store already says this.

    In the version in force, or in one of that very day.
    """
    same_key = [version for version in kept if version[record_type.key] == row[record_type.key]]
    names = [name for name in record_type.names if name != "known_on"]

    def says_the_same(version: Row) -> bool:
        return all(version[name] == row[name] for name in names)

    if not same_key:
        return False
    if record.get("known_on") is None:
        return says_the_same(same_key[-1])
    of_that_day = [v for v in same_key if v["known_on"] == row["known_on"]]
    return bool(of_that_day) and says_the_same(of_that_day[-1])
