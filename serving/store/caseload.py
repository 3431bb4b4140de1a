"""What a list of contracts shows beside their summaries: one query per table for the whole list."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from serving.store import assessments as stored_assessments
from serving.store import contract_summaries as places
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary, Seen
from serving.store.tables import assessments, contracts, feedback


class ContractFacts(NamedTuple):
    """What lists show of the version in force of a contract."""

    trial_end_on: date | None
    level_prepared: float | None
    training_rncp: str | None
    employer_headcount: float | None
    kind: str
    form: str | None


def open_summaries(connection: Connection, *, seen: Seen, morning: date) -> list[ContractSummary]:
    """Return the open contracts among those that satisfy `seen`."""
    return places.where(connection, seen & places.running_on(morning))


def contract_facts(connection: Connection, ids: Sequence[str]) -> dict[str, ContractFacts]:
    """Return what lists show of the version in force of each contract."""
    columns = [contracts.c[name] for name in ("contract_id", *ContractFacts._fields)]
    query = select(*columns).where(contracts.c.contract_id.in_(ids))
    rows = connection.execute(query.order_by(contracts.c.known_on, contracts.c.seq))
    return {contract_id: ContractFacts(*facts) for contract_id, *facts in rows}  # the last counts


def latest_assessments(
    connection: Connection, cases: Sequence[ContractSummary]
) -> dict[str, StoredAssessment]:
    """Return the assessment in force of each contract that has one, without its contributions."""
    numbers = [case.assessment_id for case in cases if case.assessment_id is not None]
    return {a.contract_id: a for a in stored_assessments.shown(connection, numbers).values()}


def risks_since(
    connection: Connection, ids: Sequence[str], *, since: date
) -> dict[str, list[tuple[date, float]]]:
    """Return the risks of each contract from a day on, oldest first; the last of a day counts."""
    t = assessments.c
    query = (
        select(t.contract_id, t.as_of, t.risk)
        .where(t.contract_id.in_(ids), t.as_of >= since, t.risk.is_not(None))
        .order_by(t.id)
    )
    days: dict[str, dict[date, float]] = {}
    for contract_id, day, risk in connection.execute(query):
        days.setdefault(contract_id, {})[day] = risk
    return {name: sorted(risks.items()) for name, risks in days.items()}


def snoozes(connection: Connection, ids: Sequence[str]) -> dict[str, date]:
    """Until when each contract was set aside, by the last answer that did so."""
    t = feedback.c
    last = (select(func.max(t.id)).where(t.contract_id.in_(ids), t.kind == "snooze")).group_by(
        t.contract_id
    )
    query = select(t.contract_id, t.until).where(t.id.in_(last))
    return {row[0]: row[1] for row in connection.execute(query) if row[1] is not None}
