"""A basis of linear splines on the ranks of each column, as a few arrays of numbers.

A column is filled with its median, ranked by its quantiles and spread on hat functions between
knots at equal distances in rank: outliers and skew do no harm, and shapes may bend. The numbers are
those of scikit-learn's `SimpleImputer`, `QuantileTransformer` and `SplineTransformer` of degree 1;
all columns are computed together, which takes microseconds for one row where these take
milliseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
CHUNK = 1_000  # rows at a time: intermediate results stay in the processor's cache
FEW = 8  # rows up to which comparing with all quantiles beats a search by column
QUANTILES = 50


class Ranks(NamedTuple):
    """Interpolation from value to rank, one entry per interval of every column.

    Between two neighbouring quantiles the rank is `level + rise x (value - start) / width`; on a
    quantile it is `at`, which where quantiles are tied is the mean of their ranks. Columns have
    equally many entries, the last of a column being repeated. `distinct` (q, m) holds the distinct
    quantiles, filled up with infinity, and `varies` (q,) whether there is more than one.
    """

    start: Array
    width: Array
    level: Array
    rise: Array
    at: Array
    distinct: Array
    varies: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SplineBasis:
    """The basis of q columns: `size` functions each, and an indicator of what is missing.

    `inputs` (q,) are positions among the columns of X; `medians` (q,) stand for what is missing;
    `quantiles` (q, m) are at equal distances in rank, from the lowest value to the highest.
    """

    inputs: Integers
    indicators: bool
    size: int
    medians: Array
    quantiles: Array

    @classmethod
    def fit(
        cls,
        X: Array,
        *,
        inputs: Integers,
        indicators: bool,
        size: int,
        by_value: Sequence[int] = (),
    ) -> "SplineBasis":
        """Learn medians and quantiles from rows X (n, p), of which a column may be all missing.

        Inputs in `by_value` are spread by their value and not by their rank.
        """
        values = X[:, inputs]
        known = np.where(np.isnan(values).all(axis=0), 0.0, values)
        medians = np.nanmedian(known, axis=0)
        filled = np.where(np.isnan(known), medians, known)
        percents = np.linspace(0.0, 1.0, min(QUANTILES, len(X))) * 100
        quantiles = np.percentile(filled, percents, axis=0)
        even = np.linspace(quantiles[0], quantiles[-1], len(quantiles))
        quantiles = np.where(np.isin(inputs, list(by_value)), even, quantiles)
        return cls(inputs, indicators, size, medians, quantiles.T)

    @property
    def columns(self) -> int:
        """How many columns the inputs are spread on."""
        return len(self.inputs) * (self.size + self.indicators)

    @property
    def distinct_values(self) -> Integers:
        """How many distinct quantiles each input has."""
        return np.asarray(np.isfinite(self._ranks.distinct).sum(axis=1))

    def transform(self, X: Array) -> Array:
        """Return rows X (n, p) on the basis, shape (n, columns): by input, then the indicators."""
        count = len(self.inputs)
        spread = np.empty((len(X), self.columns))
        for function, values in enumerate(self.basis_values(X)):
            spread[:, function : count * self.size : self.size] = values
        if self.indicators:
            spread[:, count * self.size :] = np.isnan(X[:, self.inputs])
        return spread

    def split(self, weights: Array) -> tuple[Array, Array]:
        """Return weights of the columns by function (size, q) and of what is missing (q,)."""
        count = len(self.inputs)
        functions, missing = np.split(weights, [count * self.size])
        on_missing = missing if self.indicators else np.zeros(count)
        return np.ascontiguousarray(functions.reshape(count, self.size).T), on_missing

    def basis_values(self, X: Array) -> Iterator[Array]:
        """Yield the value of each basis function at the rows X (n, p), shape (n, q) each.

        What was constant in training spreads on nothing: it lies beyond the last function.
        """
        scaled = np.where(self._ranks.varies, self._rank(X) * self.size, float(self.size))
        for function in range(self.size):
            yield np.maximum(1.0 - np.abs(scaled - function), 0.0)

    @cached_property
    def _ranks(self) -> Ranks:
        levels = np.linspace(0.0, 1.0, self.quantiles.shape[1])
        tables = [_intervals(quantiles, levels) for quantiles in self.quantiles]
        most = max(table.shape[1] for table in tables)
        padded = [np.pad(t, ((0, 0), (0, most - t.shape[1])), mode="edge") for t in tables]
        distinct = np.array([_distinct(quantiles, most) for quantiles in self.quantiles])
        varies = self.quantiles[:, 0] < self.quantiles[:, -1]
        start, width, level, rise, at = np.concatenate(padded, axis=1)
        return Ranks(start, width, level, rise, at, distinct, varies)

    def _rank(self, X: Array) -> Array:
        ranks, values = self._ranks, X[:, self.inputs]
        values = np.where(np.isnan(values), self.medians, values)
        interval = self._interval(values)
        start = ranks.start.take(interval)
        along = np.clip((values - start) / ranks.width.take(interval), 0.0, 1.0)
        between = ranks.level.take(interval) + ranks.rise.take(interval) * along
        return np.where(values == start, ranks.at.take(interval), between)

    def _interval(self, values: Array) -> Integers:
        """Entry of the tables for each value: how many quantiles of its column do not exceed it."""
        quantiles = self._ranks.distinct
        if len(values) <= FEW:
            below = (quantiles <= values[:, :, None]).sum(axis=2)
        else:
            searched = zip(quantiles, values.T, strict=True)
            below = np.stack([q.searchsorted(v, side="right") for q, v in searched], axis=1)
        first = np.arange(len(self.inputs)) * (len(self._ranks.start) // len(self.inputs))
        return np.asarray(below + first)


def chunks(X: Array) -> Iterator[Array]:
    """X, some rows at a time."""
    return (X[i : i + CHUNK] for i in range(0, len(X), CHUNK))


def _distinct(quantiles: Array, length: int) -> Array:
    """Distinct quantiles, filled up with a bound that no value reaches."""
    distinct = np.unique(quantiles)
    return np.pad(distinct, (0, length - len(distinct)), constant_values=np.inf)


def _intervals(quantiles: Array, levels: Array) -> Array:
    """Start, width, level, rise and value at the start of each interval of one column.

    Ranks are interpolated upwards and downwards and their mean is taken, which differ where
    quantiles are tied; the lowest quantile has rank 0 and the highest 1, tied or not.
    """
    distinct, first = np.unique(quantiles, return_index=True)
    last = first + np.diff(first, append=len(quantiles)) - 1
    below, above = levels[first], levels[last]
    at = (below + above) / 2.0
    at[-1] = 1.0
    at[0] = 0.0
    return np.array(
        [
            np.concatenate([distinct[:1], distinct]),
            np.concatenate([[1.0], np.diff(distinct), [1.0]]),
            np.concatenate([[0.0], above[:-1], [1.0]]),
            np.concatenate([[0.0], below[1:] - above[:-1], [0.0]]),
            np.concatenate([[0.0], at]),
        ]
    )
