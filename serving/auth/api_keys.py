"""API keys: `vgk_<id>_<secret>`, shown once. The secret has 256 bits, so one HMAC is enough."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from serving.actors import Actor
from serving.auth.errors import ExpiredKeyError, RevokedKeyError, UnauthenticatedError
from serving.auth.hashing import keyed_hash, same
from serving.settings import Settings
from serving.store import keys
from serving.store.engine import Connection
from serving.store.keys import Key

SHAPE = re.compile(r"vgk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class FreshKey:
    """A key that was just made: its id, what its owner gets, what the store keeps."""

    key_id: str
    text: str = field(repr=False)
    hashed: str = field(repr=False)


def make(settings: Settings) -> FreshKey:
    """Draw a key."""
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return FreshKey(key_id, f"vgk_{key_id}_{secret}", _hash(settings, key_id, secret))


def verify(connection: Connection, *, settings: Settings, text: str, now: datetime) -> Key:
    """Return the key that a caller sent.

    Raises UnauthenticatedError for one we do not know; RevokedKeyError and ExpiredKeyError only to
    who holds the right secret.
    """
    key_id, secret = _parts(text)
    key = keys.find(connection, key_id)
    hashed = _hash(settings, key_id, secret)
    if key is None or not same(key.hash, hashed) or not key.scopes:
        raise UnauthenticatedError("key: expected one that is known, got another")
    if key.revoked_at is not None:
        raise RevokedKeyError("key: expected one in use, got one that was revoked")
    if key.expires_at is not None and key.expires_at <= now:
        raise ExpiredKeyError("key: expected one in use, got one that has expired")
    return key


def actor_of(key: Key) -> Actor:
    """Return the machine as operations and the audit know it."""
    return Actor(name=f"key:{key.key_id}", scopes=key.scopes)


def _parts(text: str) -> tuple[str, str]:
    found = SHAPE.fullmatch(text)
    if found is None:
        raise UnauthenticatedError("key: expected vgk_<id>_<secret>, got something else")
    return found[1], found[2]


def _hash(settings: Settings, key_id: str, secret: str) -> str:
    return keyed_hash(settings, purpose=f"api-key-{key_id}", value=secret)
