"""Reading everything as it was at one moment, while others write."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select

CHUNK = 2000


def freeze(connection: Connection) -> None:
    """Make all that is read from now on one state of the database; call it before the first query.

    SQLite does so by itself: a reading transaction sees what was committed when it began.
    """
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")


def stream(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """Rows of a query in chunks, never all at once in memory."""
    streaming = connection.execution_options(stream_results=True, yield_per=CHUNK)
    yield from streaming.execute(query).partitions()
