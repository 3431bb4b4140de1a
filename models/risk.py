"""RiskModel: preprocessing, estimators and calibration as one scikit-learn classifier."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.calibration import Sigmoid, fit_sigmoid
from models.candidates import make_member, members_of
from models.classifier import Labels, MarginClassifier, blanked, person_folds

Array = npt.NDArray[np.float64]


class RiskModel(MarginClassifier):
    """Calibrated risk of a rupture within the horizon.

    A candidate's margin is the mean of the log-odds of its members, which are fitted on all rows;
    its calibration is a sigmoid in log-odds fitted on out-of-fold margins. Both being affine, they
    scale contributions and keep them additive.

    Parameters
    ----------
    candidate : str
        One of `models.candidates.NAMES`.
    monotonic : sequence of int or None
        Per column: 1 where risk may only rise with it, -1 fall, 0 free.
    folds : int
        Folds of the out-of-fold margins.
    random_state : int or None
        Seed of the folds and of the members.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    members_ : tuple of the fitted members
    margins_ : ndarray of shape (n,) or None
        Out-of-fold log-odds of the rows it was fitted on, before calibration; None with too few
        persons of a class to fold. A bundle does not keep them.
    sigmoid_ : Sigmoid
        Calibration of the margins.
    empty_ : ndarray of bool, shape (n_features,)
        Columns without any known value in training; ignored, since no estimator can use them.

    Notes
    -----
    `groups` (persons) must be given when a person has several rows: without it the out-of-fold
    margins see the same person on both sides and the calibration is overconfident.
    """

    def __init__(
        self,
        candidate: str = "logistic",
        monotonic: Sequence[int] | None = None,
        folds: int = 3,
        random_state: int | None = None,
    ) -> None:
        self.candidate = candidate
        self.monotonic = monotonic
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Fit on rows X (n, p) and labels y (n,); `groups` (n,) are the persons.

        Raises ValueError unless y holds exactly two classes.
        """
        X, y = self._checked(X, y)
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        self.empty_ = np.isnan(X).all(axis=0)
        self.members_ = tuple(self._fit_members(self.known(X), y, groups))
        self.margins_ = mean_margin([member.margins_ for member in self.members_])
        self.sigmoid_ = fit_calibration(self.margins_, y)
        return self

    def known(self, X: Array) -> Array:
        """Return X with 0 in the columns that training never saw known: they weigh nothing."""
        return blanked(X, self.empty_)

    def margin(self, X: Array) -> Array:
        """Return calibrated log-odds of rows X (n, p), shape (n,), without checks."""
        return self.sigmoid_.apply(self.raw_margin(X))

    def raw_margin(self, X: Array) -> Array:
        """Return log-odds before calibration of rows X (n, p), shape (n,), without checks."""
        known = self.known(X)
        return mean([member.margin(known) for member in self.members_])

    def _fit_members(self, X: Array, y: Labels, groups: npt.NDArray[Any]) -> list[MarginClassifier]:
        folds = person_folds(X, y, groups, most=self.folds, random_state=self.random_state)
        unfitted = [
            make_member(name, rows=len(X), monotonic=self.monotonic, random_state=self.random_state)
            for name in members_of(self.candidate)
        ]
        return [member.fit(X, y, folds=folds) for member in unfitted]


def fit_calibration(margins: Array | None, y: npt.ArrayLike) -> Sigmoid:
    """Return the sigmoid of out-of-fold margins (n,) and labels y (n,); the identity without."""
    return Sigmoid(1.0, 0.0) if margins is None else fit_sigmoid(margins, y)


def mean_margin(parts: Sequence[Array | None]) -> Array | None:
    """Return the mean of the members' out-of-fold margins; None when there are none."""
    known = [part for part in parts if part is not None]
    return mean(known) if known else None


def mean(parts: Sequence[Array]) -> Array:
    """Return the mean of arrays of one shape, summed in their order."""
    return np.asarray(sum(parts) / len(parts))
