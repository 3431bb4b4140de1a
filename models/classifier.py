"""What the members of a candidate share: scikit-learn's contract around a margin."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from models.numbers import Numbers

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int64]
Folds = Sequence[tuple[Rows, Rows]]


class MarginClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # no types shipped
    """A classifier of two classes by log-odds, on float64 rows with NaN for what is missing.

    A member implements `_fit`, `margin`, `numbers` and `restore`.
    """

    margins_: Array | None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any, folds: Folds = ()) -> Self:
        """Fit on rows X (n, p) and labels y (n,) of two classes.

        `folds` are pairs of rows to learn from and rows to score: they give `margins_`, the
        log-odds of every row by a fit that left it out. Raises ValueError for another number of
        classes.
        """
        X, labels = self._checked(X, y)
        self._fit(X, labels, folds)
        return self

    def _checked(self, X: Any, y: Any) -> tuple[Array, Labels]:
        """Rows and labels 0 and 1, as scikit-learn checks them."""
        X, y = validate_data(self, X, y, ensure_all_finite="allow-nan", dtype="float64")
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"{type(self).__name__}: expected two classes in y, got {len(self.classes_)} class."
                " Only binary classification is supported."
            )
        return X, labels

    def decision_function(self, X: Any) -> Array:
        """Return log-odds, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, ensure_all_finite="allow-nan", dtype="float64")
        return self.margin(X)

    def predict_proba(self, X: Any) -> Array:
        """Return probabilities of both classes, shape (n, 2)."""
        risk = expit(self.decision_function(X))
        return np.column_stack([1.0 - risk, risk])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """Return the likelier class, shape (n,)."""
        likelier = (self.decision_function(X) > 0).astype(int)
        return np.asarray(self.classes_[likelier])

    def _fit(self, X: Array, y: Labels, folds: Folds) -> None:
        raise NotImplementedError

    def margin(self, X: Array) -> Array:
        """Return log-odds of rows X (n, p), shape (n,), without checks."""
        raise NotImplementedError

    def numbers(self) -> Numbers:
        """Return what was learned, as arrays by name."""
        raise NotImplementedError

    def restore(self, numbers: Mapping[str, npt.NDArray[Any]], *, features: int) -> Self:
        """Take back what `numbers` returned."""
        raise NotImplementedError

    def _restored(self, features: int) -> Self:
        self.classes_, self.n_features_in_ = np.array([0, 1]), features
        return self


def out_of_fold(score: Callable[[Rows, Rows], Array], folds: Folds, *, length: int) -> Array | None:
    """Return margins of every row by a fit that left it out; None without folds.

    `score(train, test)` fits on some rows and scores others.
    """
    if not folds:
        return None
    margins = np.empty(length)
    for train, test in folds:
        margins[test] = score(train, test)
    return margins


def person_folds(
    X: Array, y: Labels, groups: npt.NDArray[Any], *, most: int, random_state: int | None
) -> Folds:
    """Return folds that keep each person on one side; none with too few persons of a class."""
    count = min(most, np.unique(groups[y == 1]).size, np.unique(groups[y == 0]).size)
    if count < 2:
        return []
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=random_state)
    return list(splitter.split(X, y, groups))


def blanked(X: Array, empty: npt.NDArray[np.bool_]) -> Array:
    """Return X with 0 in the columns that were never known in training: they weigh nothing."""
    if not empty.any():
        return X
    return np.where(empty, 0.0, X)
