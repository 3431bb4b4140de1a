"""The weekly lists as they were frozen: only ever added to."""

from collections.abc import Sequence
from datetime import date, datetime
from zlib import crc32

from sqlalchemy import Connection, insert, select, text

from features.programme.records import WEEK_LIST, WeekListRow
from serving.store.tables import week_lists

LOCK_KIND = 3  # 0 to 2 are those of contracts, records and programmes
_LOCK = text("SELECT pg_advisory_xact_lock(:kind, :number)")


def lock(connection: Connection, advisor_id: str) -> None:
    """Make other writers of an advisor's lists wait; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        number = crc32(advisor_id.encode()) % 2**31
        connection.execute(_LOCK, {"kind": LOCK_KIND, "number": number})


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
