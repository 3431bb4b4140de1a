"""RiskModel: preprocessing, estimators and calibration as one scikit-learn classifier."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from models.calibration import Sigmoid, fit_sigmoid
from models.candidates import members_of
from models.members import Labels, Member, blanked, fit_member, person_folds

Array = npt.NDArray[np.float64]


class RiskModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Calibrated risk of a rupture within the horizon.

    A candidate's margin is the mean of the log-odds of its members, which are fitted on all rows;
    its calibration is a sigmoid in log-odds fitted on out-of-fold margins. Both being affine, they
    scale contributions and keep them additive.

    Parameters
    ----------
    candidate : str
        One of `models.candidates.NAMES`.
    senses : sequence of int or None
        Monotone constraint of each column: 1 where risk may only rise with it, -1 fall, 0 free.
    folds : int
        Folds of the out-of-fold margins.
    random_state : int or None
        Seed of the folds and of the members.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    members_ : tuple of the fitted library estimators
    margins_ : ndarray of shape (n,) or None
        Out-of-fold log-odds of the rows it was fitted on, before calibration; None with too few
        persons of a class to fold. A bundle does not keep them.
    sigmoid_ : Sigmoid
        Calibration of the margins.
    empty_ : ndarray of bool, shape (n_features,)
        Columns without any known value in training; ignored, since no estimator can use them.
    references_ : tuple of ndarray or None, one per member
        Means of the spread columns of a linear member: where its contributions count from.

    Notes
    -----
    `groups` (persons) must be given when a person has several rows: without it the out-of-fold
    margins see the same person on both sides and the calibration is overconfident.
    """

    def __init__(
        self,
        candidate: str = "logistic",
        senses: Sequence[int] | None = None,
        folds: int = 3,
        random_state: int | None = None,
    ) -> None:
        self.candidate = candidate
        self.senses = senses
        self.folds = folds
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:
        """Fit on rows X (n, p) and labels y (n,); `groups` (n,) are the persons.

        Raises ValueError unless y holds exactly two classes.
        """
        X, y = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype="float64")
        check_classification_targets(y)
        self.classes_, y = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"RiskModel: expected two classes in y, got {len(self.classes_)} class. "
                "Only binary classification is supported."
            )
        groups = np.arange(len(y)) if groups is None else np.asarray(groups)
        self.empty_ = np.isnan(X).all(axis=0)
        members = self._fit_members(self.known(X), y, groups)
        self.members_ = tuple(member.estimator for member in members)
        self.references_ = tuple(member.reference for member in members)
        self.margins_ = mean_margin([member.margins for member in members])
        self.sigmoid_ = fit_calibration(self.margins_, y)
        return self

    def known(self, X: Array) -> Array:
        """X with the columns that training never saw known set to 0: they weigh nothing."""
        return blanked(X, self.empty_)

    def decision_function(self, X: Any) -> Array:
        """Calibrated log-odds, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype="float64")
        return self.sigmoid_.apply(self.margin(X))

    def margin(self, X: Array) -> Array:
        """Log-odds before calibration of rows X (n, p), shape (n,)."""
        known = self.known(X)
        return mean([member.decision_function(known) for member in self.members_])

    def predict_proba(self, X: Any) -> Array:
        """Risk and its complement, shape (n, 2)."""
        risk = expit(self.decision_function(X))
        return np.column_stack([1.0 - risk, risk])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likelier class. A label decides nothing here; levels come from capacity."""
        likelier = (self.decision_function(X) > 0).astype(int)
        return np.asarray(self.classes_[likelier])

    def _fit_members(self, X: Array, y: Labels, groups: npt.NDArray[Any]) -> list[Member]:
        folds = person_folds(X, y, groups, most=self.folds, random_state=self.random_state)
        options: dict[str, Any] = {"senses": self.senses, "random_state": self.random_state}
        names = members_of(self.candidate)
        return [fit_member(name, X, y, folds=folds, **options) for name in names]


def fit_calibration(margins: Array | None, y: npt.ArrayLike) -> Sigmoid:
    """Sigmoid of out-of-fold margins (n,) and labels y (n,); log-odds as they are without them."""
    return Sigmoid(1.0, 0.0) if margins is None else fit_sigmoid(margins, y)


def mean_margin(parts: Sequence[Array | None]) -> Array | None:
    """Mean of the members' out-of-fold margins; None when there are none."""
    known = [part for part in parts if part is not None]
    return mean(known) if known else None


def mean(parts: Sequence[Array]) -> Array:
    """Mean of arrays of one shape, summed in their order."""
    return np.asarray(sum(parts) / len(parts))
