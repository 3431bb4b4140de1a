"""Additive contributions in log-odds: base value + contributions = log-odds of the shown risk.

The sum is the score: one pass gives the risk and the reasons alike, calibration included.
"""

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.pipeline import Pipeline

from models.curves import CHUNK, Curves
from models.risk import RiskModel, mean

Array = npt.NDArray[np.float64]


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

    Contributions of a candidate are the mean of those of its members, scaled by its calibration.
    Each row is computed alone, so a batch equals its rows.
    """

    def __init__(self, model: RiskModel) -> None:
        self.model = model
        fitted = zip(model.members_, model.references_, strict=True)
        self._members = [_explainer(member, reference) for member, reference in fitted]

    def explain(self, X: Array) -> Explanation:
        """Contributions to the calibrated log-odds of rows X (n, p)."""
        sigmoid = self.model.sigmoid_
        base = sum(member.base for member in self._members) / len(self._members)
        contributions = np.empty(X.shape)
        for start in range(0, len(X), CHUNK):
            rows = self.model.known(X[start : start + CHUNK])
            raw = mean([member.contributions(rows) for member in self._members])
            contributions[start : start + CHUNK] = sigmoid.slope * raw
        return Explanation(sigmoid.slope * base + sigmoid.intercept, contributions)


class _Linear:
    """Coefficient times distance to the training mean, summed over what a feature is spread on.

    Source: Strumbelj and Kononenko (2014), Explaining prediction models and individual predictions
    with feature contributions.
    """

    def __init__(self, member: Pipeline, reference: Array) -> None:
        regression, self._curves = member["regression"], Curves.of(member["columns"])
        coefficients = regression.coef_[0]
        self.base = float(regression.intercept_[0] + coefficients @ reference)
        self._heights, self._missing = self._curves.split(coefficients)
        heights, missing = self._curves.split(coefficients * reference)
        self._offset = heights.sum(axis=0) + missing

    def contributions(self, X: Array) -> Array:
        curves = self._curves
        raw = np.where(np.isnan(X[:, curves.inputs]), self._missing, 0.0) - self._offset
        for height, coefficient in zip(curves.heights(X), self._heights, strict=True):
            raw += height * coefficient
        contributions = np.zeros(X.shape)
        contributions[:, curves.inputs] = raw
        return contributions


class _Trees:
    """Path-dependent TreeSHAP, exact because every column is numeric.

    Source: Lundberg et al. (2020), From local explanations to global understanding with explainable
    AI for trees.
    """

    def __init__(self, member: Any) -> None:
        self._explainer = _shap().TreeExplainer(member, feature_perturbation="tree_path_dependent")
        self.base = float(np.ravel(self._explainer.expected_value)[0])

    def contributions(self, X: Array) -> Array:
        return np.ascontiguousarray(self._explainer.shap_values(X), dtype="float64")


def _explainer(member: Any, reference: Array | None) -> _Linear | _Trees:
    return _Trees(member) if reference is None else _Linear(member, reference)


def _shap() -> Any:
    """Shap without its plots: to draw, it loads Matplotlib where it finds it, for nothing here.

    That takes 0.4 s and 30 MiB of every worker of the service. A module that is None in
    `sys.modules` is one that cannot be imported (Python's own documentation of import).
    """
    absent = "matplotlib" not in sys.modules
    if absent:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]  # see above
    try:
        import shap
    finally:
        if absent:
            del sys.modules["matplotlib"]
    return shap
