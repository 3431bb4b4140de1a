"""Sessions of people signed in: one row per browser, found by the hash of its token."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from serving.store.accounts import Account, read
from serving.store.tables import accounts, sessions


@dataclass(frozen=True)
class Session:
    """A browser in which somebody is signed in."""

    token_hash: str = field(repr=False)
    csrf_token: str = field(repr=False)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    account: Account


def add(
    connection: Connection,
    *,
    token_hash: str,
    csrf_token: str,
    account_id: int,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Keep a new session."""
    connection.execute(
        insert(sessions),
        {
            "token_hash": token_hash,
            "csrf_token": csrf_token,
            "account_id": account_id,
            "created_at": now,
            "last_seen_at": now,
            "expires_at": expires_at,
        },
    )


def find(
    connection: Connection, token_hash: str, *, now: datetime, idle_since: datetime
) -> Session | None:
    """Return the session of a token, with its account.

    None when there is none, it has expired, nobody used it since `idle_since`, or its account is
    disabled.
    """
    row: Any = connection.execute(
        _FIND, {"token": token_hash, "moment": now, "idle": idle_since}
    ).first()
    if row is None:
        return None
    token_hash, csrf_token, created_at, last_seen_at, expires_at, *account = row
    return Session(token_hash, csrf_token, created_at, last_seen_at, expires_at, read(account))


def touch(connection: Connection, *, token_hash: str, now: datetime) -> None:
    """Say that a session was used."""
    used = update(sessions).where(sessions.c.token_hash == token_hash)
    connection.execute(used.values(last_seen_at=now))


def end(connection: Connection, token_hash: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_all(connection: Connection, account_id: int) -> int:
    """End every session of an account and answer how many there were."""
    return connection.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount


def purge(connection: Connection, *, now: datetime, idle_since: datetime) -> None:
    """Forget the sessions that no longer count."""
    s = sessions.c
    connection.execute(
        delete(sessions).where(or_(s.expires_at <= now, s.last_seen_at <= idle_since))
    )


_FIND = (
    select(
        sessions.c.token_hash,
        sessions.c.csrf_token,
        sessions.c.created_at,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
        *accounts.c,
    )
    .join(accounts, accounts.c.id == sessions.c.account_id)
    .where(
        sessions.c.token_hash == bindparam("token"),
        sessions.c.expires_at > bindparam("moment"),
        sessions.c.last_seen_at > bindparam("idle"),
        accounts.c.disabled_at.is_(None),
    )
)
