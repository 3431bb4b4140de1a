"""Backup and restore: one file for SQLite and PostgreSQL, so that one restores into the other.

A ZIP archive with one NDJSON file per table, as of one moment, and a manifest of rows and hashes.
It holds personal data and secrets in clear: only its owner may read it, and it belongs on an
encrypted disk.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

from sqlalchemy import Table

from features.common.errors import ConflictError, InputError, StorageError
from features.common.writing import whole_file
from serving.actors import Actor
from serving.auth.rights import require
from serving.context import AppContext
from serving.store import audit, dump
from serving.store.audit import Action
from serving.store.engine import Connection
from serving.store.snapshots import freeze

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1000
Progress = Callable[[int], None]


class TableContents(TypedDict):
    """How many rows of a table a backup holds, and the SHA-256 of their text."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself; `tables` gives rows and SHA-256 of each table."""

    format: int
    made_at: str
    columns: str  # hash of the tables' columns: a backup restores into the version that made it
    tables: dict[str, TableContents]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.tables.values())


def back_up(
    context: AppContext, *, actor: Actor, path: Path, progress: Progress | None = None
) -> Contents:
    """Write all tables as of one moment, while others go on writing; the file appears whole.

    Raises ForbiddenError unless a command asks, StoreError, StorageError when the disk refuses.
    """
    require(actor)
    now = context.now()
    with context.store.writing() as connection:
        audit.write(connection, at=now, actor=actor.name, action=Action.BACK_UP)
    with whole_file(path) as temporary, context.store.reading() as connection:
        temporary.touch(mode=0o600)
        freeze(connection)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            tables = {
                table.name: _write_table(connection, archive, table, progress)
                for table in dump.TABLES
            }
            contents = Contents(FORMAT, now.isoformat(), dump.columns_hash(), tables)
            archive.writestr(MANIFEST, json.dumps(asdict(contents), indent=2))
    return contents


def restore(
    context: AppContext,
    *,
    actor: Actor,
    path: Path,
    replace: bool = False,
    progress: Progress | None = None,
) -> Contents:
    """Put a backup back, all of it or nothing; the tables must be those of this version.

    Raises InputError: not a whole backup, or one of another version. ConflictError: the store holds
    rows and `replace` is false. ForbiddenError unless a command asks. StoreError.
    """
    require(actor)
    with _opened(path) as archive:
        contents = _read_manifest(archive)
        for table in dump.TABLES:
            _verify(archive, table, contents)
        with context.store.writing() as connection:
            _make_room(connection, replace=replace)
            for table in dump.TABLES:
                _restore_table(connection, archive, table, progress)
            dump.continue_numbers(connection)
            audit.write(
                connection,
                at=context.now(),
                actor=actor.name,
                action=Action.RESTORE,
                details={"made_at": contents.made_at, "rows": contents.rows},
            )
    return contents


def _write_table(
    connection: Connection, archive: zipfile.ZipFile, table: Table, progress: Progress | None
) -> TableContents:
    digest, count = hashlib.sha256(), 0
    with archive.open(_member(table), "w", force_zip64=True) as file:
        for rows in dump.rows_of(connection, table):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
            digest.update(text)
            file.write(text)
            count += len(rows)
            if progress is not None:
                progress(len(rows))
    return {"rows": count, "sha256": digest.hexdigest()}


def _restore_table(
    connection: Connection, archive: zipfile.ZipFile, table: Table, progress: Progress | None
) -> None:
    for rows in _chunks(_lines(archive, table)):
        dump.insert_rows(connection, table, rows)
        if progress is not None:
            progress(len(rows))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise _not_whole() from error
    except OSError as error:
        raise StorageError(f"{path}: expected a file to read, got « {error.strerror} »") from error


def _read_manifest(archive: zipfile.ZipFile) -> Contents:
    try:
        contents = Contents(**json.loads(archive.read(MANIFEST)))
        known = {table.name for table in dump.TABLES}
        if contents.format != FORMAT or contents.columns != dump.columns_hash():
            raise InputError(
                "backup: expected the tables of this version of vigie, got others; restore it with "
                "the version that made it, then upgrade"
            )
        if set(contents.tables) != known:
            raise _not_whole()
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise _not_whole() from error
    return contents


def _verify(archive: zipfile.ZipFile, table: Table, contents: Contents) -> None:
    digest, count = hashlib.sha256(), 0
    try:
        with archive.open(_member(table)) as file:
            for line in file:
                digest.update(line)
                count += 1
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _not_whole() from error
    if {"rows": count, "sha256": digest.hexdigest()} != contents.tables[table.name]:
        raise _not_whole()


def _make_room(connection: Connection, *, replace: bool) -> None:
    if dump.is_empty(connection):
        return
    if not replace:
        raise ConflictError(
            "restore: expected an empty store, got one that holds rows; --replace removes them"
        )
    dump.clear(connection)


def _lines(archive: zipfile.ZipFile, table: Table) -> Iterator[list[Any]]:
    with archive.open(_member(table)) as file:
        for line in io.TextIOWrapper(file, encoding="utf-8", newline="\n"):
            yield json.loads(line)


def _chunks(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    chunk: list[list[Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _member(table: Table) -> str:
    return f"{table.name}.ndjson"


def _not_whole() -> InputError:
    return InputError("backup: expected a whole backup of vigie, got a file that is not, or cut")
