"""RiskModel: preprocessing, estimator and calibration as one scikit-learn classifier."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from models.calibration import Sigmoid, fit_sigmoid
from models.candidates import make_candidate

Array = npt.NDArray[np.float64]


class RiskModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Calibrated risk of a rupture within the horizon.

    The estimator is fitted on all rows; its calibration is a sigmoid in log-odds fitted on
    out-of-fold margins. Being affine, it scales contributions and keeps them additive.

    Parameters
    ----------
    candidate : str
        One of `models.candidates.NAMES`.
    senses : sequence of int or None
        Monotone constraint of each column, for trees.
    folds : int
        Folds of the out-of-fold margins.
    random_state : int or None
        Seed of the folds and of the estimator.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    estimator_ : the fitted estimator
    sigmoid_ : Sigmoid
        Calibration of the margins.
    empty_ : ndarray of bool, shape (n_features,)
        Columns without any known value in training; ignored, since no estimator can use them.
    reference_ : ndarray or None
        Means of the transformed columns of a linear candidate: where contributions count from.

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
        self.sigmoid_ = self._calibrate(X, y, groups)
        self.empty_ = np.isnan(X).all(axis=0)
        self.estimator_ = self._candidate().fit(self.known(X), y)
        self.reference_ = self._reference(X)
        return self

    def known(self, X: Array) -> Array:
        """X with the columns that training never saw known set to 0: they weigh nothing."""
        return _blanked(X, self.empty_)

    def decision_function(self, X: Any) -> Array:
        """Calibrated log-odds, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype="float64")
        return self.sigmoid_.apply(self.estimator_.decision_function(self.known(X)))

    def predict_proba(self, X: Any) -> Array:
        """Risk and its complement, shape (n, 2)."""
        risk = expit(self.decision_function(X))
        return np.column_stack([1.0 - risk, risk])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likelier class. A label decides nothing here; levels come from capacity."""
        likelier = (self.decision_function(X) > 0).astype(int)
        return np.asarray(self.classes_[likelier])

    def _candidate(self) -> BaseEstimator:
        return make_candidate(self.candidate, senses=self.senses, random_state=self.random_state)

    def _calibrate(self, X: Array, y: npt.NDArray[Any], groups: npt.NDArray[Any]) -> Sigmoid:
        """Sigmoid of the out-of-fold margins; none with too few persons of a class to fold."""
        folds = min(self.folds, np.unique(groups[y == 1]).size, np.unique(groups[y == 0]).size)
        if folds < 2:
            return Sigmoid(1.0, 0.0)
        splits = StratifiedGroupKFold(folds, shuffle=True, random_state=self.random_state)
        margins = np.empty(len(y))
        for train, test in splits.split(X, y, groups):
            empty = np.isnan(X[train]).all(axis=0)
            estimator = self._candidate().fit(_blanked(X[train], empty), y[train])
            margins[test] = estimator.decision_function(_blanked(X[test], empty))
        return fit_sigmoid(margins, y.astype("float64"))

    def _reference(self, X: Array) -> Array | None:
        if not isinstance(self.estimator_, Pipeline):
            return None
        columns = self.estimator_[:-1].transform(self.known(X))
        return np.asarray(columns.mean(axis=0), dtype="float64")


def _blanked(X: Array, empty: npt.NDArray[np.bool_]) -> Array:
    if not empty.any():
        return X
    return np.where(empty, 0.0, X)
