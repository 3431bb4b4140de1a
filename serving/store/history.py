"""Past ruptures by entity: the steps of `features.history`, kept up to date by differences."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select

from features.steps import AMOUNTS, Steps
from serving.store.tables import history_steps

_COLUMNS = ("entity", "key", "day", *AMOUNTS)
_SUMS = [func.sum(history_steps.c[name]).label(name) for name in AMOUNTS]


def replace_steps(connection: Connection, *, before: Steps, after: Steps) -> None:
    """Add the difference between the steps of a contract before and after a write."""
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in after.minus(before).rows()]
    if rows:
        connection.execute(insert(history_steps), rows)


def sums_before(connection: Connection, keys: Iterable[tuple[str, str]], *, day: int) -> list[Any]:
    """(entity, key, weight, moment, ruptures, contracts) of some keys, summed before a day."""
    t = history_steps.c
    wanted = or_(*(and_(t.entity == entity, t.key == key) for entity, key in keys))
    query = select(t.entity, t.key, *_SUMS).where(wanted, t.day < day).group_by(t.entity, t.key)
    return list(connection.execute(query).all())


def all_sums_before(connection: Connection, *, day: int) -> list[Any]:
    """The same of every key of every entity."""
    t = history_steps.c
    query = select(t.entity, t.key, *_SUMS).where(t.day < day).group_by(t.entity, t.key)
    return list(connection.execute(query).all())


def compact(connection: Connection) -> None:
    """Sum the rows of one entity and day into one; nothing that is read changes."""
    t = history_steps.c
    by = (t.entity, t.key, t.day)
    crowded = select(*by).group_by(*by).having(func.count() > 1).subquery()
    # Only what this statement sees is summed and removed: rows added meanwhile stay.
    last = connection.execute(select(func.max(t.id))).scalar() or 0
    together = (
        select(*by, *_SUMS)
        .join(crowded, and_(*(column == crowded.c[column.name] for column in by)))
        .where(t.id <= last)
        .group_by(*by)
    )
    rows = [dict(row._mapping) for row in connection.execute(together)]
    for row in rows:
        connection.execute(
            delete(history_steps).where(
                t.entity == row["entity"], t.key == row["key"], t.day == row["day"], t.id <= last
            )
        )
    kept = [row for row in rows if any(row[name] for name in AMOUNTS)]
    if kept:
        connection.execute(insert(history_steps), kept)
