"""A table as it came: columns untouched, the line of each row, and what is no row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.intake.formats.rejects import reject_lines

Lines = npt.NDArray[np.int64]
NO_LINES: Lines = np.array([], dtype=np.int64)
NOT_A_ROW = "not a row of the table"


@dataclass(frozen=True)
class Broken:
    """A record that is no row: what was expected, what came, and its text for whoever sent it."""

    expected: str
    got: str
    text: str = ""


@dataclass(frozen=True)
class RawTable:
    """Rows as they came, the line of each, and the refused lines that are no rows at all.

    `repeats` counts rows that another of the delivery already describes, left out of `frame`;
    `texts` holds the lines of `broken` as they were written, where that is known.
    """

    frame: pd.DataFrame
    file: str
    lines: Lines
    broken: pd.DataFrame
    notes: tuple[str, ...] = ()
    repeats: int = 0
    texts: Mapping[int, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many rows the file holds, broken and repeated ones included."""
        return len(self.frame) + len(self.broken) + self.repeats

    def without_blank_rows(self) -> "RawTable":
        """Leave the rows out that hold nothing at all; a note counts them."""
        every = np.ones(len(self.frame), dtype=bool)
        columns = [values.isna().to_numpy() for _, values in self.frame.items()]
        blank = np.logical_and.reduce([every, *columns])
        if not blank.any():
            return self
        return replace(
            self,
            frame=self.frame[~blank].reset_index(drop=True),
            lines=self.lines[~blank],
            notes=(*self.notes, f"{self.file}: {blank.sum()} blank lines skipped"),
        )


def broken_rows(broken: Mapping[int, Broken], *, file: str, table: str) -> pd.DataFrame:
    """Return one refused line for each broken record, by line."""
    rows = list(broken.values())
    return reject_lines(
        np.fromiter(broken, np.int64),
        file=file,
        table=table,
        column="",
        expected=pd.Series([row.expected for row in rows], dtype="str"),
        got=pd.Series([row.got for row in rows], dtype="str"),
        reason=NOT_A_ROW,
    )
