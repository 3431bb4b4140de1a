"""Locks of the database by what they protect: a few writes a day each, one at a time."""

from enum import IntEnum
from zlib import crc32

from sqlalchemy import Connection, text

_LOCK = text("SELECT pg_advisory_xact_lock(:kind, :number)")


class LockKind(IntEnum):
    """What a lock protects; 0 and 1 are those of contracts and records."""

    PROGRAMME = 2
    WEEK_LISTS = 3


def lock(connection: Connection, kind: LockKind, name: str) -> None:
    """Make other writers of the same thing wait for the end of the transaction.

    SQLite has one writer at a time anyway. Two names may share a lock: they then wait in vain.
    """
    if connection.dialect.name == "postgresql":
        number = crc32(name.encode()) % 2**31
        connection.execute(_LOCK, {"kind": int(kind), "number": number})
