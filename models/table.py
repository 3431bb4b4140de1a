"""A calibrated risk with additive reasons on any table of numbers and categories.

For tables outside of Vigie's catalogue: `TableModel(nominal=["course"]).fit(table, left)`. Nothing
of a table needs to be scaled, imputed or encoded: missing values are missing, nominal columns are
pooled to effects, and how smooth the regression and how deep the trees are is chosen out of fold.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from models.checks import ArgumentError
from models.explanation import Explainer
from models.metrics import log_loss
from models.risk import RiskModel

Array = npt.NDArray[np.float64]
Settings = Mapping[str, Mapping[str, Any]]
# From smooth to supple; the first are those of Vigie, made for rare ruptures.
REGRESSIONS: tuple[dict[str, Any], ...] = ({}, {"C": 0.05}, {"C": 0.5}, {"C": 5.0})
TREES: tuple[dict[str, Any], ...] = (
    {},
    {"max_depth": 3, "min_samples_leaf": 20, "l2_regularization": 5.0},
    {
        "max_depth": 5,
        "learning_rate": 0.04,
        "max_iter": 250,
        "min_samples_leaf": 20,
        "l2_regularization": 5.0,
    },
)
BASE = "base"
UNSEEN = -1.0  # code of a category that training did not hold


class TableModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # no types shipped
    """A risk model on a table with named columns.

    Parameters
    ----------
    nominal : sequence of str or None
        Columns of categories; those that hold no numbers for None. Other columns are numbers, in
        whose order there is a meaning.
    monotonic : mapping of str to int or None
        1 where risk may only rise with a column, -1 fall; columns left out are free.
    folds : int
        Folds that settings are chosen in and calibration is learned in.
    random_state : int or None
        Seed of the folds and of the members.

    Attributes
    ----------
    model_ : RiskModel
        What was chosen; `model_.settings` and `model_.candidate` say which.
    losses_ : dict of str to float
        Log loss out of fold of everything that was tried.
    """

    def __init__(
        self,
        nominal: Sequence[str] | None = None,
        monotonic: Mapping[str, int] | None = None,
        folds: int = 5,
        random_state: int | None = None,
    ) -> None:
        self.nominal = nominal
        self.monotonic = monotonic
        self.folds = folds
        self.random_state = random_state

    def fit(self, X: pd.DataFrame, y: Any, groups: Any = None) -> Self:
        """Fit on a table X of n rows and labels y (n,) of two classes.

        `groups` (n,) are the persons, where one has several rows: without them, folds see a person
        on both sides and risks come out too sure. Raises ArgumentError for columns that are not
        there or hold no numbers, ValueError for another number of classes.
        """
        self.columns_ = [str(column) for column in X.columns]
        self.categories_ = {column: _categories(X[column]) for column in self._nominal_of(X)}
        self.classes_, labels = np.unique(np.asarray(y), return_inverse=True)
        rows = self._rows(X)
        regression = self._best(rows, labels, groups, "logistic", REGRESSIONS)
        trees = self._best(rows, labels, groups, "trees", TREES)
        settings = {**(regression.settings or {}), **(trees.settings or {})}
        blend = self._tried(rows, labels, groups, "blend", settings)
        self.model_ = min((regression, trees, blend), key=lambda model: _loss(model, labels))
        self.losses_ = {m.candidate: _loss(m, labels) for m in (regression, trees, blend)}
        self._explainer = Explainer(self.model_)
        return self

    def predict_proba(self, X: pd.DataFrame) -> Array:
        """Return probabilities of both classes, shape (n, 2)."""
        check_is_fitted(self)
        risk = expit(self.model_.margin(self._rows(X)))
        return np.column_stack([1.0 - risk, risk])

    def predict(self, X: pd.DataFrame) -> npt.NDArray[Any]:
        """Return the likelier class, shape (n,)."""
        return np.asarray(self.classes_[(self.predict_proba(X)[:, 1] > 0.5).astype(int)])

    def explain(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return what each column adds to the log-odds, and `base`; a row's sum is its log-odds."""
        check_is_fitted(self)
        explained = self._explainer.explain(self._rows(X))
        table = pd.DataFrame(explained.contributions, columns=self.columns_, index=X.index)
        return table.assign(**{BASE: explained.base})

    def _nominal_of(self, X: pd.DataFrame) -> list[str]:
        if self.nominal is None:
            return [c for c in self.columns_ if not pd.api.types.is_numeric_dtype(X[c])]
        if absent := sorted({*self.nominal, *(self.monotonic or ())} - set(self.columns_)):
            raise ArgumentError(
                f"table: expected the columns that are declared, got no {absent[0]}"
            )
        return list(self.nominal)

    def _rows(self, X: pd.DataFrame) -> Array:
        """The table as numbers: codes for categories, NaN for what is missing."""
        if absent := [column for column in self.columns_ if column not in X.columns]:
            raise ArgumentError(f"table: expected the columns of training, got no {absent[0]}")
        return np.column_stack([self._column(X[column], column) for column in self.columns_])

    def _column(self, values: "pd.Series[Any]", name: str) -> Array:
        if name in self.categories_:
            codes = values.astype("object").map(self.categories_[name]).to_numpy("float64")
            return np.where(np.isnan(codes) & values.notna().to_numpy(), UNSEEN, codes)
        try:
            return np.asarray(values.astype("float64"))
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"{name}: expected numbers, got something else; declare it nominal"
            ) from error

    def _best(
        self, rows: Array, labels: Any, groups: Any, name: str, tried: Sequence[Mapping[str, Any]]
    ) -> RiskModel:
        """The settings of one member that do best out of fold."""
        models = [self._tried(rows, labels, groups, name, {name: setting}) for setting in tried]
        return min(models, key=lambda model: _loss(model, labels))

    def _tried(
        self, rows: Array, labels: Any, groups: Any, candidate: str, settings: Settings
    ) -> RiskModel:
        declared = self.monotonic or {}
        return RiskModel(
            candidate,
            monotonic=[declared.get(column, 0) for column in self.columns_],
            nominal=[self.columns_.index(column) for column in self.categories_],
            folds=self.folds,
            random_state=self.random_state,
            settings=settings,
        ).fit(rows, labels, groups=groups)


def _categories(values: "pd.Series[Any]") -> dict[Any, float]:
    """Code of each category, in an order that the rows do not change."""
    distinct = sorted(values.dropna().astype("object").unique(), key=lambda v: (str(type(v)), v))
    return {category: float(code) for code, category in enumerate(distinct)}


def _loss(model: RiskModel, labels: Any) -> float:
    """Log loss out of fold; infinite where there were too few of a class to fold."""
    if model.margins_ is None:
        return float("inf")
    return log_loss(labels, expit(model.sigmoid_.apply(model.margins_)))
