"""The refused rows for whoever sent them: where, why, and the line as it was, as CSV and workbook.

Both files hold personal data. They are the sender's, to correct and send again, and are to be
deleted: `vigie retain` removes those older than RETENTION_DAYS.
"""

import csv
import io
from collections.abc import Hashable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import xlsxwriter

from features.common.spreadsheets import harmless_cell
from features.common.writing import whole_file
from features.intake.formats.originals import TEXT, originals
from features.intake.formats.rejects import gather
from features.intake.words import in_french

CSV_NAME, WORKBOOK_NAME = "rejects.csv", "rejects.xlsx"
RETENTION_DAYS = 30
MOST_ROWS = 100_000  # of one sheet; a spreadsheet holds a million, nobody corrects as many
REFUSED, LEFT_OUT = "row refused", "value left out"


def write_rejects(
    rejects: pd.DataFrame, left_out: pd.DataFrame, folder: Path, *, delivery: Path
) -> Path:
    """Write both files into `folder`, each whole or not at all, and return the CSV.

    Nobody but the owner may read them. Raises StorageError: the disk refused the write.
    """
    cells = gather([rejects.assign(effect=REFUSED), left_out.assign(effect=LEFT_OUT)])
    lines = originals(delivery, cells)
    with whole_file(folder / CSV_NAME, private=True) as file:
        _with_lines(cells, lines).map(_harmless).to_csv(file, index=False)
    with whole_file(folder / WORKBOOK_NAME, private=True) as file:
        _write_workbook(cells, lines, file)
    return folder / CSV_NAME


def remove_old_rejects(folder: Path, *, now: datetime) -> int:
    """Remove files of refused rows older than RETENTION_DAYS below `folder`; return how many."""
    before = (now - timedelta(days=RETENTION_DAYS)).timestamp()
    old = [
        file
        for name in (CSV_NAME, WORKBOOK_NAME)
        for file in folder.rglob(name)
        if file.is_file() and file.stat().st_mtime < before
    ]
    for file in old:
        file.unlink()
    return len(old)


def _harmless(cell: object) -> object:
    return harmless_cell(cell) if isinstance(cell, str) else cell


def _with_lines(cells: pd.DataFrame, lines: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give each refused cell the line it is of, as CSV."""
    texts = {
        (table, *place): row[TEXT] if isinstance(row.get(TEXT), str) else _csv_line(row)
        for table, rows in lines.items()
        for place, row in zip(rows.index, rows.to_dict("records"), strict=True)
    }
    places = zip(cells["table"], cells["file"], cells["line"], strict=True)
    return cells.assign(original=[texts.get(place, "") for place in places])


def _csv_line(row: Mapping[Hashable, object]) -> str:
    text = io.StringIO()
    values = [_shown(value) for name, value in row.items() if name != TEXT]
    csv.writer(text, delimiter=";", lineterminator="").writerow(values)
    return text.getvalue()


def _write_workbook(cells: pd.DataFrame, lines: dict[str, pd.DataFrame], file: Path) -> None:
    """Write a sheet for each table: the rows as they were, faulty cells marked, and the reasons.

    Corrected there, the workbook can be delivered as it is.
    """
    with xlsxwriter.Workbook(file) as book:  # `write_string` runs nothing
        bold, marked = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFD9B3"})
        for table, faults in cells.groupby("table", sort=False):
            sheet = book.add_worksheet(str(table))
            sheet.freeze_panes(1, 0)
            rows = lines.get(str(table), pd.DataFrame())
            names = [name for name in rows.columns if name != TEXT]
            for place, name in enumerate([*names, "fichier", "ligne", "motif"]):
                sheet.write_string(0, place, name, bold)
            for at, (values, faulty) in enumerate(_sheet_rows(faults, rows, names), 1):
                for place, value in enumerate(values):
                    form = marked if place < len(names) and names[place] in faulty else None
                    sheet.write_string(at, place, value, form)
        if cells.empty:
            book.add_worksheet()


def _sheet_rows(
    faults: pd.DataFrame, rows: pd.DataFrame, names: list[str]
) -> Iterator[tuple[list[str], set[str]]]:
    """Give the cells of each faulty row with its place and reasons, and its faulty columns."""
    held = dict(zip(rows.index, rows.to_dict("records"), strict=True))
    for number, (place, cells) in enumerate(faults.groupby(["file", "line"], sort=False)):
        if number == MOST_ROWS:
            return
        row = held.get(place, {})
        values = [_shown(row.get(name)) for name in names]
        if isinstance(row.get(TEXT), str) and names:
            values[0] = row[TEXT]
        reasons = [in_french(c, r) for c, r in zip(cells["column"], cells["reason"], strict=True)]
        yield [*values, str(place[0]), str(place[1]), " ; ".join(reasons)], set(cells["column"])


def _shown(value: object) -> str:
    return value if isinstance(value, str) else ""
