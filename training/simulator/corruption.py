"""What goes wrong between the advisor and the export: well under one row in a hundred."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DUPLICATED = 0.002
CORRECTED = 0.003
CONTRADICTORY = 0.0005
UNKNOWN_CODE = 0.0005


@dataclass(frozen=True)
class Corruptible:
    """Where a table gets dirty: the number corrected, the code misspelt, the date swapped."""

    corrected: str | None
    code: str
    happened: str | None = None


def corrupt(
    frame: pd.DataFrame, corruptible: Corruptible, rng: np.random.Generator
) -> pd.DataFrame:
    """Mix unknown codes, contradictions, corrections and exact duplicates into the rows.

    Drawn before rows are cut at the end of contract, so that the corruption does not tell the end
    either.
    """
    frame = frame.copy()
    odd = rng.random(len(frame)) < UNKNOWN_CODE
    frame[corruptible.code] = frame[corruptible.code].mask(
        odd & frame[corruptible.code].notna(), "AUTRE"
    )
    if corruptible.happened is not None:
        _contradict(frame, corruptible.happened, rng)
    parts = [frame, _corrections(frame, corruptible.corrected, rng)]
    parts.append(frame[rng.random(len(frame)) < DUPLICATED])
    return pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)


def _contradict(frame: pd.DataFrame, happened: str, rng: np.random.Generator) -> None:
    """Make a few rows known before what they describe."""
    early = frame[happened] - pd.to_timedelta(rng.integers(1, 10, len(frame)), unit="D")
    frame["known_on"] = frame["known_on"].mask(
        rng.random(len(frame)) < CONTRADICTORY, early.astype("datetime64[s]")
    )


def _corrections(frame: pd.DataFrame, column: str | None, rng: np.random.Generator) -> pd.DataFrame:
    """Second versions of a few records: one number one unit higher, known some weeks later."""
    chosen = frame[rng.random(len(frame)) < CORRECTED].copy()
    later = rng.integers(3, 40, len(chosen)).astype("timedelta64[D]")
    if column is None:
        return chosen.iloc[:0]
    chosen["known_on"] = chosen["known_on"] + later
    chosen[column] = (chosen[column] + 1).clip(upper=_ceiling(column))
    return chosen[chosen[column].notna()]


def _ceiling(column: str) -> float:
    return 5 if column.startswith("rating_") else np.inf
