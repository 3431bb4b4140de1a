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
    """Fit a member on rows X (n, p), of which no column is all missing, and 0/1 labels y (n,)."""
    unfitted = make_member(name, rows=len(X), senses=senses, random_state=random_state)
    fit = _fit_linear if isinstance(unfitted, Pipeline) else _fit_trees
    return fit(unfitted, X, y, folds)


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


def _fit_linear(unfitted: Pipeline, X: Array, y: Labels, folds: Folds) -> Member:
    """Curves once, from some of all rows; a regression for each fold.

    The curves never see a label: medians and ranks tell nothing of the ruptures of those left out,
    and the estimator that is kept has the same ones.
    """
    columns = clone(unfitted["columns"]).fit(_some(X, unfitted))
    spread, reference = _spread(Curves.of(columns), X)

    def score(train: Rows, test: Rows) -> Array:
        fold = _fit_regression(unfitted["regression"], spread[train], y[train])
        return np.asarray(fold.decision_function(spread[test]))

    margins = _out_of_fold(score, folds, length=len(y))
    regression = _fit_regression(unfitted["regression"], spread, y)
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


def _fit_regression(unfitted: BaseEstimator, spread: Any, y: Labels) -> Any:
    """A fitted regression whose coefficients are doubles, so that scores keep all their digits."""
    fitted = clone(unfitted).fit(spread, y)
    fitted.coef_ = fitted.coef_.astype("float64")
    fitted.intercept_ = fitted.intercept_.astype("float64")
    return fitted
