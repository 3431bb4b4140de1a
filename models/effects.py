"""Nominal columns as pooled effects: how far a category lies from what its cases would let expect.

The effect of a category is the mode of a random intercept: observed against expected ruptures of
its cases, expected from the model without the column, drawn to 0 the more the less is known of it
(partial pooling; Efron and Morris, Data analysis using Stein's estimator, 1975). How far categories
lie apart is learned from all of them: where they differ by chance alone, every effect is 0.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from models.classifier import Folds, Labels
from models.regression import PenalisedRegression

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Generic = npt.NDArray[np.generic]
NEWTON_STEPS = 8
EXPECTED_ROWS = 20_000  # rows that the expectation is learned from
EXPECTED_C = 0.05  # what other columns explain should not be left to the categories
SMALLEST_INFORMATION = 1e-9


@dataclass(frozen=True)
class Effects:
    """Log-odds effects of the categories of one column; `codes` (k,) ascend, as `effects` (k,)."""

    codes: Array
    effects: Array

    def transform(self, values: Array) -> Array:
        """Return the effect of each value, shape (n,): 0 for a code never seen, NaN for NaN."""
        position = np.searchsorted(self.codes, values).clip(max=len(self.codes) - 1)
        known = self.codes[position] == values
        return np.where(np.isnan(values), np.nan, np.where(known, self.effects[position], 0.0))


class Cases(NamedTuple):
    """Labels, expected log-odds and persons of the rows that effects are learned from."""

    y: Labels
    margin: Array
    persons: Integers

    def at(self, rows: npt.NDArray[Any]) -> "Cases":
        """Return some of the rows."""
        return Cases(self.y[rows], self.margin[rows], self.persons[rows])


def fit_effects(values: Array, cases: Cases) -> Effects:
    """Return the effects of one column of category codes (n,), NaN for unknown.

    Rows of one person go together: what they tell counts as that much less, and categories are held
    apart only as far as they differ by more than persons do.
    """
    known = ~np.isnan(values)
    codes, position = np.unique(values[known], return_inverse=True)
    if len(codes) < 2:
        return Effects(codes if len(codes) else np.zeros(1), np.zeros(max(len(codes), 1)))
    part = cases.at(known)
    clustering, variance = _spread(position, len(codes), part)
    effects = np.zeros(len(codes))
    if variance > 0.0:
        effects = _modes(position, effects, part, strength=clustering / variance)
    return Effects(codes, effects)


def encoded(
    X: Array, y: Labels, persons: Generic, *, nominal: tuple[int, ...], folds: Folds
) -> tuple[Array, tuple[Effects, ...]]:
    """Return rows X (n, p) with effects for the codes of the `nominal` columns, and the effects.

    Rows are given effects that their own fold had no part in: else a rare category would tell the
    label of its only case. New rows are given those of all, which are returned.
    """
    if not nominal:
        return X, ()
    codes = np.unique(persons, return_inverse=True)[1]
    cases = Cases(y, expected_margin(X, y, nominal=nominal), codes)
    whole = tuple(fit_effects(X[:, column], cases) for column in nominal)
    numbers = transform(X, nominal, whole)
    for train, test in folds:
        part = cases.at(train)
        for column in nominal:
            effects = fit_effects(X[train, column], part)
            numbers[test, column] = effects.transform(X[test, column])
    return numbers, whole


def transform(X: Array, nominal: tuple[int, ...], effects: tuple[Effects, ...]) -> Array:
    """Return a copy of rows X (n, p) with effects for the codes of the `nominal` columns."""
    numbers = X.copy()
    for column, of_column in zip(nominal, effects, strict=True):
        numbers[:, column] = of_column.transform(X[:, column])
    return numbers


def expected_margin(X: Array, y: Labels, *, nominal: tuple[int, ...]) -> Array:
    """Return log-odds (n,) by a regression on the other columns, the rate without any of them."""
    others = [column for column in range(X.shape[1]) if column not in nominal]
    rows = np.unique(np.linspace(0, len(X) - 1, min(len(X), EXPECTED_ROWS)).astype(np.intp))
    if not others or len(np.unique(y[rows])) < 2:
        rate = y.mean()
        return np.full(len(X), np.log(rate / (1.0 - rate)))
    return PenalisedRegression(C=EXPECTED_C, inputs=others).fit(X[rows], y[rows]).margin(X)


def _spread(position: Integers, count: int, cases: Cases) -> tuple[float, float]:
    """How much persons inflate the variance of a sum of residuals, and the variance of effects.

    By moments: the squared residual of a category is what its persons bring by chance, plus the
    variance of effects times the squared information.
    """
    risk = expit(cases.margin)
    residual = cases.y - risk
    information = np.bincount(position, weights=risk * (1.0 - risk), minlength=count)
    cluster, member = np.unique(
        position * (cases.persons.max() + 1) + cases.persons, return_inverse=True
    )
    by_person = np.bincount(member, weights=residual)
    of_category = (cluster // (cases.persons.max() + 1)).astype(np.intp)
    chance = np.bincount(of_category, weights=by_person**2, minlength=count)
    squared = np.bincount(position, weights=residual, minlength=count) ** 2
    clustering = max(1.0, float(chance.sum() / max(information.sum(), SMALLEST_INFORMATION)))
    more = float((squared - chance).sum())
    return clustering, max(0.0, more / max(float((information**2).sum()), SMALLEST_INFORMATION))


def _modes(position: Integers, start: Array, cases: Cases, *, strength: float) -> Array:
    """Modes of random intercepts of prior precision `strength`, all categories at once (Newton)."""
    effects = start
    observed = np.bincount(position, weights=cases.y, minlength=len(start))
    for _ in range(NEWTON_STEPS):
        risk = expit(cases.margin + effects[position])
        expected = np.bincount(position, weights=risk, minlength=len(start))
        information = np.bincount(position, weights=risk * (1.0 - risk), minlength=len(start))
        step = (observed - expected - strength * effects) / (information + strength)
        effects = effects + np.clip(step, -2.0, 2.0)
    return effects
