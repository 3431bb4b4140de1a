"""Failed sign-ins, by keyed hash of what was typed and where from; shared by every worker."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from serving.store.tables import sign_in_failures


def lock(connection: Connection, subject: str) -> None:
    """Let one attempt on a subject be counted at a time, until the transaction ends.

    SQLite has one writer at a time anyway. Without this, a burst would be counted by nobody.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))


def failures(
    connection: Connection, subject: str, *, since: datetime
) -> tuple[int, datetime | None]:
    """Return how many failures since a moment, and when the last one was."""
    t = sign_in_failures.c
    query = select(func.count(), func.max(t.at)).where(t.subject == subject, t.at > since)
    count, last = connection.execute(query).one()
    return int(count), last


def add(connection: Connection, subject: str, *, now: datetime) -> int:
    """Count a failure and answer its row."""
    added = insert(sign_in_failures).returning(sign_in_failures.c.id)
    return int(connection.execute(added, {"subject": subject, "at": now}).scalar_one())


def clear(connection: Connection, *subjects: str) -> None:
    """Forget every failure of some subjects."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.subject.in_(subjects)))


def take_back(connection: Connection, row: int) -> None:
    """Forget one failure."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.id == row))


def purge(connection: Connection, *, before: datetime) -> None:
    """Forget what is too old to count."""
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.at <= before))
