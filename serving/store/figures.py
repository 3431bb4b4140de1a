"""Counts of the store to watch it by."""

from sqlalchemy import Connection, func, select

from serving.store.tables import contract_summaries


def open_by_level(connection: Connection) -> dict[str, int]:
    """Contracts without a known end by the level of their last assessment; `none` without one."""
    t = contract_summaries.c
    level = func.coalesce(t.level, "none")
    query = select(level, func.count()).where(t.ended_on.is_(None), ~t.withdrawn).group_by(level)
    return {str(name): int(count) for name, count in connection.execute(query)}
