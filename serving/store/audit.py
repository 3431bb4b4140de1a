"""The audit: one line for everything that was written or shown, never changed afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

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
    """Add a line. `details` hold counts, versions and codes; nothing personal ever."""
    connection.execute(
        insert(audit),
        {"at": at, "actor": actor, "action": action, "subject": subject, "details": details or {}},
    )


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
