"""Parquet becomes raw columns: typed as they came where a column can be, else as text."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.common.errors import InputError
from features.intake.formats.raw_tables import RawTable
from features.intake.formats.rejects import no_rejects
from features.records.schema import RecordType


def parquet_rows(path: Path, *, name: str) -> int:
    """Return the number of rows by the footer. Raises InputError: not a whole Parquet file."""
    return int(_footer(path, name).num_rows)


def parquet_names(path: Path, *, name: str) -> list[str]:
    """Return the names of the columns by the footer. Raises InputError: as `parquet_rows`."""
    return list(_footer(path, name).schema.to_arrow_schema().names)


def _footer(path: Path, name: str) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{name}: expected a whole PARQUET file, got one that is empty, cut short or damaged; "
            "export it again"
        ) from error


def read_parquet(path: Path, record_type: RecordType, *, name: str) -> RawTable:
    """Read a Parquet file; the index that pandas wrote along is left out when it has no meaning.

    Raises InputError: two columns of one name, or a time zone that nobody knows.
    """
    with pq.ParquetFile(path) as file:
        arrow = file.read()
    if len(set(arrow.column_names)) < arrow.num_columns:
        raise InputError(f"{name}: two columns have one name; keep one")
    index = [column for column in _index_columns(path) if column not in record_type.by_name]
    columns = [column for column in arrow.column_names if column not in index]
    arrow = pa.table({column: _simple(arrow[column]) for column in columns})
    try:
        frame = arrow.to_pandas(date_as_object=False, ignore_metadata=True)
    except (KeyError, ValueError) as error:  # zoneinfo and pytz raise these
        raise InputError(
            f"{name}: expected dates, or times of a known time zone, got another zone; write dates"
        ) from error
    lines = np.arange(1, len(frame) + 1, dtype=np.int64)
    notes = (f"{name}: the index of a pandas table was left out",) if index else ()
    return RawTable(frame, name, lines, no_rejects(), notes)


def _index_columns(path: Path) -> frozenset[str]:
    """Return the columns in which pandas stored the index of a table."""
    metadata = pq.read_schema(path).metadata or {}
    try:
        stored = json.loads(metadata.get(b"pandas", b"{}")).get("index_columns", [])
    except (ValueError, AttributeError):
        return frozenset()
    return frozenset(column for column in stored if isinstance(column, str))


def _simple(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Return a column that pandas holds as a plain one; a value of parts becomes a text."""
    kind = column.type
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type):
        return _simple(column.cast(kind.value_type))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        texts = [value and value.decode(errors="replace") for value in column.to_pylist()]
        return pa.array(texts, pa.large_string())
    if pa.types.is_decimal(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind):
        texts = [None if value is None else str(value) for value in column.to_pylist()]
        return pa.array(texts, pa.large_string())
    return column
