"""Tables on disk: CSV, Parquet and NDJSON become raw columns with the line of each row.

CSV is UTF-8 with a header line, separated by commas or semicolons. The line of a CSV row is the
one a spreadsheet shows (a note over two lines counts once); that of a Parquet row is its rank.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from features.common.errors import InputError
from features.intake.formats.rejects import no_rejects, reject_lines

Lines = npt.NDArray[np.int64]
SUFFIXES = (".csv", ".parquet", ".ndjson")
AGAIN = "export it again"


@dataclass(frozen=True)
class RawTable:
    """Rows as they came: columns untouched, the line of each, and the rows that are no rows."""

    frame: pd.DataFrame
    file: str
    lines: Lines
    broken: pd.DataFrame
    notes: tuple[str, ...] = ()
    repeats: int = 0  # rows that another of the delivery already tells of, left out of `frame`

    @property
    def read(self) -> int:
        """How many rows the file holds, broken and repeated ones included."""
        return len(self.frame) + len(self.broken) + self.repeats


def read_table(path: Path, *, table: str, name: str | None = None) -> RawTable:
    """Read one file of the record table `table`; `name` is what reports call the file.

    Raises InputError: the file is not readable as what its name says, or is cut short. The message
    never quotes the file, which holds personal data.
    """
    name = name or path.name
    try:
        match path.suffix:
            case ".csv":
                return _read_csv(path, table, name)
            case ".parquet":
                return _read_parquet(path, name)
            case _:
                return _read_ndjson(path, table, name)
    except (UnicodeDecodeError, pa.ArrowException, OSError, csv.Error) as error:
        what = path.suffix[1:].upper()
        text = "" if path.suffix == ".parquet" else " in UTF-8"
        raise InputError(
            f"{name}: expected a whole {what} file{text}, got one that is empty, cut short or "
            f"damaged; {AGAIN}"
        ) from error


def count_rows(path: Path) -> int:
    """Return how many rows a table file holds, from its footer when it is Parquet.

    Raises InputError: as `read_table`.
    """
    if path.suffix != ".parquet":
        return read_table(path, table=path.stem).read
    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name}: not a whole Parquet file; {AGAIN}") from error


def _read_parquet(path: Path, name: str) -> RawTable:
    with pq.ParquetFile(path) as file:
        arrow = file.read()
    if len(set(arrow.column_names)) < arrow.num_columns:
        raise InputError(f"{name}: two columns have one name; keep one")
    frame = arrow.to_pandas(date_as_object=False, ignore_metadata=True)
    lines = np.arange(1, len(frame) + 1, dtype=np.int64)
    return RawTable(frame, name, lines, no_rejects())


def _read_csv(path: Path, table: str, name: str) -> RawTable:
    delimiter, header = _csv_header(path, name)
    broken: dict[int, int] = {}

    def skip(row: Any) -> str:
        broken[row.number] = row.actual_columns
        return "skip"

    arrow = pa.csv.read_csv(
        path,
        read_options=pa.csv.ReadOptions(use_threads=False, block_size=1 << 24),  # rows are numbered
        parse_options=pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skip,
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    frame = arrow.to_pandas().set_axis([field.strip() for field in header], axis="columns")
    lines = np.arange(2, 2 + len(frame) + len(broken), dtype=np.int64)
    lines = np.delete(lines, np.fromiter(broken, np.int64) - 2)
    return _without_blank_rows(
        RawTable(frame, name, lines, _wrong_widths(broken, table, name, len(header)))
    )


def _csv_header(path: Path, name: str) -> tuple[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=delimiter), [])
    trimmed = [field.strip() for field in header]
    if len(set(trimmed)) < len(trimmed):
        raise InputError(f"{name}: two columns have one name; keep one")
    return delimiter, header


def _wrong_widths(broken: dict[int, int], table: str, name: str, width: int) -> pd.DataFrame:
    return reject_lines(
        np.fromiter(broken, np.int64),
        file=name,
        table=table,
        column="",
        expected=f"{width} values",
        got=pd.Series([f"{n} values" for n in broken.values()], dtype="str"),
        reason="not a row of the table",
    )


def _without_blank_rows(raw: RawTable) -> RawTable:
    blank = np.logical_and.reduce([values.isna().to_numpy() for _, values in raw.frame.items()])
    if not blank.any():
        return raw
    note = f"{raw.file}: {blank.sum()} blank lines skipped"
    rows = raw.frame[~blank].reset_index(drop=True)
    return RawTable(rows, raw.file, raw.lines[~blank], raw.broken, (note,))


def _read_ndjson(path: Path, table: str, name: str) -> RawTable:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    objects = {at: _json_object(line) for at, line in enumerate(lines, 1) if line.strip()}
    if not objects:
        raise InputError(f"{name}: the file is empty; {AGAIN}, or leave the table out")
    rows = {at: row for at, row in objects.items() if row is not None}
    broken = reject_lines(
        np.fromiter((at for at, row in objects.items() if row is None), np.int64),
        file=name,
        table=table,
        column="",
        expected="one flat JSON object",
        got="something else",
        reason="not a row of the table",
    )
    frame = pd.DataFrame(list(rows.values()), dtype=object)  # typed, whole numbers turn inexact
    return RawTable(frame, name, np.fromiter(rows, np.int64), broken)


def _json_object(line: str) -> dict[str, object] | None:
    try:
        row = json.loads(line, parse_constant=str)  # NaN stays a text, for the parsing to refuse
    except ValueError:
        return None
    flat = isinstance(row, dict) and not any(isinstance(v, dict | list) for v in row.values())
    return row if flat else None
