"""Refused rows: one line per faulty cell, with where it was, what was expected and what came."""

import numpy as np
import pandas as pd

REJECT_COLUMNS = ("file", "line", "table", "column", "expected", "got", "reason")
HIDDEN = "(hidden)"
MISSING = "(missing)"
LONGEST_GOT = 40  # a shifted column may bring a note where a code should be: never quote it whole


def no_rejects() -> pd.DataFrame:
    """Make an empty table of refused cells."""
    return pd.DataFrame({name: pd.Series(dtype=_dtype(name)) for name in REJECT_COLUMNS})


def reject_lines(
    lines: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    *,
    file: str | pd.Series,
    table: str,
    column: str,
    expected: str | pd.Series,
    got: str | pd.Series,
    reason: str,
) -> pd.DataFrame:
    """Return one refused cell for each of `lines`.

    `file`, `expected` and `got` are one text or one per line.
    """
    parts = {"file": file, "line": lines, "table": table, "column": column}
    parts |= {"expected": expected, "got": got, "reason": reason}
    frame = pd.DataFrame(
        {name: v.array if isinstance(v, pd.Series) else v for name, v in parts.items()},
        index=range(len(lines)),
    )
    return frame.astype({name: _dtype(name) for name in REJECT_COLUMNS})


def gather(rejects: list[pd.DataFrame]) -> pd.DataFrame:
    """Several tables of refused cells as one."""
    filled = [part for part in rejects if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else no_rejects()


def _dtype(name: str) -> str:
    return "int64" if name == "line" else "str"
