"""Headers that are not ours: which declared column each is, proposed, stored in a file, applied.

A mapping is TOML that people correct by hand:

    table = "contracts"
    [columns]             # declared name = the header as written
    contract_id = "N° de contrat"
    [values]              # declared name = one value for all rows
    kind = "apprentissage"
"""

import difflib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.common.plain_text import plain
from features.common.writing import whole_file
from features.intake.formats.cells import read_cells
from features.records.declarations import RECORD_TYPES
from features.records.schema import Column, RecordType

TYPES = {record_type.name: record_type for record_type in RECORD_TYPES}
ALIKE = 0.6  # of the letters of a header and a label, below which content alone proposes nothing
FITTING = 0.5  # of the values that must be what the column declares
SAMPLE = 500


@dataclass(frozen=True)
class Mapping:
    """Which header holds each declared column of a table, and values that hold for all rows."""

    table: str
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)


def propose(record_type: RecordType, raw: pd.DataFrame) -> Mapping:
    """Return the likeliest header of each declared column, each header used once.

    A header is proposed when it reads like the name or the French label of the column and at least
    half of its first values are what the column declares. `raw` holds the columns as written.
    """
    scores = [
        (alike * fits, column.name, header)
        for column in record_type.columns
        for header in map(str, raw.columns)
        if (alike := _alike(column, header)) >= ALIKE
        and (fits := _fitting(column, raw[header])) >= FITTING
    ]
    columns: dict[str, str] = {}
    for _, name, header in sorted(scores, key=lambda score: (-score[0], score[1], score[2])):
        if name not in columns and header not in columns.values():
            columns[name] = header
    in_order = {c.name: columns[c.name] for c in record_type.columns if c.name in columns}
    return Mapping(record_type.name, in_order)


def likeliest_table(raw: pd.DataFrame) -> Mapping:
    """Return the mapping of the table that most headers are proposed for."""
    return max((propose(t, raw) for t in RECORD_TYPES), key=lambda found: len(found.columns))


def apply(mapping: Mapping, raw: pd.DataFrame, *, file: str) -> pd.DataFrame:
    """Return the declared columns of the mapping, rows in their order.

    Raises InputError: a header of the mapping is not in the file.
    """
    gone = [header for header in mapping.columns.values() if header not in raw.columns]
    if gone:
        raise InputError(
            f"{file}: expected every header of the mapping, got a file without {len(gone)} of them "
            f"({', '.join(name for name, h in mapping.columns.items() if h in gone)}); "
            "correct the mapping"
        )
    mapped = {name: raw[header] for name, header in mapping.columns.items()}
    constants = {name: value for name, value in mapping.constants.items() if name not in mapped}
    return pd.DataFrame(mapped, index=raw.index).assign(**constants)


def missing_columns(mapping: Mapping) -> list[Column]:
    """Return the columns that a table cannot be read without and the mapping does not give."""
    given = {*mapping.columns, *mapping.constants}
    return [c for c in TYPES[mapping.table].columns if c.required and c.name not in given]


def write_mapping(mapping: Mapping, path: Path, *, headers: Sequence[str]) -> None:
    """Write the mapping; what is missing and the headers that are left over stand in remarks."""
    used = set(mapping.columns.values())
    lines = [f"table = {_quoted(mapping.table)}", "", "[columns]"]
    lines += [f"{name} = {_quoted(header)}" for name, header in mapping.columns.items()]
    lines += [f"# {c.name} = {c.label}, to be given" for c in missing_columns(mapping)]
    lines += [f"# left over: {_quoted(header)}" for header in headers if header not in used]
    lines += ["", "[values]", *(f"{name} = {_quoted(v)}" for name, v in mapping.constants.items())]
    with whole_file(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping back. Raises InputError, with what was expected, for one that cannot be."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"{path}: expected a mapping in TOML, got one that cannot be read"
        ) from error
    table = content.get("table")
    if table not in TYPES:
        raise InputError(f"{path}: expected table to be one of {', '.join(TYPES)}")
    parts = [content.get(part, {}) for part in ("columns", "values")]
    for part in parts:
        if not isinstance(part, dict) or not all(isinstance(v, str) for v in part.values()):
            raise InputError(f"{path}: expected [columns] and [values] to hold texts")
        if unknown := [name for name in part if name not in TYPES[table].by_name]:
            raise InputError(f"{path}: expected columns of {table}, got {unknown[0]}")
    columns, values = parts
    if len(set(columns.values())) < len(columns):
        raise InputError(f"{path}: expected each header once, got one for two columns")
    return Mapping(table, columns, values)


def _alike(column: Column, header: str) -> float:
    """Return how alike a header is to the name or the label of a column, from 0 to 1."""
    written = plain(header).replace("_", " ")
    names = (column.name.replace("_", " "), plain(column.label), plain(column.label.split(" (")[0]))
    return max(difflib.SequenceMatcher(None, written, name).ratio() for name in names)


def _fitting(column: Column, values: pd.Series) -> float:
    """Return the share of the first values that are what the column declares; 1 without any."""
    present = values.dropna().head(SAMPLE)
    if present.empty:
        return 1.0
    return 1.0 - float(read_cells(column, present).faulty.mean())


def _quoted(text: str) -> str:
    """Return a TOML string: a JSON one is."""
    return json.dumps(text, ensure_ascii=False)
