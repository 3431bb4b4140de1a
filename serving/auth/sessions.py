"""Sessions in cookies: a random token in the browser, its hash and a CSRF token in the store."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from serving.actors import Actor
from serving.auth.hashing import keyed_hash
from serving.settings import Settings
from serving.store import sessions
from serving.store.accounts import Account
from serving.store.engine import Connection
from serving.store.sessions import Session

__all__ = ["Account", "Session"]  # what a session is, for those who serve somebody signed in
IDLE = timedelta(hours=2)


@dataclass(frozen=True)
class Tokens:
    """What a browser gets: the token of the cookie, and the one its forms repeat."""

    token: str = field(repr=False)
    csrf_token: str = field(repr=False)


def begin(connection: Connection, *, settings: Settings, account: Account, now: datetime) -> Tokens:
    """Keep a new session and answer its tokens, which are known nowhere else."""
    tokens = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    sessions.purge(connection, now=now, idle_since=now - IDLE)
    sessions.add(
        connection,
        token_hash=hash_of(settings, tokens.token),
        csrf_token=tokens.csrf_token,
        account_id=account.id,
        now=now,
        expires_at=now + timedelta(hours=settings.session_hours),
    )
    return tokens


def find(
    connection: Connection, *, settings: Settings, token: str, now: datetime
) -> Session | None:
    """Return the session of a cookie's token, if it still counts."""
    return sessions.find(connection, hash_of(settings, token), now=now, idle_since=now - IDLE)


def hash_of(settings: Settings, token: str) -> str:
    """Return what the store keeps of a session token."""
    return keyed_hash(settings, purpose="session", value=token)


def actor_of(account: Account) -> Actor:
    """Return the person as operations and the audit know them."""
    return Actor(
        name=f"account:{account.id}",
        role=account.role,
        account_id=account.id,
        advisor_id=account.advisor_id,
        site=account.site,
    )
