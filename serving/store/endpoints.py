"""Where webhooks are sent: the addresses that asked to hear of them, and the secret of each."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from serving.store.tables import outbox, webhook_endpoints


@dataclass(frozen=True)
class Endpoint:
    """A receiver. Its secret signs, so it is stored as it is and shown to nobody."""

    id: int
    url: str
    secret: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None


def add(connection: Connection, *, url: str, secret: str, now: datetime) -> int:
    """Keep an endpoint and return its number."""
    row = {"url": url, "secret": secret, "created_at": now}
    number = connection.execute(insert(webhook_endpoints).returning(webhook_endpoints.c.id), row)
    return int(number.scalar_one())


def every(connection: Connection) -> list[Endpoint]:
    """Return all endpoints, disabled ones too, in the order they were added."""
    query = select(webhook_endpoints).order_by(webhook_endpoints.c.id)
    return [Endpoint(**row) for row in connection.execute(query).mappings()]


def find(connection: Connection, *, endpoint_id: int) -> Endpoint | None:
    """Return one endpoint; None when there is none of this number.

    Its row is locked to the end of the transaction, so that no message is added meanwhile.
    """
    query = select(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
    row = connection.execute(query.with_for_update()).mappings().first()
    return None if row is None else Endpoint(**row)


def remove(connection: Connection, *, endpoint_id: int) -> None:
    """Forget an endpoint and every message to it; `find` it first, which locks it."""
    connection.execute(delete(outbox).where(outbox.c.endpoint_id == endpoint_id))
    connection.execute(delete(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id))


def set_disabled(connection: Connection, *, endpoint_id: int, at: datetime | None) -> None:
    """Stop sending to an endpoint from `at` on; None begins again."""
    one = update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint_id)
    connection.execute(one.values(disabled_at=at))
