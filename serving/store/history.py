"""Past ruptures by entity: steps (`features.point_in_time.history`), updated by differences."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, tuple_

from features.point_in_time.past_ruptures import AMOUNTS, ENTITIES, ExposureIncrements
from serving.store.tables import history_steps

_COLUMNS = ("entity", "key", "day", *AMOUNTS)
_SUMS = [func.sum(history_steps.c[name]).label(name) for name in AMOUNTS]


def replace_increments(
    connection: Connection, *, before: ExposureIncrements, after: ExposureIncrements
) -> None:
    """Add the difference between the steps of a contract before and after a write."""
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in after.minus(before).rows()]
    if rows:
        connection.execute(insert(history_steps), rows)


def sums_before(
    connection: Connection, keys: Mapping[str, Sequence[str]], *, day: int
) -> list[Any]:
    """(entity, key, at_risk, start_day_sum, ruptures, contracts), summed before a day.

    `keys` holds those of each entity, not so many that a statement could not name them.
    """
    return list(connection.execute(_SUMS_OF_KEYS, {**keys, "before": day}).all())


def all_sums_before(connection: Connection, *, day: int) -> list[Any]:
    """Return the same of every key of every entity."""
    t = history_steps.c
    query = select(t.entity, t.key, *_SUMS).where(t.day < day).group_by(t.entity, t.key)
    return list(connection.execute(query).all())


def compact(connection: Connection) -> None:
    """Sum the rows of one entity and day into one; nothing that is read changes.

    What is summed is what the one statement removed: a row that another transaction commits
    meanwhile is either in both or in neither.
    """
    t = history_steps.c
    by = (t.entity, t.key, t.day)
    crowded = select(*by).group_by(*by).having(func.count() > 1)
    removed = delete(history_steps).where(tuple_(*by).in_(crowded))
    sums: dict[tuple[str, str, int], list[float]] = {}
    for row in connection.execute(removed.returning(*by, *(t[name] for name in AMOUNTS))):
        total = sums.setdefault((row[0], row[1], row[2]), [0.0] * len(AMOUNTS))
        total[:] = [whole + part for whole, part in zip(total, row[3:], strict=True)]
    summed = [
        dict(zip(_COLUMNS, (*key, *amounts), strict=True))
        for key, amounts in sums.items()
        if any(amounts)
    ]
    if summed:
        connection.execute(insert(history_steps), summed)


# Built once: composing it costs more than running it.
_SUMS_OF_KEYS = (
    select(history_steps.c.entity, history_steps.c.key, *_SUMS)
    .where(
        or_(
            *(
                and_(
                    history_steps.c.entity == name,
                    history_steps.c.key.in_(bindparam(name, expanding=True)),
                )
                for name in ENTITIES
            )
        ),
        history_steps.c.day < bindparam("before"),
    )
    .group_by(history_steps.c.entity, history_steps.c.key)
)
