"""The line that names the columns: where it stands, and which declared column each name is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.common.plain_text import plain
from features.intake.formats.raw_tables import RawTable
from features.records.schema import RecordType

HIGHEST = 30  # a title and its remarks stand above the names; nobody writes more lines than this


@dataclass(frozen=True)
class Header:
    """The names of the columns as written, and the rank from 0 of their line among the records."""

    names: tuple[str, ...]
    rank: int

    @property
    def width(self) -> int:
        """How many columns there are up to the last that has a name."""
        return max((i for i, name in enumerate(self.names, 1) if name), default=0)


def known_names(record_type: RecordType, names: Sequence[str]) -> int:
    """Count the names that are declared columns."""
    return sum(1 for name in names if declared_name(record_type, name) is not None)


def declared_name(record_type: RecordType, name: str) -> str | None:
    """Return the declared column of a written name, whatever its case, accents and blanks."""
    name = plain(name).replace(" ", "_")
    return name if name in record_type.by_name else None


def find_header(record_type: RecordType, records: Sequence[Sequence[str]]) -> Header | None:
    """Return the first of the lines with the most declared names, else the first wide one.

    None when every line is blank.
    """
    lines = [[cell.strip() for cell in cells] for cells in records[:HIGHEST]]
    scores = [known_names(record_type, cells) for cells in lines]
    if max(scores, default=0) > 0:
        rank = scores.index(max(scores))
        return Header(tuple(lines[rank]), rank)
    filled = [sum(1 for cell in cells if cell) for cells in lines]
    if max(filled, default=0) == 0:
        return None
    rank = next(i for i, n in enumerate(filled) if n >= max(filled) / 2)
    return Header(tuple(lines[rank]), rank)


def with_declared_names(record_type: RecordType, raw: RawTable) -> RawTable:
    """Return the table with its columns named as declared; row numbers of other tools are left out.

    Raises InputError: two columns of one name, or a column that holds values and has no name.
    """
    written = [str(name).strip() for name in raw.frame.columns]
    names = [declared_name(record_type, name) or name for name in written]
    declared = [
        i for i, name in enumerate(names) if not _is_index(name, raw.frame.iloc[:, i], raw.file)
    ]
    if len({names[i] for i in declared}) < len(declared):
        raise InputError(f"{raw.file}: two columns have one name; keep one")
    numbered = [
        i for i in range(len(names)) if i not in declared and raw.frame.iloc[:, i].notna().any()
    ]
    notes = (f"{raw.file}: a column of row numbers was left out",) if numbered else ()
    frame = raw.frame.iloc[:, declared] if len(declared) < len(names) else raw.frame
    frame = frame.set_axis([names[i] for i in declared], axis="columns")
    return replace(raw, frame=frame, notes=(*raw.notes, *notes))


def _is_index(name: str, values: pd.Series, file: str) -> bool:
    """Return whether a column is none of ours: blank without a name, or the ranks of the rows."""
    if name and not re.fullmatch(r"Unnamed: [0-9]+|__index_level_[0-9]+__", name):
        return False
    present = values.dropna()
    ranks = pd.to_numeric(present, errors="coerce")
    if not name and not (ranks.notna().all() and bool((np.diff(ranks.to_numpy()) > 0).all())):
        raise InputError(f"{file}: a column has values and no name; name it or take it out")
    return True
