"""Look-behind windows over the visible rows of each case: counts, sums, recency, trend.

A window of w days is half-open: it holds the rows that happened in [as_of - w, as_of).
Every function returns one float64 value per case; NaN means that nothing is known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Visible rows of one table, sorted by case then by day, columns read only when asked for."""

    table: pd.DataFrame
    row: npt.NDArray[np.int64]
    case: npt.NDArray[np.int64]
    days_ago: Values  # days between the day it happened and as_of; at least 1 for a past day
    cases: int

    def number(self, column: str) -> Values:
        """A numeric or flag column, one value per visible row."""
        return self.table[column].to_numpy("float64")[self.row]

    def is_code(self, column: str, *codes: str) -> Mask:
        """Whether the column holds one of the codes; False where missing."""
        values = self.table[column].cat
        wanted = values.categories.get_indexer(pd.Index(codes))
        return np.asarray(np.isin(values.codes.to_numpy()[self.row], wanted[wanted >= 0]))

    def within(self, days: float) -> Mask:
        """Rows of the window [as_of - days, as_of)."""
        return (self.days_ago > 0) & (self.days_ago <= days)

    def count(self, mask: Mask) -> Values:
        """Number of rows; 0 where there are none."""
        return np.asarray(np.bincount(self.case[mask], minlength=self.cases), dtype="float64")

    def total(self, values: Values, mask: Mask) -> Values:
        """Sum of the known values; 0 where there are no rows, NaN where none of them is known."""
        known = mask & ~np.isnan(values)
        total = np.bincount(self.case[known], values[known], minlength=self.cases)
        nothing_known = (self.count(mask) > 0) & (self.count(known) == 0)
        return np.where(nothing_known, np.nan, total)

    def mean(self, values: Values, mask: Mask) -> Values:
        """Mean of the known values; NaN where there are none."""
        number = self.count(mask & ~np.isnan(values))
        mean = np.full(self.cases, np.nan)
        np.divide(self.total(values, mask), number, out=mean, where=number > 0)
        return mean

    def share(self, part: Mask, whole: Mask) -> Values:
        """Rows of `part` among those of `whole`; NaN where `whole` is empty."""
        return self.mean(part.astype("float64"), whole)

    def last_row(self, mask: Mask) -> npt.NDArray[np.int64]:
        """Position of the latest row of each case, -1 where there is none."""
        position = np.full(self.cases, -1)
        (chosen,) = np.nonzero(mask)
        position[self.case[chosen]] = chosen  # rows are sorted: the last assignment is the latest
        return position

    def at(self, values: Values, position: npt.NDArray[np.int64]) -> Values:
        """Values at row positions, NaN for position -1."""
        if len(values) == 0:
            return np.full(self.cases, np.nan)
        return np.where(position < 0, np.nan, values[position])

    def last(self, values: Values, mask: Mask) -> Values:
        """Latest known value of each case."""
        return self.at(values, self.last_row(mask & ~np.isnan(values)))

    def days_since(self, mask: Mask) -> Values:
        """Days since the latest row of each case; NaN where there is none."""
        return self.at(self.days_ago, self.last_row(mask))

    def longest_ago(self, mask: Mask) -> Values:
        """Days since the earliest row of each case; NaN where there is none."""
        oldest = np.full(self.cases, -np.inf)
        np.maximum.at(oldest, self.case[mask], self.days_ago[mask])
        return np.where(np.isneginf(oldest), np.nan, oldest)

    def latest(self, mask: Mask, number: int) -> Mask:
        """Restrict a mask to the `number` latest rows of each case."""
        (chosen,) = np.nonzero(mask)
        ends = np.bincount(self.case[chosen], minlength=self.cases).cumsum()
        rank = ends[self.case[chosen]] - 1 - np.arange(len(chosen))
        kept = np.zeros_like(mask)
        kept[chosen[rank < number]] = True
        return kept

    def spells(self, mask: Mask, *, gap_days: float) -> Values:
        """Number of runs of rows separated by more than `gap_days`."""
        (chosen,) = np.nonzero(mask)
        case, days = self.case[chosen], self.days_ago[chosen]
        begins = np.ones(len(chosen), dtype=bool)
        begins[1:] = (case[1:] != case[:-1]) | (days[:-1] - days[1:] > gap_days)
        return np.bincount(case[begins], minlength=self.cases).astype("float64")

    def slope(self, values: Values, mask: Mask, *, per_days: float) -> Values:
        """Least-squares slope over time, per `per_days`; NaN without two distinct days."""
        known = mask & ~np.isnan(values)
        time, value, case = -self.days_ago[known] / per_days, values[known], self.case[known]
        n = np.bincount(case, minlength=self.cases)
        with np.errstate(invalid="ignore", divide="ignore"):
            time = time - (np.bincount(case, time, self.cases) / n)[case]
            spread = np.bincount(case, time**2, self.cases)
            rise = np.bincount(case, time * value, self.cases)
            return np.where(spread > 1e-12, rise / spread, np.nan)
