"""Keyed hashes of what must be recognised and not read: keys, session tokens, addresses."""

import hmac

from serving.settings import Settings


def keyed_hash(settings: Settings, *, purpose: str, value: str) -> str:
    """HMAC-SHA256 of `value` under the programme's secret, in hexadecimal.

    `purpose` keeps the hashes of two uses apart. Enough by itself for random 256-bit secrets; for
    addresses it only protects as long as the secret key does not leak with the database.
    """
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.digest(secret, f"{purpose}\0{value}".encode(), "sha256").hex()


def same(one: str, other: str) -> bool:
    """Return whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
