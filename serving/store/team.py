"""What a coordinator's page is read from: what was recorded, what was expected, how it ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, select

from features.records.declarations import CONTRACT, OUTCOME
from features.records.rows import ContractRow, OutcomeRow, in_force
from serving.store.contract_summaries import Seen
from serving.store.records import of_type
from serving.store.tables import assessments, contract_summaries, events, interviews, outcomes

Counts = dict[str, dict[str, int]]


class Expected(NamedTuple):
    """A contract that ran on a morning, with the risk in force then."""

    contract_id: str
    risk: float


def first_morning(connection: Connection, *, seen: Seen) -> date | None:
    """Return the first morning a contract of `seen` was assessed for."""
    t = assessments.c
    of_seen = select(func.min(t.as_of)).join(
        contract_summaries, contract_summaries.c.contract_id == t.contract_id
    )
    found: date | None = connection.execute(of_seen.where(seen)).scalar()
    return found


def expected_on(connection: Connection, *, seen: Seen, morning: date) -> list[Expected]:
    """Return the contracts of `seen` that ran on a morning, with the risk in force.

    In force is the last assessment made for that morning or an earlier one, unless it was to be
    read again before. A contract without one, or that it did not assess, is left out.
    """
    t, place = assessments.c, contract_summaries.c
    runs = (place.started_on <= morning) & (place.planned_end_on > morning)
    runs &= place.ended_on.is_(None) | (place.ended_on >= morning)
    runs &= place.withdrawn.is_(False)
    last = (
        select(func.max(t.id))
        .join(contract_summaries, place.contract_id == t.contract_id)
        .where(seen, runs, t.as_of <= morning)
        .group_by(t.contract_id)
    )
    in_force = t.id.in_(last) & (t.valid_until >= morning) & t.risk.is_not(None)
    query = select(t.contract_id, t.risk).where(in_force)
    return [Expected(*row) for row in connection.execute(query)]


def ends_of(
    connection: Connection, ids: Sequence[str]
) -> tuple[list[ContractRow], list[OutcomeRow]]:
    """Contracts and declared ends in force, aligned, of these contracts that have an end."""
    ended = in_force(of_type(connection, OUTCOME, ids), OUTCOME.key)
    known = in_force(
        of_type(connection, CONTRACT, [row.contract_id for row in ended]), CONTRACT.key
    )
    by_id = {row.contract_id: row for row in known}
    both = [row for row in ended if row.contract_id in by_id]
    return [by_id[row.contract_id] for row in both], both


def recorded_since(connection: Connection, *, seen: Seen, since: date) -> Counts:
    """By advisor: interviews, events, support actions and outcomes learnt since a day.

    A record that was corrected counts once.
    """
    of_event = case((events.c.kind == "support_action", "support"), else_="events")
    queries = (
        _learnt(interviews.c.interview_id, literal("interviews"), seen, since),
        _learnt(events.c.event_id, of_event, seen, since),
        _learnt(outcomes.c.contract_id, literal("outcomes"), seen, since),
    )
    counts: Counts = {}
    for query in queries:
        for advisor_id, name, count in connection.execute(query):
            counts.setdefault(advisor_id, {})[name] = count
    return counts


def _learnt(key: Any, name: ColumnElement[str], seen: Seen, since: date) -> Select[Any]:
    table, advisor = key.table, contract_summaries.c.advisor_id
    called = name.label("name")
    return (
        select(advisor, called, func.count(key.distinct()))
        .join(contract_summaries, contract_summaries.c.contract_id == table.c.contract_id)
        .where(seen, advisor.is_not(None), table.c.known_on >= since)
        .group_by(advisor, called)
    )
