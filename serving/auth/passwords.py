"""Passwords of local accounts: rules, argon2 hashes, and one-time passwords.

Rules: length only, no composition (NIST SP 800-63B-4, 2025, section 3.1.1.2); the few refused
beyond that are those an attacker tries first. Argon2id with 19 MiB, 2 passes, 1 lane (OWASP
Password Storage Cheat Sheet, 2024), so that a burst of sign-ins stays within a worker's memory.
"""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from serving.auth.errors import WeakPasswordError

SHORTEST = 12
LONGEST = 128
FEWEST_CHARACTERS = 5  # different ones: "aaaaaaaaaaaa" is not a password
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without 0 o 1 i l

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of no password; checked when there is no account, so that the answer takes as long.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    """Argon2id hash, with its salt and parameters."""
    return _HASHER.hash(_normal(password))


def is_right(password: str, stored_hash: str | None) -> bool:
    """Return whether a password is the stored one; takes as long, and is false, without one."""
    try:
        _HASHER.verify(stored_hash or _NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def is_outdated(stored_hash: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored_hash)


def one_time_password() -> str:
    """Four groups of four readable characters: 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def check_new(password: str, *, email: str) -> None:
    """Raise WeakPasswordError unless a person may choose this password."""
    normal = _normal(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise WeakPasswordError(
            f"password: expected {SHORTEST} to {LONGEST} characters, got {len(normal)}"
        )
    if len(set(normal)) < FEWEST_CHARACTERS:
        raise WeakPasswordError(
            f"password: expected {FEWEST_CHARACTERS} different characters or more, got fewer"
        )
    if normal.casefold() in email.casefold():
        raise WeakPasswordError("password: expected something else than the address, got it")


def _normal(password: str) -> str:
    """Return one form for accents typed on different keyboards.

    What cannot match is cut by length.
    """
    return unicodedata.normalize("NFKC", password[: 4 * LONGEST])
