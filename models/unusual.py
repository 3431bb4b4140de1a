"""Facts of a case unlike any that the model learned from: where its risk is a guess beyond data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Unusual:
    """A fact outside of what was seen in training: its feature, label and sentence."""

    feature: str
    label: str
    sentence: str


@dataclass(frozen=True)
class SeenRanges:
    """The lowest and the highest value that training saw of each column, shape (columns,) each.

    NaN for a column of which nothing is known: no value of it is unusual.
    """

    low: Floats
    high: Floats

    @classmethod
    def of(cls, profile: Mapping[str, Any], columns: Sequence[str]) -> "SeenRanges":
        """Return the ranges in a profile (`models.drift`); one of before has none."""
        nothing = (np.nan, np.nan)
        pairs = [profile.get(name, {}).get("range") or nothing for name in columns]
        return cls(*np.array(pairs, dtype="float64").reshape(-1, 2).T)

    def outside(self, X: Floats) -> list[list[int]]:
        """Return the columns of each row of X (n, columns) that lie outside; missing is not."""
        beyond = (self.low > X) | (self.high < X)
        found: list[list[int]] = [[] for _ in range(len(X))]
        for row, column in zip(*(part.tolist() for part in np.nonzero(beyond)), strict=True):
            found[row].append(column)
        return found
