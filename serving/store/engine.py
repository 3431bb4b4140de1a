"""Opening the database, and its two kinds of transaction: reading and writing.

SQLite (WAL) and PostgreSQL behave alike here: a writing transaction sees what was committed before
it, holds its locks to the end, and is written whole or not at all.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.errors import DiskFull
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from features.common.errors import SettingsError, StoreError

__all__ = ["Connection", "Store", "open_store"]  # who holds a connection need not know SQL
LOCK_TIMEOUT_SECONDS = 5
POOL_SIZE = 20
SQLITE_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
WRITES = "vigie_writes"  # execution option of a connection that will write


class Store:
    """A database that was opened; `reading()` and `writing()` are the only ways in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that writes nothing.

        Raises StoreError when the database cannot be reached.
        """
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed when the block ends well, and undone when it does not.

        Raises StoreError when the database cannot be reached, is locked for too long or is full.
        """
        with _translated(), self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def check(self) -> None:
        """Raise StoreError unless a query is answered."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy URL; connects at first use.

    Raises SettingsError for a URL that is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise SettingsError(
            "VIGIE_DATABASE_URL: expected sqlite:///path or postgresql://…, got something else"
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            return Store(_sqlite(parsed))
        case "postgresql":
            return Store(_postgresql(parsed))
        case other:
            raise SettingsError(
                f"VIGIE_DATABASE_URL: expected sqlite or postgresql, got {other}; choose one"
            )


@contextmanager
def _translated() -> Iterator[None]:
    """Raise StoreError for whatever a database refuses, in a sentence that quotes no value.

    The error it came from is left behind: a database likes to print the row it refuses.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if _is_full(error):
            raise StoreError("store: expected room on its disk, got none; free some") from None
        raise StoreError(
            "store: expected the database to answer, got no answer; try again"
        ) from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreError(
                "store: expected the database to answer, it hung up; try again"
            ) from None
        raise StoreError(f"store: expected values it can hold, got {_refused(error)}") from None
    except UnicodeEncodeError:
        raise StoreError("store: expected text in Unicode, got half a character") from None


def _refused(error: DBAPIError) -> str:
    """Return the kind of a refusal: the class and the code the driver gave it, never its words."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return f"a {type(error.orig).__name__}" + (f" ({code})" if code else "")


def _is_full(error: Exception) -> bool:
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorcode", None)
    return code in SQLITE_NO_ROOM or isinstance(cause, DiskFull)


def _sqlite(url: Any) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        hide_parameters=True,
        connect_args={"timeout": LOCK_TIMEOUT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Take the write lock at once: upgrading a read lock could fail half-way.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: Any) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        pool_timeout=LOCK_TIMEOUT_SECONDS,
        pool_pre_ping=False,
        hide_parameters=True,  # they are people's records
        connect_args={
            "connect_timeout": LOCK_TIMEOUT_SECONDS,
            "options": f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s -c statement_timeout=60s",
        },
    )
