"""The columns of a linear member as arrays: scikit-learn's numbers, for one row in microseconds.

`ColumnTransformer` and what it holds walk through Python for every column, which takes milliseconds
for one row and, in training, longer than the regression. Here the fitted steps (median, ranks,
splines of degree 1) are read once; all columns are then computed together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.compose import ColumnTransformer

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
CHUNK = 1_000  # rows at a time: intermediate results stay in the processor's cache
FEW = 8  # rows up to which comparing with all quantiles beats a search by column


@dataclass(frozen=True)
class Curves:
    """Fitted curves of q columns: where they bend, and how far along each value lies.

    A rank is piecewise linear in the value: between two neighbouring quantiles it is
    `level + rise x (value - start) / width`, on a quantile it is `at`, which where quantiles are
    tied is the mean of their ranks. The tables hold one entry per interval, the last of a column
    being repeated.
    """

    inputs: Integers
    indicators: bool
    hats: int
    medians: Array
    quantiles: Array
    start: Array
    width: Array
    level: Array
    rise: Array
    at: Array
    scale: Array
    shift: Array

    @classmethod
    def of(cls, columns: ColumnTransformer) -> "Curves":
        """Read the fitted columns of a linear member of `models.candidates`."""
        steps = columns.named_transformers_["values"]
        selected = next(which for name, _, which in columns.transformers_ if name == "values")
        ranks, knots = steps["ranks"], [s.t[s.k : -s.k] for s in steps["splines"].bsplines_]
        tables = [_intervals(quantiles, ranks.references_) for quantiles in ranks.quantiles_.T]
        most = max(table.shape[1] for table in tables)
        padded = [np.pad(t, ((0, 0), (0, most - t.shape[1])), mode="edge") for t in tables]
        return cls(
            np.arange(columns.n_features_in_)[selected],
            "missing" in columns.named_transformers_,
            len(knots[0]) - 1,
            steps["impute"].statistics_,
            np.array([_distinct(quantiles, most) for quantiles in ranks.quantiles_.T]),
            *np.concatenate(padded, axis=1),
            *np.array([_position(k) for k in knots]).T,
        )

    @property
    def columns(self) -> int:
        """How many columns the inputs are spread on."""
        return len(self.inputs) * (self.hats + self.indicators)

    @property
    def values(self) -> Integers:
        """How many distinct quantiles each input has."""
        return np.asarray(np.isfinite(self.quantiles).sum(axis=1))

    def spread(self, X: Array) -> Array:
        """Rows X (n, p) as the fitted `ColumnTransformer` spreads them, shape (n, columns)."""
        count = len(self.inputs)
        spread = np.empty((len(X), self.columns))
        for hat, values in enumerate(self.heights(X)):
            spread[:, hat : count * self.hats : self.hats] = values
        if self.indicators:
            spread[:, count * self.hats :] = np.isnan(X[:, self.inputs])
        return spread

    def split(self, weights: Array) -> tuple[Array, Array]:
        """Weights of the spread columns as those of the hats (hats, q) and of unknown (q,)."""
        count = len(self.inputs)
        on_hats, on_missing = np.split(weights, [count * self.hats])
        unknown = on_missing if self.indicators else np.zeros(count)
        return np.ascontiguousarray(on_hats.reshape(count, self.hats).T), unknown

    def heights(self, X: Array) -> Iterator[Array]:
        """Height of each hat function at the rows X (n, p), shape (n, q) each."""
        position = np.clip(self._ranks(X) * self.scale + self.shift, 0.0, float(self.hats))
        for hat in range(self.hats):
            yield np.maximum(1.0 - np.abs(position - hat), 0.0)

    def _ranks(self, X: Array) -> Array:
        values = X[:, self.inputs]
        values = np.where(np.isnan(values), self.medians, values)
        interval = self._interval(values)
        start = self.start.take(interval)
        along = np.clip((values - start) / self.width.take(interval), 0.0, 1.0)
        between = self.level.take(interval) + self.rise.take(interval) * along
        return np.where(values == start, self.at.take(interval), between)

    def _interval(self, values: Array) -> Integers:
        """Entry of the tables for each value: how many quantiles of its column do not exceed it."""
        if len(values) <= FEW:
            below = (self.quantiles <= values[:, :, None]).sum(axis=2)
        else:
            searched = zip(self.quantiles, values.T, strict=True)
            below = np.stack([q.searchsorted(v, side="right") for q, v in searched], axis=1)
        first = np.arange(len(self.inputs)) * (len(self.start) // len(self.inputs))
        return np.asarray(below + first)


def chunks(X: Array) -> Iterator[Array]:
    """X, some rows at a time."""
    return (X[i : i + CHUNK] for i in range(0, len(X), CHUNK))


def _distinct(quantiles: Array, length: int) -> Array:
    """Distinct quantiles, filled up with a bound that no value reaches."""
    distinct = np.unique(quantiles)
    return np.pad(distinct, (0, length - len(distinct)), constant_values=np.inf)


def _intervals(quantiles: Array, references: Array) -> Any:
    """Start, width, level, rise and value at the start of each interval of one column.

    `QuantileTransformer` interpolates upwards and downwards and takes the mean, which differ where
    quantiles are tied; the lowest quantile has rank 0 and the highest 1, tied or not.
    """
    distinct, first = np.unique(quantiles, return_index=True)
    last = first + np.diff(first, append=len(quantiles)) - 1
    below, above = references[first], references[last]
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


def _position(knots: Array) -> tuple[float, float]:
    """Scale and shift that turn a rank into a position among the knots, counted from 0.

    A column that was constant in training has all its knots in one place and spreads on nothing:
    everything lies beyond the last hat.
    """
    length = knots[-1] - knots[0]
    if length == 0.0:
        return 0.0, float(len(knots))
    scale = (len(knots) - 1) / length
    return float(scale), float(-knots[0] * scale)
