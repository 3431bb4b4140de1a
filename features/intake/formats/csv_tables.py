"""CSV files become raw columns: text cells, the number of each record, and what is no row."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from features.common.errors import InputError
from features.intake.formats.csv_records import CsvRecords
from features.intake.formats.decimal_commas import rejoined
from features.intake.formats.headers import declared_name
from features.intake.formats.raw_tables import Broken, Lines, RawTable, broken_rows
from features.records.schema import Column, RecordType

BLOCK = 1 << 24


@dataclass
class _Uneven:
    """The rows that are not as wide as the header: those that only lack or add blanks are mended.

    `number` counts the rows of what the parser reads, from 1.
    """

    header: int
    named: int
    delimiter: str
    columns: list[Column | None]
    mended: dict[int, list[str | None]] = field(default_factory=dict)
    broken: dict[int, Broken] = field(default_factory=dict)

    def __call__(self, row: Any) -> str:
        """Set a row aside; what the parser calls with each row it cannot take."""
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=self.delimiter), [])
        if len(cells) >= self.named and not any(cell.strip() for cell in cells[self.named :]):
            self._mend(row.number, cells[: self.named])
        elif self.delimiter == "," and (joined := rejoined(cells, self.columns)) is not None:
            self._mend(row.number, joined)
        elif any(cell.strip() for cell in cells):
            self.broken[row.number] = Broken(
                expected=f"{self.named} values", got=f"{len(cells)} values", text=row.text
            )
        else:
            self._mend(row.number, [])
        return "skip"

    def _mend(self, number: int, cells: list[str]) -> None:
        padded = [cell or None for cell in cells]
        self.mended[number] = padded + [None] * (self.header - len(padded))


def read_csv(
    content: bytes, records: CsvRecords, record_type: RecordType, *, name: str
) -> RawTable:
    """Read the records that were found; every one of them is a row, or broken and reported.

    Raises InputError: the parser made other rows of the records than were counted.
    """
    header = records.header
    names = [declared_name(record_type, written) for written in header.names[: header.width]]
    columns = [record_type.by_name.get(name or "") for name in names]
    uneven = _Uneven(len(header.names), header.width, records.delimiter, columns)
    frame = _parsed(content, records, uneven)
    if len(frame) + len(uneven.mended) + len(uneven.broken) != records.whole:
        raise InputError(
            f"{name}: expected {records.whole} rows by the line breaks, got "
            f"{len(frame) + len(uneven.mended) + len(uneven.broken)}; save it again as CSV"
        )
    numbers = _numbers(records)
    aside = np.array(sorted([*uneven.mended, *uneven.broken]), dtype=np.int64) - 1
    lines = np.delete(numbers, aside)
    if uneven.mended:
        at = np.array(list(uneven.mended), dtype=np.int64) - 1
        mended = pd.DataFrame(list(uneven.mended.values()), columns=frame.columns, dtype="str")
        frame = pd.concat([frame, mended], ignore_index=True)
        lines = np.concatenate([lines, numbers[at]])
        order = np.argsort(lines, kind="stable")
        frame, lines = frame.iloc[order].reset_index(drop=True), lines[order]
    broken = {int(numbers[at - 1]): row for at, row in uneven.broken.items()}
    broken |= {
        number: Broken("a closing quote before the next value", "an open or stray quote", text)
        for number, text in records.broken
    }
    frame, lines, beyond = _within_names(frame, lines, records.header.width)
    broken |= beyond
    frame.columns = pd.Index(records.header.names[: records.header.width])
    broken = dict(sorted(broken.items()))
    return RawTable(
        frame,
        name,
        lines,
        broken_rows(broken, file=name, table=record_type.name),
        texts={number: row.text for number, row in broken.items()},
    )


def _within_names(
    frame: pd.DataFrame, lines: Lines, named: int
) -> tuple[pd.DataFrame, Lines, dict[int, Broken]]:
    """Set the rows aside that hold a value beyond the last name, of no column anybody knows."""
    beyond = frame.iloc[:, named:].notna().any(axis="columns").to_numpy(bool)
    if not beyond.any():
        return frame.iloc[:, :named], lines, {}
    texts = frame[beyond].fillna("").agg("\t".join, axis="columns")
    got = f"{frame.shape[1]} values"
    broken = {
        int(line): Broken(f"{named} values", got, text)
        for line, text in zip(lines[beyond], texts, strict=True)
    }
    return frame.iloc[~beyond, :named].reset_index(drop=True), lines[~beyond], broken


def _numbers(records: CsvRecords) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the number of each whole record."""
    end = records.first + records.whole + len(records.broken)
    numbers = np.arange(records.first, end, dtype=np.int64)
    return np.delete(numbers, np.array([n for n, _ in records.broken], np.int64) - records.first)


def _parsed(content: bytes, records: CsvRecords, uneven: _Uneven) -> pd.DataFrame:
    names = [str(place) for place in range(len(records.header.names))]
    if not records.whole:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    if len(records.spans) == 1:
        start, end = records.spans[0]
        body = pa.py_buffer(content).slice(start, end - start)
    else:
        body = pa.py_buffer(b"".join(content[start:end] for start, end in records.spans))
    try:
        table = _arrow(body, names, records, uneven, block=BLOCK)
    except pa.ArrowInvalid:  # a value larger than a block: then the file is one block
        uneven.mended.clear()
        uneven.broken.clear()
        table = _arrow(body, names, records, uneven, block=max(body.size, BLOCK))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _arrow(
    body: pa.Buffer, names: list[str], records: CsvRecords, uneven: _Uneven, *, block: int
) -> pa.Table:
    return pyarrow.csv.read_csv(
        pa.BufferReader(body),
        # One thread, so that rows are numbered.
        read_options=pyarrow.csv.ReadOptions(
            use_threads=False, block_size=block, column_names=names
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=records.delimiter,
            newlines_in_values=records.over_lines,
            ignore_empty_lines=False,
            invalid_row_handler=uneven,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
