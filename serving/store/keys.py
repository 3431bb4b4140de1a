"""API keys of machines: found by their public id, proved by the keyed hash of their secret."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from serving.actors import Scope
from serving.store.tables import api_keys


@dataclass(frozen=True)
class Key:
    """A key as it is stored: what it opens, and since and until when."""

    key_id: str
    name: str
    hash: str = field(repr=False)
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def add(
    connection: Connection,
    *,
    key_id: str,
    name: str,
    hashed: str,
    scopes: frozenset[Scope],
    now: datetime,
    expires_at: datetime | None,
) -> None:
    """Keep a new key."""
    connection.execute(
        insert(api_keys),
        {
            "key_id": key_id,
            "name": name,
            "hash": hashed,
            "scopes": sorted(scopes),
            "created_at": now,
            "expires_at": expires_at,
        },
    )


def find(connection: Connection, key_id: str) -> Key | None:
    """Return the key of an id, whatever its state."""
    row = connection.execute(_FIND, {"wanted": key_id}).first()
    return None if row is None else _read(row)


def find_all(connection: Connection) -> list[Key]:
    """Return every key, oldest first."""
    query = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.key_id)
    return [_read(row) for row in connection.execute(query)]


def revoke(connection: Connection, key_id: str, *, now: datetime) -> None:
    """Withdraw a key for good."""
    connection.execute(update(api_keys).where(api_keys.c.key_id == key_id).values(revoked_at=now))


def touch(connection: Connection, *, key_id: str, now: datetime, before: datetime) -> None:
    """Say that a key was used, unless that was said since `before`."""
    last = api_keys.c.last_used_at
    used = update(api_keys).where(api_keys.c.key_id == key_id, or_(last.is_(None), last <= before))
    connection.execute(used.values(last_used_at=now))


def _read(row: Any) -> Key:
    values: dict[str, Any] = dict(zip(api_keys.c.keys(), row, strict=True))
    return Key(**{**values, "scopes": frozenset(map(Scope, values["scopes"]))})


_FIND = select(api_keys).where(api_keys.c.key_id == bindparam("wanted"))
