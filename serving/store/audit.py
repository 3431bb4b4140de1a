"""The audit: one line for everything that was written or shown, never changed afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select
from sqlalchemy.exc import DBAPIError

from features.common.errors import StoreError
from serving.store.tables import audit


def write(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line. `details` hold counts, versions and codes; nothing personal ever.

    Raises StoreError when the line is refused: what it tells of must not happen then.
    """
    write_all(connection, at=at, actors=[actor], action=action, subject=subject, details=details)


def write_all(
    connection: Connection,
    *,
    at: datetime,
    actors: Sequence[str],
    action: str,
    subject: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line for each of some actors who did the same; raises as `write`."""
    line = {"at": at, "action": action, "subject": subject, "details": details or {}}
    try:
        connection.execute(_ADD, [{**line, "actor": actor} for actor in actors])
    except DBAPIError as error:
        raise StoreError("audit: expected its line to be kept, got a refusal; try again") from error


def is_told(
    connection: Connection, *, actor: str, action: str, subject: str, since: datetime
) -> bool:
    """Return whether the actor did this to the subject after `since`."""
    t = audit.c
    query = select(t.id).where(
        t.subject == subject, t.actor == actor, t.action == action, t.at > since
    )
    return connection.execute(query.limit(1)).first() is not None


def search(
    connection: Connection,
    *,
    subject: str | None = None,
    actor: str | None = None,
    action: str | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[RowMapping]:
    """Lines that match, the latest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    for column, value in ((audit.c.subject, subject), (audit.c.actor, actor)):
        if value:
            query = query.where(column == value)
    if action:
        query = query.where(audit.c.action == action)
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    return list(connection.execute(query).mappings())


_ADD = insert(audit)  # built once: it is part of every operation
