"""Tables on disk: CSV, workbooks, Parquet and NDJSON become raw columns with the line of each row.

The names of the columns may be written in any case; what else the file was taken for is in its
notes. The line of a CSV row or a sheet's is the one a spreadsheet shows (a note over two lines
counts once); that of a Parquet row is its rank.
"""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from features.common.errors import InputError
from features.intake.formats.csv_records import csv_records
from features.intake.formats.csv_tables import read_csv
from features.intake.formats.encodings import read_utf8
from features.intake.formats.headers import with_declared_names
from features.intake.formats.ndjson import read_ndjson
from features.intake.formats.parquet import parquet_names, parquet_rows, read_parquet
from features.intake.formats.raw_tables import NO_LINES, RawTable
from features.intake.formats.rejects import no_rejects
from features.intake.formats.workbooks import read_sheet
from features.records.declarations import RECORD_TYPES
from features.records.schema import RecordType

__all__ = ["RawTable", "count_rows", "read_table"]

SUFFIXES = (".csv", ".parquet", ".ndjson", ".xlsx")
MOST_ROWS = 20_000_000  # of one file: a small one can unfold to more than a worker holds
AGAIN = "export it again"
BY_NAME = {record_type.name: record_type for record_type in RECORD_TYPES}


def read_table(
    path: Path,
    *,
    table: str,
    name: str | None = None,
    sheet: str | None = None,
    may_be_blank: bool = False,
    most_rows: int = MOST_ROWS,
) -> RawTable:
    """Read one file of the table `table`; `name` is what reports call the file.

    A table that holds no records of ours, such as enrolments, keeps the names it has.
    `sheet` is the one of a workbook to read, by default the one that looks most like the table.
    A file without any line is refused, or has no row where it `may_be_blank`, as a part may be.
    `most_rows` is checked before the rows are read.

    Raises InputError: the file is not readable as what its name says, is cut short, or too long.
    The message never quotes the file, which holds personal data.
    """
    name, record_type = name or path.name, _type_of(table)
    try:
        raw = _read(path, record_type, name, sheet, most_rows)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{name}: expected a whole {path.suffix[1:].upper()} file, got one that is empty, cut "
            f"short or damaged; {AGAIN}"
        ) from error
    if raw is None and may_be_blank:
        return RawTable(
            record_type.empty(), name, NO_LINES, no_rejects(), (f"{name}: the file is empty",)
        )
    if raw is None:
        raise InputError(f"{name}: the file is empty; {AGAIN}, or leave the table out")
    return with_declared_names(record_type, raw)


def _type_of(table: str) -> RecordType:
    """Return the declaration of a table, without any column where it is none of the records."""
    undeclared = RecordType(table, label=table, key="", columns=(), immutable=())
    return BY_NAME.get(table, undeclared)


def header_names(path: Path, record_type: RecordType) -> list[str]:
    """Return the names of the columns of a file as written, read as a table of this type.

    Raises InputError: as `read_table`.
    """
    name = path.name
    match path.suffix.lower():
        case ".csv":
            records = csv_records(read_utf8(path)[0], record_type)
            return list(records.header.names) if records is not None else []
        case ".parquet":
            return parquet_names(path, name=name)
        case _:
            raw = _read(path, record_type, name, None, MOST_ROWS)
            return [] if raw is None else [str(column) for column in raw.frame.columns]


def count_rows(path: Path) -> int:
    """Return how many rows a table file holds, from its footer when it is Parquet.

    Raises InputError: as `read_table`.
    """
    if path.suffix.lower() == ".parquet":
        return parquet_rows(path, name=path.name)
    table = path.stem if path.stem in BY_NAME else path.parent.name
    return read_table(path, table=table).read


def _read(
    path: Path, record_type: RecordType, name: str, sheet: str | None, most_rows: int
) -> RawTable | None:
    match path.suffix.lower():
        case ".parquet":
            check_rows(parquet_rows(path, name=name), name=name, most=most_rows)
            return read_parquet(path, record_type, name=name)
        case ".xlsx" | ".xlsm":
            raw = read_sheet(path, record_type, name=name, sheet=sheet)
            return raw and raw.without_blank_rows()
    content, notes = read_utf8(path)
    notes = tuple(f"{name}: {note}" for note in notes)
    if path.suffix.lower() == ".ndjson":
        check_rows(content.count(b"\n"), name=name, most=most_rows)
        raw = read_ndjson(content, record_type, name=name)
    else:
        records = csv_records(content, record_type)
        if records is None:
            return None
        check_rows(records.whole, name=name, most=most_rows)
        raw = read_csv(content, records, record_type, name=name).without_blank_rows()
    return raw and replace(raw, notes=(*notes, *raw.notes))


def check_rows(rows: int, *, name: str, most: int) -> None:
    """Raise InputError when a file holds more rows than may be read at once."""
    if rows > most:
        raise InputError(f"{name}: expected at most {most} rows in one file, got {rows}; cut it")
