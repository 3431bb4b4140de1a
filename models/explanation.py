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

from models.basis import CHUNK
from models.classifier import MarginClassifier
from models.parent import ParentModel
from models.regression import PenalisedRegression
from models.risk import RiskModel, mean
from models.trees import LEAF, BoostedTrees, Trees

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
        self._members = [_explainer(member) for member in model.members_]

    @property
    def base(self) -> float:
        """Calibrated log-odds that contributions are added to."""
        raw = sum(member.base for member in self._members) / len(self._members)
        return self.model.sigmoid_.slope * raw + self.model.sigmoid_.intercept

    def explain(self, X: Array) -> Explanation:
        """Contributions to the calibrated log-odds of rows X (n, p)."""
        sigmoid = self.model.sigmoid_
        contributions = np.empty(X.shape)
        for start in range(0, len(X), CHUNK):
            rows = self.model.known(X[start : start + CHUNK])
            raw = mean([member.contributions(rows) for member in self._members])
            contributions[start : start + CHUNK] = sigmoid.slope * raw
        return Explanation(self.base, contributions)


class _Linear:
    """Coefficient times distance to the training mean, summed over what a feature is spread on.

    Source: Strumbelj and Kononenko (2014), Explaining prediction models and individual predictions
    with feature contributions.
    """

    def __init__(self, member: PenalisedRegression) -> None:
        self._basis, coefficients = member.basis_, member.coef_
        self.base = float(member.intercept_ + coefficients @ member.reference_)
        self._coefficients, self._missing = self._basis.split(coefficients)
        functions, missing = self._basis.split(coefficients * member.reference_)
        self._offset = functions.sum(axis=0) + missing

    def contributions(self, X: Array) -> Array:
        basis = self._basis
        raw = np.where(np.isnan(X[:, basis.inputs]), self._missing, 0.0) - self._offset
        for values, coefficients in zip(basis.basis_values(X), self._coefficients, strict=True):
            raw += values * coefficients
        contributions = np.zeros(X.shape)
        contributions[:, basis.inputs] = raw
        return contributions


class _Trees:
    """Path-dependent TreeSHAP, exact because every column is numeric.

    Source: Lundberg et al. (2020), From local explanations to global understanding with explainable
    AI for trees.
    """

    def __init__(self, member: BoostedTrees) -> None:
        self._explainer = _shap().TreeExplainer(
            _as_shap_reads(member.trees_), feature_perturbation="tree_path_dependent"
        )
        self.base = float(np.ravel(self._explainer.expected_value)[0])

    def contributions(self, X: Array) -> Array:
        return np.ascontiguousarray(self._explainer.shap_values(X), dtype="float64")


class _Parent:
    """Contributions of the parent and of the own regression, which add up as their margins do."""

    def __init__(self, member: ParentModel) -> None:
        self._parent = Explainer(member.parent)
        self._own = None if member.regression_ is None else _Linear(member.regression_)
        self.base = self._parent.base + (self._own.base if self._own else 0.0)

    def contributions(self, X: Array) -> Array:
        contributions = self._parent.explain(X).contributions
        return contributions if self._own is None else contributions + self._own.contributions(X)


def _explainer(member: MarginClassifier) -> _Linear | _Trees | _Parent:
    match member:
        case PenalisedRegression():
            return _Linear(member)
        case BoostedTrees():
            return _Trees(member)
        case ParentModel():
            return _Parent(member)
        case _:
            raise TypeError(f"member: expected a regression or trees, got {type(member).__name__}")


def _as_shap_reads(trees: Trees) -> dict[str, Any]:
    """Trees as the dictionary that shap takes for a model."""
    return {
        "trees": [_one_tree(trees, nodes) for nodes in trees.each()],
        "base_offset": float(trees.baseline),
        "tree_output": "log_odds",
        "internal_dtype": np.float64,
        "input_dtype": np.float64,
    }


def _one_tree(trees: Trees, nodes: slice) -> dict[str, npt.NDArray[Any]]:
    leaf = trees.feature[nodes] == LEAF
    left, right = (
        np.where(leaf, LEAF, side[nodes] - nodes.start) for side in (trees.left, trees.right)
    )
    return {
        "children_left": left,
        "children_right": right,
        "children_default": np.where(trees.missing_left[nodes], left, right),
        "features": trees.feature[nodes],
        "thresholds": trees.threshold[nodes],
        "values": trees.value[nodes, None],
        "node_sample_weight": trees.count[nodes],
    }


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
