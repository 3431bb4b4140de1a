"""Messages that wait to be delivered: written with what they describe, sent afterwards.

A message is claimed for a while (a lease); who does not come back in time loses the claim, and it
is sent again under the same id. So a receiver gets every message at least once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from features.common.json_types import JsonObject
from serving.store.tables import outbox, webhook_endpoints

LEVEL_CHANGED = "assessment.level_changed"
_WAITING = and_(outbox.c.delivered_at.is_(None), outbox.c.dead_at.is_(None))


@dataclass(frozen=True)
class Message:
    """A claimed message and where it goes; `attempts` counts the one under way."""

    id: int
    message_id: str
    topic: str
    payload: JsonObject = field(repr=False)
    created_at: datetime
    attempts: int
    endpoint_id: int
    url: str
    secret: str = field(repr=False)
    last_error: str | None = None


@dataclass(frozen=True)
class Depth:
    """How many messages wait, and how many were given up."""

    waiting: int
    dead: int


def enqueue(
    connection: Connection, payloads: Sequence[JsonObject], *, topic: str, now: datetime
) -> int:
    """Add a message for each payload and active endpoint, in the caller's transaction.

    Returns how many. A payload is what is sent: JSON values with a `contract_id`, no personal data
    beyond that pseudonym. An endpoint that is removed at the same time is left out, and the
    caller's transaction does not suffer from it.
    """
    if not payloads:
        return 0
    active = select(webhook_endpoints.c.id).where(webhook_endpoints.c.disabled_at.is_(None))
    endpoints = connection.execute(active.with_for_update(read=True, key_share=True)).scalars()
    rows = [
        {
            "message_id": f"msg_{secrets.token_hex(16)}",
            "endpoint_id": endpoint_id,
            "topic": topic,
            "contract_id": payload["contract_id"],
            "payload": payload,
            "created_at": now,
            "attempts": 0,
            "due_at": now,
        }
        for endpoint_id in endpoints
        for payload in payloads
    ]
    if rows:
        connection.execute(insert(outbox), rows)
    return len(rows)


def endpoints_due(connection: Connection, *, now: datetime) -> list[int]:
    """Active endpoints that have a message to send."""
    query = (
        select(webhook_endpoints.c.id)
        .where(webhook_endpoints.c.disabled_at.is_(None))
        .where(select(outbox.c.id).where(_of_endpoint(), _due(now)).exists())
    )
    return list(connection.execute(query.order_by(webhook_endpoints.c.id)).scalars())


def claim(
    connection: Connection, *, endpoint_id: int, now: datetime, lease: timedelta, limit: int
) -> list[Message]:
    """Take messages of an endpoint to send, the longest due first; nobody else gets them meanwhile.

    PostgreSQL skips the rows another is taking; SQLite has one writer at a time.
    """
    due = (
        select(outbox.c.id)
        .where(outbox.c.endpoint_id == endpoint_id, _due(now))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = (
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)))
        .values(leased_until=now + lease, attempts=outbox.c.attempts + 1)
        .returning(outbox.c.id)
    )
    ids = list(connection.execute(taken).scalars())
    return _messages(connection, ids)


def mark_delivered(connection: Connection, *, message: Message, now: datetime) -> None:
    """A receiver took it."""
    _mark(connection, outbox.c.id == message.id, delivered_at=now, last_error=None)


def mark_failed(connection: Connection, *, message: Message, error: str, due_at: datetime) -> None:
    """It did not arrive; try again later. Nothing changes when another has claimed it since."""
    _mark(connection, _still(message), due_at=due_at, leased_until=None, last_error=error)


def mark_dead(connection: Connection, *, message: Message, error: str, now: datetime) -> None:
    """It did not arrive and is given up, until someone asks for it again."""
    _mark(connection, _still(message), dead_at=now, leased_until=None, last_error=error)


def mark_all_dead(connection: Connection, *, endpoint_id: int, error: str, now: datetime) -> int:
    """Give up all that waits for an endpoint and return how many."""
    return _mark(
        connection,
        outbox.c.endpoint_id == endpoint_id,
        dead_at=now,
        leased_until=None,
        last_error=error,
    )


def dead(connection: Connection, *, limit: int = 1000) -> list[Message]:
    """Messages that were given up, the oldest first."""
    query = select(outbox.c.id).where(outbox.c.dead_at.is_not(None)).order_by(outbox.c.id)
    return _messages(connection, list(connection.execute(query.limit(limit)).scalars()))


def requeue(connection: Connection, *, endpoint_id: int, now: datetime) -> int:
    """Send again, from now on, what was given up for an endpoint and return how many."""
    dead_ones = update(outbox).where(
        outbox.c.endpoint_id == endpoint_id, outbox.c.dead_at.is_not(None)
    )
    return connection.execute(dead_ones.values(dead_at=None, attempts=0, due_at=now)).rowcount


def forget(connection: Connection, *, before: datetime) -> int:
    """Drop the messages delivered or given up before a moment and return how many."""
    done = func.coalesce(outbox.c.delivered_at, outbox.c.dead_at)
    return connection.execute(delete(outbox).where(done < before)).rowcount


def depth(connection: Connection) -> Depth:
    """Count what waits and what was given up."""
    waiting = select(func.count()).select_from(outbox).where(_WAITING)
    given_up = select(func.count()).select_from(outbox).where(outbox.c.dead_at.is_not(None))
    return Depth(
        connection.execute(waiting).scalar_one(), connection.execute(given_up).scalar_one()
    )


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now)
    return and_(_WAITING, outbox.c.due_at <= now, free)


def _of_endpoint() -> ColumnElement[bool]:
    return outbox.c.endpoint_id == webhook_endpoints.c.id


def _still(message: Message) -> ColumnElement[bool]:
    """Only as long as nobody else took the message after its lease ended."""
    return and_(outbox.c.id == message.id, outbox.c.attempts == message.attempts)


def _mark(connection: Connection, which: ColumnElement[bool], **values: object) -> int:
    return connection.execute(update(outbox).where(which, _WAITING).values(**values)).rowcount


def _messages(connection: Connection, ids: list[int]) -> list[Message]:
    t, e = outbox.c, webhook_endpoints.c
    columns = (t.id, t.message_id, t.topic, t.payload, t.created_at, t.attempts, t.endpoint_id)
    query = (
        select(*columns, e.url, e.secret, t.last_error)
        .join_from(outbox, webhook_endpoints, _of_endpoint())
        .where(t.id.in_(ids))
        .order_by(t.due_at, t.id)
    )
    return [Message(**row) for row in connection.execute(query).mappings()]
