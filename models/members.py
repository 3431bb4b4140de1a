"""Fitting one member: the estimator to keep, and margins of rows it was not fitted on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from sklearn.utils import resample

from models.candidates import make_member
from models.curves import Curves, chunks
from models.regression import fit_regression

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]
Folds = Sequence[tuple[Rows, Rows]]


@dataclass(frozen=True)
class Member:
    """A fitted estimator, with log-odds of its training rows by fits that left their persons out.

    `margins` (n,) is None where there were too few persons to fold; `reference` holds the means of
    the spread columns of a linear member, where contributions count from.
    """

    estimator: Any
    margins: Array | None
    reference: Array | None


def person_folds(
    X: Array, y: Labels, groups: npt.NDArray[Any], *, most: int, random_state: int | None
) -> Folds:
    """Folds that keep each person on one side; none with fewer than two persons of a class."""
    count = min(most, np.unique(groups[y == 1]).size, np.unique(groups[y == 0]).size)
    if count < 2:
        return []
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=random_state)
    return list(splitter.split(X, y, groups))


def fit_member(
    name: str,
    X: Array,
    y: Labels,
    *,
    folds: Folds,
    senses: Sequence[int] | None = None,
    random_state: int | None = None,
) -> Member:
    """Fit a member on rows X (n, p), of which no column is all missing, and 0/1 labels y (n,).

    `senses` (p,) are the monotone constraints of the columns; none for None.
    """
    unfitted = make_member(name, rows=len(X), senses=senses, random_state=random_state)
    if isinstance(unfitted, Pipeline):
        return _fit_linear(unfitted, X, y, folds, senses)
    return _fit_trees(unfitted, X, y, folds)


def blanked(X: Array, empty: npt.NDArray[np.bool_]) -> Array:
    """X with 0 in the columns that were never known in training: they weigh nothing."""
    if not empty.any():
        return X
    return np.where(empty, 0.0, X)


def _fit_trees(unfitted: BaseEstimator, X: Array, y: Labels, folds: Folds) -> Member:
    def score(train: Rows, test: Rows) -> Array:
        empty = np.all(np.isnan(X[train]), axis=0, keepdims=True)
        fold = clone(unfitted).fit(blanked(X[train], empty), y[train])
        return np.asarray(fold.decision_function(blanked(X[test], empty)))

    margins = _out_of_fold(score, folds, length=len(y))
    return Member(clone(unfitted).fit(X, y), margins, None)


def _fit_linear(
    unfitted: Pipeline, X: Array, y: Labels, folds: Folds, senses: Sequence[int] | None
) -> Member:
    """Curves once, from some of all rows; a regression for each fold.

    The curves never see a label: medians and ranks tell nothing of the ruptures of those left out,
    and the estimator that is kept has the same ones.
    """
    columns = clone(unfitted["columns"]).fit(_some(X, unfitted))
    curves = Curves.of(columns)
    spread, reference = _spread(curves, X)
    weights, signs = _in_steps(spread, curves), _signs(curves, senses)

    def score(train: Rows, test: Rows) -> Array:
        fold = fit_regression(unfitted["regression"], spread[train], y[train], signs=signs)
        return np.asarray(fold.decision_function(spread[test]))

    margins = _out_of_fold(score, folds, length=len(y))
    whole = fit_regression(unfitted["regression"], spread, y, signs=signs)
    regression = _on_hats(whole, curves, weights)
    return Member(Pipeline([("columns", columns), ("regression", regression)]), margins, reference)


def _out_of_fold(
    score: Callable[[Rows, Rows], Array], folds: Folds, *, length: int
) -> Array | None:
    """Margins of every row by a fit that left it out; `score(train, test)` fits and scores."""
    if not folds:
        return None
    margins = np.empty(length)
    for train, test in folds:
        margins[test] = score(train, test)
    return margins


def _some(X: Array, unfitted: Pipeline) -> Array:
    """As many rows as the ranks are learned from: the medians need no more."""
    ranks = unfitted["columns"].transformers[0][1]["ranks"]
    if len(X) <= ranks.subsample:
        return X
    chosen = resample(
        np.arange(len(X)), replace=False, n_samples=ranks.subsample, random_state=ranks.random_state
    )
    return np.asarray(X[np.sort(chosen)])


def _spread(curves: Curves, X: Array) -> tuple[npt.NDArray[np.float32], Array]:
    """All rows on their curves in single precision, which is plenty to fit on, and their means."""
    spread = np.empty((len(X), curves.columns), dtype="float32")
    total, done = np.zeros(curves.columns), 0
    for rows in chunks(X):
        exact = curves.spread(rows)
        spread[done : done + len(rows)] = exact
        total, done = total + exact.sum(axis=0), done + len(rows)
    return spread, total / len(X)


def _in_steps(spread: Any, curves: Curves) -> Array:
    """Turn hats into steps, in place: each is 1 up to a knot and falls to 0 at the next.

    A ridge on steps draws neighbouring knots together and a whole curve to a constant; one on hats
    would draw each height to 0 by itself (Eilers and Marx, Flexible smoothing with B-splines and
    penalties, 1996). Answers the weight of each column.
    """
    weights = _weights(curves, columns=spread.shape[1])
    steps = spread[:, : len(curves.inputs) * curves.hats].reshape(len(spread), -1, curves.hats)
    np.cumsum(steps, axis=2, out=steps)
    spread *= weights.astype(spread.dtype)
    return weights


def _weights(curves: Curves, *, columns: int) -> Array:
    """How free each column is, against one step: a flag as one, though it climbs all the knots."""
    rises = np.minimum(curves.values - 1, curves.hats) / curves.hats
    weights = np.ones(columns)
    weights[: len(rises) * curves.hats] = np.repeat(np.sqrt(rises), curves.hats)
    return weights


def _signs(curves: Curves, senses: Sequence[int] | None) -> npt.NDArray[np.int64]:
    """Which way each coefficient may go: a step falls, so that of a rising risk is not above 0."""
    signs = np.zeros(curves.columns, dtype="int64")
    if senses is not None:
        falls = -np.asarray(senses, dtype="int64")[curves.inputs]
        signs[: len(falls) * curves.hats] = np.repeat(falls, curves.hats)
    return signs


def _on_hats(fitted: Any, curves: Curves, weights: Array) -> Any:
    """The same regression with its coefficients on hats, doubles, so that scores keep all digits.

    A hat is the difference of two steps, so that its height is the sum of the steps from it on.
    """
    coefficients = fitted.coef_[0] * weights
    steps = coefficients[: len(curves.inputs) * curves.hats].reshape(-1, curves.hats)
    steps[:] = steps[:, ::-1].cumsum(axis=1)[:, ::-1]
    fitted.coef_ = coefficients[None, :]
    return fitted
