"""Additive contributions in log-odds: base value + contributions = log-odds of the shown risk.

The sum is the score: one pass gives the risk and the reasons alike, calibration included.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.pipeline import Pipeline

from models.risk import RiskModel

Array = npt.NDArray[np.float64]
# Rows explained at a time: the transformed rows of a linear candidate are some 500 floats wide.
CHUNK = 10_000


@dataclass(frozen=True)
class Explanation:
    """Contributions of n cases and p features; `base + contributions.sum(axis=1)` is the margin."""

    base: float
    contributions: Array

    @cached_property
    def margin(self) -> Array:
        """Calibrated log-odds, shape (n,)."""
        return np.asarray(self.base + self.contributions.sum(axis=1))

    @property
    def risk(self) -> Array:
        """Probability shown, shape (n,)."""
        return np.asarray(expit(self.margin))


class Explainer:
    """Explains one fitted RiskModel; built once, used for any number of batches.

    Trees: path-dependent TreeSHAP (Lundberg et al., From local explanations to global
    understanding with explainable AI for trees, 2020), exact because every column is numeric.
    Linear: coefficient times distance to the training mean, summed over the columns a feature was
    spread on (Strumbelj and Kononenko, Explaining prediction models and individual predictions
    with feature contributions, 2014). Each row is computed alone, so a batch equals its rows.
    """

    def __init__(self, model: RiskModel) -> None:
        self.model = model
        self._linear = isinstance(model.estimator_, Pipeline)
        self._source = _sources(model) if self._linear else np.empty(0, dtype="int64")
        self._trees: Any = None if self._linear else _tree_explainer(model.estimator_)

    def explain(self, X: Array) -> Explanation:
        """Contributions to the calibrated log-odds of rows X (n, p)."""
        X = self.model.known(X)
        parts = [self._raw(X[i : i + CHUNK]) for i in range(0, len(X), CHUNK)]
        raw = np.vstack(parts) if parts else np.empty((0, X.shape[1]))
        sigmoid = self.model.sigmoid_
        return Explanation(sigmoid.slope * self._base() + sigmoid.intercept, sigmoid.slope * raw)

    def _base(self) -> float:
        if self._linear:
            regression = self.model.estimator_[-1]
            return float(regression.intercept_[0] + regression.coef_[0] @ self.model.reference_)
        return float(np.ravel(self._trees.expected_value)[0])

    def _raw(self, X: Array) -> Array:
        if not self._linear:
            values = self._trees.shap_values(X)
            return np.ascontiguousarray(values, dtype="float64")
        estimator = self.model.estimator_
        spread = (estimator[:-1].transform(X) - self.model.reference_) * estimator[-1].coef_[0]
        by_source = np.argsort(self._source, kind="stable")
        used, first = np.unique(self._source[by_source], return_index=True)
        raw = np.zeros(X.shape)
        raw[:, used] = np.add.reduceat(spread[:, by_source], first, axis=1)
        return raw


def _tree_explainer(estimator: Any) -> Any:
    import shap

    return shap.TreeExplainer(estimator, feature_perturbation="tree_path_dependent")


def _sources(model: RiskModel) -> npt.NDArray[np.int64]:
    """Which input column each transformed column of a linear candidate comes from."""
    columns = model.estimator_["columns"]
    sources = []
    for name, transformer, selected in columns.transformers_:
        if name == "remainder":
            continue
        inputs = np.arange(model.n_features_in_)[selected]
        spread = transformer.get_feature_names_out([f"x{i}" for i in inputs])
        width, left = divmod(len(spread), len(inputs))
        if left:
            raise ValueError(f"explanation: {name} spreads {len(inputs)} inputs unevenly")
        sources.append(np.repeat(inputs, width))
    return np.concatenate(sources)
