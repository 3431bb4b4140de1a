"""API keys of machines: made, listed, revoked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from features.common.errors import InputError, NotFoundError
from serving.actors import Actor, Scope
from serving.auth import api_keys
from serving.auth.rights import require_administrator
from serving.context import AppContext
from serving.store import keys
from serving.store.audit import Action
from serving.store.refusals import RefusalCode

MOST_DAYS = 3660  # ten years


@dataclass(frozen=True)
class NewKey:
    """A key and its text, which is shown once and stored nowhere."""

    key_id: str
    text: str = field(repr=False)
    expires_at: datetime | None


def add_key(
    context: AppContext,
    *,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    expires_days: int | None = None,
) -> NewKey:
    """Make a key for a machine. Raises InputError without a name, a scope, or with strange days."""
    require_administrator(actor)
    if not name.strip() or "\0" in name:
        raise InputError(
            "key: name: expected what the key is for, got nothing readable",
            code=RefusalCode.NO_KEY_NAME,
        )
    if not scopes:
        raise InputError("key: scopes: expected one or more, got none", code=RefusalCode.NO_SCOPE)
    if expires_days is not None and not 1 <= expires_days <= MOST_DAYS:
        raise InputError(f"key: expires_days: expected 1 to {MOST_DAYS}, got {expires_days}")
    now = context.now()
    expires_at = None if expires_days is None else now + timedelta(days=expires_days)
    fresh = api_keys.make(context.settings)
    with context.audited(actor, Action.ADD_KEY, subject=f"key:{fresh.key_id}") as write:
        write.details = {"scopes": sorted(scopes), "expires_days": expires_days}
        keys.add(
            write.connection,
            key_id=fresh.key_id,
            name=name.strip(),
            hashed=fresh.hashed,
            scopes=frozenset(scopes),
            now=now,
            expires_at=expires_at,
        )
    return NewKey(fresh.key_id, fresh.text, expires_at)


def revoke_key(context: AppContext, *, actor: Actor, key_id: str) -> None:
    """Withdraw a key at once; the day of the first time stays. Raises NotFoundError."""
    require_administrator(actor)
    with context.audited(actor, Action.REVOKE_KEY, subject=f"key:{key_id}") as write:
        key = keys.find(write.connection, key_id)
        if key is None:
            raise NotFoundError("key: expected the id of a key, got another")
        keys.revoke(write.connection, key_id, now=key.revoked_at or context.now())
