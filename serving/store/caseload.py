"""What a list of contracts shows beside their summaries: one query per table for the whole list."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from serving.store import assessments as stored_assessments
from serving.store import contract_summaries as places
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary, Seen
from serving.store.tables import assessments, contract_summaries, contracts, feedback


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


def of_persons(
    connection: Connection, person_ids: Collection[str]
) -> dict[str, list[ContractSummary]]:
    """Return every contract of some persons that was not withdrawn, by person, whosever it is."""
    t = contract_summaries.c
    found: dict[str, list[ContractSummary]] = {one: [] for one in person_ids}
    for one in places.where(connection, t.person_id.in_(person_ids) & t.withdrawn.is_(False)):
        found[one.person_id].append(one)
    return found


def employers_over_time(
    connection: Connection, ids: Sequence[str]
) -> dict[str, list[tuple[date, str]]]:
    """Return the day known and the employer's SIRET of each version of contracts, oldest first."""
    t = contracts.c
    some = t.contract_id.in_(ids) & t.employer_siret.is_not(None) & t.withdrawn.is_(False)
    query = select(t.contract_id, t.known_on, t.employer_siret).where(some)
    found: dict[str, list[tuple[date, str]]] = {}
    for contract_id, day, siret in connection.execute(query.order_by(t.known_on, t.seq)):
        found.setdefault(contract_id, []).append((day, siret))
    return found


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
