"""Workbooks (.xlsx) become raw columns of text, as if each sheet had been written as CSV."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    ZipError,
)

from features.common.errors import InputError
from features.intake.formats.headers import HIGHEST, Header, find_header, known_names
from features.intake.formats.raw_tables import Broken, RawTable, broken_rows
from features.intake.formats.sheet_extent import largest_rectangle
from features.records.schema import RecordType

CELL = str | float | bool | date | datetime | time | timedelta
BATCH = 20_000
MOST_CELLS = 50_000_000  # a reader holds the rectangle, blank cells included
LARGEST = 1 << 30  # bytes of a workbook once unpacked; its sheets are held in memory


@contextmanager
def opened(path: Path, *, name: str) -> Iterator[CalamineWorkbook]:
    """Open a workbook.

    Raises InputError: no workbook, behind a password, or more cells than can be held.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            _check_size(parts, name=name)
        yield CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise InputError(f"{name}: behind a password; save it without one") from None
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError) as error:
        raise InputError(
            f"{name}: expected a workbook of Excel (.xlsx), got one that is empty, cut short or "
            "damaged; save it again"
        ) from error


def _check_size(parts: zipfile.ZipFile, *, name: str) -> None:
    size = sum(part.file_size for part in parts.infolist())
    if size > LARGEST:
        raise InputError(
            f"{name}: expected a workbook of at most {LARGEST >> 20} MiB unpacked, got "
            f"{size >> 20}; save its sheets as CSV"
        )
    rows, columns = largest_rectangle(parts)
    if rows * columns > MOST_CELLS:
        raise InputError(
            f"{name}: expected a sheet of at most {MOST_CELLS:,} cells from its first to its last, "
            f"got {rows:,} rows by {columns:,} columns; delete what stands far from the table"
        )


def sheets(path: Path, *, name: str) -> list[str]:
    """Return the names of the visible sheets that hold something."""
    with opened(path, name=name) as workbook:
        shown = [s.name for s in workbook.sheets_metadata if s.visible is SheetVisibleEnum.Visible]
        return [sheet for sheet in shown if workbook.get_sheet_by_name(sheet).height]


def read_sheet(
    path: Path, record_type: RecordType, *, name: str, sheet: str | None = None
) -> RawTable | None:
    """Read one sheet, the one of the most declared names unless named; None when all are blank.

    Rows are numbered as Excel numbers them. Raises InputError: as `opened`.
    """
    with opened(path, name=name) as workbook:
        found = _best(workbook, record_type, [sheet] if sheet else workbook.sheet_names)
        if found is None:
            return None
        chosen, header = found
        note = () if len(workbook.sheet_names) == 1 else (f"{name}: sheet « {chosen.name} » read",)
        return _rows(chosen, header, record_type.name, name, note)


def _best(
    workbook: CalamineWorkbook, record_type: RecordType, names: list[str]
) -> tuple[CalamineSheet, Header] | None:
    best: tuple[int, CalamineSheet, Header] | None = None
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        top = islice(sheet.iter_rows(), HIGHEST) if sheet.height else ()
        header = find_header(record_type, [[_text(cell) or "" for cell in row] for row in top])
        if header is not None:
            known = known_names(record_type, header.names)
            if best is None or known > best[0]:
                best = known, sheet, header
    return None if best is None else best[1:]


def _rows(
    sheet: CalamineSheet, header: Header, table: str, name: str, notes: tuple[str, ...]
) -> RawTable:
    rows = islice(sheet.iter_rows(), header.rank + 1, None)
    width, batches = header.width, []
    broken: dict[int, Broken] = {}
    number = first = header.rank + 2
    while batch := list(islice(rows, BATCH)):
        texts = [[_text(cell) for cell in row] for row in batch]
        for at, cells in enumerate(texts, number):
            if any(cells[width:]):  # a value beside the table: which column is it of?
                text = "\t".join(cell or "" for cell in cells)
                broken[at] = Broken(f"{width} values", f"{len(cells)} values", text)
        batches.append(
            pa.table(
                [[row[i] for row in texts] for i in range(width)],
                schema=pa.schema([(str(i), pa.string()) for i in range(width)]),
            )
        )
        number += len(batch)
    lines = np.arange(first, number, dtype=np.int64)
    frame = _joined(batches, width)
    if broken:
        sound = ~np.isin(lines, list(broken))
        frame, lines = frame[sound].reset_index(drop=True), lines[sound]
    frame.columns = pd.Index(header.names[:width])
    texts_of = {line: row.text for line, row in broken.items()}
    return RawTable(
        frame, name, lines, broken_rows(broken, file=name, table=table), notes, texts=texts_of
    )


def _joined(batches: list[pa.Table], width: int) -> pd.DataFrame:
    if not batches:
        return pd.DataFrame({str(i): pd.Series(dtype="str") for i in range(width)})
    frame: pd.DataFrame = pa.concat_tables(batches).to_pandas()
    return frame


def _text(cell: CELL) -> str | None:
    """Write a cell as a person would; days without their midnight, durations in hours."""
    match cell:
        case str():
            return cell.strip() or None
        case bool():
            return "true" if cell else "false"
        case float():
            return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
        case datetime():
            return cell.isoformat(sep=" ")
        case timedelta():
            minutes, seconds = divmod(int(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
        case _:
            return cell.isoformat()
