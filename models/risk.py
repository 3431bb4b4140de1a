"""RiskModel: preprocessing, estimators and calibration as one scikit-learn classifier."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.calibration import Sigmoid, fit_sigmoid
from models.candidates import AS_IS, make_member, members_of
from models.classifier import MarginClassifier, blanked, person_folds
from models.effects import encoded, transform

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
    nominal : sequence of int
        Columns that hold codes of categories: pooled to effects (`models.effects`), which risk may
        only rise with. A code never seen has the effect 0, that of the mean.
    settings : mapping of str to mapping, or None
        Parameters of members by name, in place of their defaults.
    parent : RiskModel or None
        A fitted model of the same columns, learned elsewhere, that a candidate of
        `models.candidates.PARENT_MEMBERS` starts from.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    members_ : tuple of the fitted members
    margins_ : ndarray of shape (n,) or None
        Out-of-fold log-odds of the rows it was fitted on, before calibration; None with too few
        persons of a class to fold. A bundle does not keep them.
    sigmoid_ : Sigmoid
        Calibration of the margins.
    effects_ : tuple of Effects, one per nominal column
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
        nominal: Sequence[int] = (),
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        parent: Any = None,
    ) -> None:
        self.candidate = candidate
        self.monotonic = monotonic
        self.folds = folds
        self.random_state = random_state
        self.nominal = nominal
        self.settings = settings
        self.parent = parent

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Fit on rows X (n, p) and labels y (n,); `groups` (n,) are the persons.

        Raises ValueError unless y holds exactly two classes.
        """
        X, y = self._checked(X, y)
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        folds = person_folds(X, y, groups, most=self.folds, random_state=self.random_state)
        self.empty_ = np.isnan(X).all(axis=0)
        X, self.effects_ = encoded(X, y, groups, nominal=tuple(self.nominal), folds=folds)
        X = blanked(X, self.empty_)
        self.members_ = tuple(member.fit(X, y, folds=folds) for member in self._members(X))
        self.margins_ = mean_margin([member.margins_ for member in self.members_])
        self.sigmoid_ = fit_calibration(self.margins_, y, candidate=self.candidate)
        return self

    def known(self, X: Array) -> Array:
        """Return rows X (n, p) as the members see them.

        Codes are effects, and columns that training never saw known are 0: they weigh nothing.
        """
        numbers = transform(X, tuple(self.nominal), self.effects_) if self.nominal else X
        return blanked(numbers, self.empty_)

    def margin(self, X: Array) -> Array:
        """Return calibrated log-odds of rows X (n, p), shape (n,), without checks."""
        return self.sigmoid_.apply(self.raw_margin(X))

    def raw_margin(self, X: Array) -> Array:
        """Return log-odds before calibration of rows X (n, p), shape (n,), without checks."""
        known = self.known(X)
        return mean([member.margin(known) for member in self.members_])

    def _monotonic(self, features: int) -> list[int] | None:
        """Constraints of the columns as the members see them: risk only rises with an effect."""
        if self.monotonic is None and not self.nominal:
            return None
        declared = [0] * features if self.monotonic is None else map(int, self.monotonic)
        return [1 if c in self.nominal else constraint for c, constraint in enumerate(declared)]

    def _members(self, X: Array) -> list[MarginClassifier]:
        """Members not fitted yet, for rows X (n, p) whose codes are effects."""
        settings = self.settings or {}
        return [
            make_member(
                name,
                rows=len(X),
                monotonic=self._monotonic(X.shape[1]),
                nominal=self.nominal,
                random_state=self.random_state,
                parent=self.parent,
                **settings.get(name, {}),
            )
            for name in members_of(self.candidate)
        ]


def fit_calibration(margins: Array | None, y: npt.ArrayLike, *, candidate: str) -> Sigmoid:
    """Return the sigmoid of out-of-fold margins (n,) and labels y (n,); the identity without."""
    if margins is None or candidate == AS_IS:
        return Sigmoid(1.0, 0.0)
    return fit_sigmoid(margins, y)


def mean_margin(parts: Sequence[Array | None]) -> Array | None:
    """Return the mean of the members' out-of-fold margins; None when there are none."""
    known = [part for part in parts if part is not None]
    return mean(known) if known else None


def mean(parts: Sequence[Array]) -> Array:
    """Return the mean of arrays of one shape, summed in their order."""
    return np.asarray(sum(parts) / len(parts))
