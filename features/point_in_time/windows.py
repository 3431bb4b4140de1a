"""Look-behind windows over the visible rows of each case: counts, sums, recency, trend.

A window of w days is half-open: it holds the rows that happened in [as_of - w, as_of).
Every function returns one float64 value per case; NaN means that nothing is known.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from features.point_in_time.memo import cached_on
from features.point_in_time.record_arrays import RecordArrays

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Visible rows of one table, sorted by case then by day."""

    columns: RecordArrays
    case: npt.NDArray[np.int64]
    days_ago: Values  # days between the day it happened and as_of; at least 1 for a past day
    cases: int
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def number(self, column: str) -> Values:
        """Return a numeric or flag column, one value per visible row."""
        return self.columns[column]

    @cached_on
    def known(self, column: str) -> Mask:
        """Return whether a numeric or flag column has a value."""
        return ~np.isnan(self.columns[column])

    @cached_on
    def is_code(self, column: str, *codes: str) -> Mask:
        """Return whether the column holds one of the codes; False where missing."""
        return self.columns.is_code(column, *codes)

    @cached_on
    def within(self, days: float) -> Mask:
        """Rows of the window [as_of - days, as_of)."""
        return (self.days_ago > 0) & (self.days_ago <= days)

    def count(self, mask: Mask) -> Values:
        """Number of rows; 0 where there are none."""
        number: npt.NDArray[Any] = np.bincount(self.case, mask, self.cases)
        return number

    def total(self, values: Values, mask: Mask) -> Values:
        """Sum of the known values; 0 where there are no rows, NaN where none of them is known."""
        known = mask & ~np.isnan(values)
        total = np.bincount(self.case[known], values[known], minlength=self.cases)
        nothing_known = (self.count(mask) > 0) & (self.count(known) == 0)
        return np.where(nothing_known, np.nan, total)

    def mean(self, values: Values, mask: Mask) -> Values:
        """Mean of the known values; NaN where there are none."""
        known = mask & ~np.isnan(values)
        number = self.count(known)
        total = np.bincount(self.case[known], values[known], minlength=self.cases)
        with np.errstate(invalid="ignore"):
            return total / number  # 0 / 0, where there are none, is NaN

    def share(self, part: Mask, whole: Mask) -> Values:
        """Rows of `part` among those of `whole`; NaN where `whole` is empty."""
        return self.mean(part.astype("float64"), whole)

    def last_row(self, mask: Mask) -> npt.NDArray[np.int64]:
        """Position of the latest row of each case, -1 where there is none."""
        (chosen,) = mask.nonzero()
        return self._place(chosen)  # rows are sorted: the last assignment is the latest

    def first_row(self, mask: Mask) -> npt.NDArray[np.int64]:
        """Position of the earliest row of each case, -1 where there is none."""
        (chosen,) = mask.nonzero()
        return self._place(chosen[::-1])

    def _place(self, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        position = np.empty(self.cases, dtype=np.int64)
        position.fill(-1)
        position[self.case[chosen]] = chosen
        return position

    def at(self, values: Values, position: npt.NDArray[np.int64]) -> Values:
        """Values at row positions, NaN for position -1."""
        if len(values) == 0:
            return np.full(self.cases, np.nan)
        found = values.take(position)
        found[position < 0] = np.nan
        return found

    def last(self, values: Values, mask: Mask) -> Values:
        """Latest known value of each case."""
        return self.at(values, self.last_row(mask & ~np.isnan(values)))

    def days_since(self, mask: Mask) -> Values:
        """Days since the latest row of each case; NaN where there is none."""
        return self.at(self.days_ago, self.last_row(mask))

    def longest_ago(self, mask: Mask) -> Values:
        """Days since the earliest row of each case; NaN where there is none."""
        return self.at(self.days_ago, self.first_row(mask))

    def latest(self, mask: Mask, number: int) -> Mask:
        """Restrict a mask to the `number` latest rows of each case."""
        (chosen,) = mask.nonzero()
        ends = np.bincount(self.case[chosen], minlength=self.cases).cumsum()
        rank = ends[self.case[chosen]] - 1 - np.arange(len(chosen))
        latest_rows = np.zeros_like(mask)
        latest_rows[chosen[rank < number]] = True
        return latest_rows

    def spells(self, mask: Mask, *, gap_days: float) -> Values:
        """Number of runs of rows separated by more than `gap_days`."""
        (chosen,) = mask.nonzero()
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
