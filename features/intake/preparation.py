"""`vigie prepare`: a file whose headers are not ours becomes a table, by a stored mapping."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from features.common.errors import InputError
from features.common.writing import whole_file
from features.intake import mapping as mappings
from features.intake.formats.tabular import read_table
from features.intake.mapping import TYPES, Mapping
from features.records.schema import Column, Privacy

SHOWN = 10
HIDDEN = "•••"


def prepare_table(
    file: Path,
    mapping: Path,
    *,
    out_folder: Path | None,
    table: str | None,
    received_on: str | None,
) -> Iterator[Table | str]:
    """Map a file; yield its first rows, then what became of it, for the screen.

    The mapping is read when it is there, else proposed and written; the table goes to `out_folder`.
    Raises InputError: the file or the mapping cannot be read, or a required column has no header.
    """
    if table is not None and table not in TYPES:
        raise InputError(f"prepare: expected --table to be one of {', '.join(TYPES)}")
    raw = read_table(file, table="foreign").frame
    found = _received(_mapping(raw, mapping, table), received_on)
    rows = mappings.apply(found, raw, file=file.name)
    yield _shown(found, rows)
    yield f"{len(rows)} rows, {len(found.columns)} of {len(raw.columns)} columns mapped: {mapping}"
    if missing := mappings.missing_columns(found):
        raise InputError(
            f"{mapping}: expected {', '.join(f'{c.name} ({c.label})' for c in missing)}, got no "
            "column of the file for them; add them under [columns] or [values] and run again"
        )
    if out_folder is not None:
        path = _written(rows, out_folder, found.table)
        yield f"Written: {path}; next: vigie check {out_folder}"


def _mapping(raw: pd.DataFrame, path: Path, table: str | None) -> Mapping:
    if path.exists():
        return mappings.read_mapping(path)
    found = mappings.propose(TYPES[table], raw) if table else mappings.likeliest_table(raw)
    with whole_file(path) as temporary:
        mappings.write_mapping(found, temporary, headers=[str(name) for name in raw.columns])
    return found


def _received(found: Mapping, day: str | None) -> Mapping:
    """Return the mapping with the day of receipt for `known_on`, where nothing else gives it."""
    if day is None or "known_on" in {*found.columns, *found.constants}:
        return found
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise InputError("prepare: expected --received-on to be a day as 2026-11-28") from error
    return replace(found, constants={**found.constants, "known_on": day})


def _shown(found: Mapping, rows: pd.DataFrame) -> Table:
    """Return the first rows as mapped, a column a line; what is of a person is hidden."""
    table = Table(title=f"{found.table}: the first {min(SHOWN, len(rows))} rows")
    table.add_column("column", no_wrap=True)
    table.add_column("header of the file")
    table.add_column("values", ratio=1, no_wrap=True)
    for name in rows.columns:
        column = TYPES[found.table].by_name[name]
        values = " │ ".join(_cell(column, value) for value in rows[name].head(SHOWN))
        table.add_row(name, found.columns.get(name, "(one value for all)"), values)
    return table


def _cell(column: Column, value: Any) -> str:
    if pd.isna(value):
        return ""
    return str(value) if column.privacy is Privacy.NONE else HIDDEN


def _written(rows: pd.DataFrame, folder: Path, table: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.csv"
    with whole_file(path, private=True) as temporary:
        rows.to_csv(temporary, index=False)
    return path
