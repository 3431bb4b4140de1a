"""The weekly lists as they were frozen: only ever added to."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from features.programme.records import WEEK_LIST, WeekListRow
from serving.store import locks
from serving.store.locks import LockKind
from serving.store.tables import week_lists


def lock(connection: Connection, advisor_id: str) -> None:
    """Make other writers of an advisor's lists wait for the end of the transaction."""
    locks.lock(connection, LockKind.WEEK_LISTS, advisor_id)


def of_week(connection: Connection, advisor_id: str, *, week: date) -> list[WeekListRow]:
    """Return the lines of an advisor's list of a week, those off it last; [] if not frozen."""
    t = week_lists.c
    query = select(*(t[name] for name in WEEK_LIST.names)).where(
        t.advisor_id == advisor_id, t.week == week
    )
    return [WeekListRow(*row) for row in connection.execute(query.order_by(t.seq))]


def advisors_with(connection: Connection, *, week: date) -> set[str]:
    """Return the advisors whose list of a week is frozen."""
    t = week_lists.c
    query = select(t.advisor_id).where(t.week == week).distinct()
    return set(connection.execute(query).scalars())


def add(connection: Connection, lines: Sequence[WeekListRow], *, recorded_at: datetime) -> None:
    """Add the lines of a list, in its order."""
    rows = [{**line._asdict(), "recorded_at": recorded_at} for line in lines]
    connection.execute(insert(week_lists), rows)
