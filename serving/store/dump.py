"""Rows of every table as JSON values, and back; the same for SQLite and PostgreSQL."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, LargeBinary, Table, func, insert, select, text
from sqlalchemy.types import TypeEngine

from serving.store.column_types import Moment
from serving.store.snapshots import stream
from serving.store.tables import assessments, metadata

TABLES = tuple(metadata.sorted_tables)  # what is referred to comes before what refers to it
Rows = list[list[Any]]


def columns_hash() -> str:
    """Hash of the names of all tables and columns."""
    described = {table.name: [column.name for column in table.c] for table in TABLES}
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()


def rows_of(connection: Connection, table: Table) -> Iterator[Rows]:
    """Chunks of rows as JSON values, columns as declared, in the order of the primary key."""
    writers = [_writer(column.type) for column in table.c]
    for part in stream(connection, select(table).order_by(*table.primary_key)):
        yield [
            [None if v is None else write(v) for v, write in zip(row, writers, strict=True)]
            for row in part
        ]


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that `rows_of` gave."""
    names = [column.key for column in table.c]
    readers = [_reader(column.type) for column in table.c]
    values = [
        {
            name: None if v is None else read(v)
            for name, v, read in zip(names, row, readers, strict=True)
        }
        for row in rows
    ]
    if table is assessments:
        # The numbers of transactions belong to the server that gave them; 0 is before all others.
        values = [{**value, "transaction_id": 0} for value in values]
    connection.execute(insert(table), values)


def is_empty(connection: Connection) -> bool:
    """Return whether no table holds a row."""
    return not any(
        connection.execute(select(1).select_from(table).limit(1)).scalar() for table in TABLES
    )


def clear(connection: Connection) -> None:
    """Remove every row of every table."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in TABLES)
        connection.execute(text(f"TRUNCATE {names}"))
        return
    for table in reversed(TABLES):
        connection.execute(table.delete())


def continue_numbers(connection: Connection) -> None:
    """Make PostgreSQL number new rows after those that were inserted with their numbers.

    SQLite looks at the rows.
    """
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        column = table.autoincrement_column
        if column is not None:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, highest, False)))


def _writer(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    match kind:
        case Moment() | Date():
            return lambda value: value.isoformat()
        case LargeBinary():
            return lambda value: base64.b64encode(value).decode()
        case _:
            return lambda value: value


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    match kind:
        case Moment():
            return datetime.fromisoformat
        case Date():
            return date.fromisoformat
        case LargeBinary():
            return base64.b64decode
        case _:
            return lambda value: value
