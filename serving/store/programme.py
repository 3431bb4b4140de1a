"""Enrolments and follow-ups by version; plans as frozen; the log of the draws."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from features.common.json_types import JsonObject
from features.programme.draw import Assignment
from features.programme.records import ENROLMENT, FOLLOW_UP, EnrolmentRow, FollowUpRow
from features.records.schema import RecordType
from serving.store import contract_summaries as summaries
from serving.store import locks
from serving.store.contract_summaries import ContractSummary, Seen
from serving.store.locks import LockKind
from serving.store.tables import (
    contract_summaries,
    draws,
    enrolments,
    follow_ups,
    programme_plans,
)

OFF_LISTS = ("drawn", "comparison")


@dataclass(frozen=True)
class FrozenPlan:
    """A plan as it was at its first draw, with the seed of its draws."""

    id: int
    programme: str
    version: str
    plan_hash: str
    plan: JsonObject
    seed: str = field(repr=False)
    commitment: str
    frozen_at: datetime
    closed_at: datetime | None


def lock(connection: Connection, programme: str) -> None:
    """Make other writers of a programme wait for the end of the transaction."""
    locks.lock(connection, LockKind.PROGRAMME, programme)


def enrolments_in_force(
    connection: Connection, *, programme: str | None = None, person_id: str | None = None
) -> list[EnrolmentRow]:
    """Return the last version of each enrolment, in the order they were first stored."""
    query = select(*_declared(ENROLMENT, enrolments)).order_by(enrolments.c.seq)
    if programme is not None:
        query = query.where(enrolments.c.programme == programme)
    if person_id is not None:
        query = query.where(enrolments.c.person_id == person_id)
    rows = [EnrolmentRow._make(row) for row in connection.execute(query)]
    return list({row.enrolment_id: row for row in rows}.values())


def persons_off_lists(connection: Connection) -> set[str]:
    """Return who was drawn to be compared in a programme that keeps them off advisors' lists."""
    compared = [
        row for row in enrolments_in_force(connection) if (row.status, row.arm) == OFF_LISTS
    ]
    listed = {
        code: plans(connection, code)[-1].plan["arms"].get("comparison_on_lists", False)
        for code in {row.programme for row in compared}
    }
    return {row.person_id for row in compared if not listed[row.programme]}


def follow_ups_in_force(
    connection: Connection, *, person_id: str | None = None
) -> list[FollowUpRow]:
    """Return the last version of each follow-up, in the order they were first stored."""
    query = select(*_declared(FOLLOW_UP, follow_ups)).order_by(follow_ups.c.seq)
    if person_id is not None:
        query = query.where(follow_ups.c.person_id == person_id)
    rows = [FollowUpRow._make(row) for row in connection.execute(query)]
    return list({row.follow_up_id: row for row in rows}.values())


def add_enrolment(
    connection: Connection, row: EnrolmentRow, *, recorded_at: datetime, recorded_by: str
) -> None:
    """Add a version of an enrolment."""
    recorded = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    connection.execute(insert(enrolments), row._asdict() | recorded)


def add_follow_up(
    connection: Connection, row: FollowUpRow, *, recorded_at: datetime, recorded_by: str
) -> None:
    """Add a version of a follow-up."""
    recorded = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    connection.execute(insert(follow_ups), row._asdict() | recorded)


def plans(connection: Connection, programme: str) -> list[FrozenPlan]:
    """Return the plans of a programme under which somebody was drawn, the latest last."""
    query = select(programme_plans).where(programme_plans.c.programme == programme)
    rows = connection.execute(query.order_by(programme_plans.c.id))
    return [FrozenPlan(*row) for row in rows]


def freeze_plan(connection: Connection, *, now: datetime, **values: Any) -> None:
    """Store a plan (programme, version, plan_hash, plan, seed, commitment) for its first draw."""
    connection.execute(insert(programme_plans), {**values, "frozen_at": now, "closed_at": None})


def close_plans(connection: Connection, programme: str, *, now: datetime) -> int:
    """Close every open plan of a programme and return how many there were."""
    t = programme_plans.c
    still_open = update(programme_plans).where(t.programme == programme, t.closed_at.is_(None))
    return connection.execute(still_open.values(closed_at=now)).rowcount


def draw_log(connection: Connection, programme: str) -> list[Assignment]:
    """Return the log of a programme's draws, in the order of the draws."""
    names = ("person_id", "contract_id", "stratum", "position", "arm", "drawn_on", "plan_hash")
    query = select(*(draws.c[name] for name in names)).where(draws.c.programme == programme)
    return [Assignment(*row) for row in connection.execute(query.order_by(draws.c.id))]


def add_draw(
    connection: Connection,
    line: Assignment,
    *,
    programme: str,
    recorded_at: datetime,
    recorded_by: str,
) -> None:
    """Add a line to the log."""
    recorded = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    connection.execute(insert(draws), {**vars(line), "programme": programme, **recorded})


def known_contracts(
    connection: Connection, *, seen: Seen, before: date, person_id: str | None = None
) -> list[str]:
    """Return the contracts known before a morning that satisfy `seen`, by id."""
    known = seen & (contract_summaries.c.known_on < before)
    if person_id is not None:
        known &= contract_summaries.c.person_id == person_id
    return [summary.contract_id for summary in summaries.where(connection, known)]


def summaries_of_drawn(connection: Connection, *, seen: Seen) -> dict[str, ContractSummary]:
    """Return where the contracts of those who were drawn stand, of those that satisfy `seen`."""
    drawn = select(enrolments.c.contract_id).where(enrolments.c.drawn_on.is_not(None))
    some = seen & contract_summaries.c.contract_id.in_(drawn)
    found = summaries.where(connection, some & contract_summaries.c.withdrawn.is_(False))
    return {summary.contract_id: summary for summary in found}


def _declared(record_type: RecordType, table: Table) -> list[Any]:
    return [table.c[name] for name in record_type.names]
