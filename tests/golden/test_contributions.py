"""Contributions against another implementation, and against the definition of Shapley values."""

from collections.abc import Iterator
from itertools import combinations
from math import factorial

import numpy as np
import pytest
import shap
from sklearn.ensemble import HistGradientBoostingClassifier

from models.explanation import Explainer
from models.risk import RiskModel
from tests.lib.library_columns import library_columns


def rows(*, cases: int = 400, columns: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Rows with an interaction, one value in five unknown, and labels drawn from them."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(cases, columns))
    logit = 1.5 * X[:, 0] + X[:, 1] * X[:, 2] - 0.5
    X[rng.random(X.shape) < 0.2] = np.nan
    return X, (rng.random(cases) < 1 / (1 + np.exp(-logit))).astype("int64")


@pytest.mark.parametrize("name", ["base_rate", "logistic"])
def test_linear_contributions_are_those_of_shap(name: str) -> None:
    """Shap's exact linear explainer on the spread columns, summed by the feature they come from."""
    X, y = rows()
    model = RiskModel(name, random_state=0).fit(X, y)
    regression = model.members_[0]
    spread = regression.basis_.transform(X)
    mean = spread.mean(axis=0)
    coefficients = (regression.coef_, regression.intercept_)
    linear = shap.LinearExplainer(coefficients, (mean, np.eye(len(mean))))
    values = linear.shap_values(spread[:50])
    expected = np.zeros((50, X.shape[1]))
    for position, column in enumerate(source_of(model)):
        expected[:, column] += values[:, position]

    explained = Explainer(model).explain(X[:50])

    slope, intercept = model.sigmoid_.slope, model.sigmoid_.intercept
    np.testing.assert_allclose(explained.contributions, slope * expected, atol=1e-10)
    assert explained.base == pytest.approx(slope * linear.expected_value + intercept)


def source_of(model: RiskModel) -> Iterator[int]:
    """Which input each column of the basis comes from, by scikit-learn's own names of them."""
    basis = model.members_[0].basis_
    columns = library_columns(basis.inputs.tolist(), indicators=basis.indicators).fit(rows()[0])
    for name in columns.get_feature_names_out([f"x{i}" for i in range(4)]):
        yield int(name.split("__", 1)[1].removeprefix("missingindicator_").split("_")[0][1:])


def test_tree_contributions_are_shapley_values_by_definition() -> None:
    """Every coalition of features enumerated, as Lundberg et al. (2020) define what a tree expects.

    A tree walks by the features that are in; where another is asked, both branches count by the
    rows that went there in training.
    """
    X, y = rows()
    model = RiskModel("trees", random_state=0).fit(X, y)
    few = X[:6]
    trees, constant = grown(X, y)
    slope, intercept = model.sigmoid_.slope, model.sigmoid_.intercept

    explained = Explainer(model).explain(few)

    for row, contributions in zip(few, explained.contributions, strict=True):
        np.testing.assert_allclose(contributions, slope * shapley(trees, row), atol=1e-9)
    nobody = constant + sum(expected_of(tree, few[0], frozenset()) for tree in trees)
    assert explained.base == pytest.approx(slope * nobody + intercept)


def grown(X: np.ndarray, y: np.ndarray) -> tuple[list[np.ndarray], float]:
    """The library's own nodes and baseline, of the same trees."""
    library = HistGradientBoostingClassifier(
        max_iter=150,
        max_depth=2,
        min_samples_leaf=100,
        l2_regularization=50.0,
        max_features=0.3,
        early_stopping=False,
        random_state=0,
    ).fit(X, y)
    nodes = [step[0].nodes for step in library._predictors]
    return nodes, float(np.ravel(library._baseline_prediction)[0])


def shapley(trees: list[np.ndarray], row: np.ndarray) -> np.ndarray:
    """Weighted mean of what each feature adds to every coalition of the others."""
    features = range(len(row))
    worth = {
        frozenset(members): sum(expected_of(tree, row, frozenset(members)) for tree in trees)
        for size in range(len(row) + 1)
        for members in combinations(features, size)
    }
    values = np.zeros(len(row))
    for feature in features:
        for members in (m for m in worth if feature not in m):
            weight = factorial(len(members)) * factorial(len(row) - len(members) - 1)
            gain = worth[members | {feature}] - worth[members]
            values[feature] += weight / factorial(len(row)) * gain
    return values


def expected_of(nodes: np.ndarray, row: np.ndarray, known: frozenset[int], at: int = 0) -> float:
    """What a tree expects of a row of which only the `known` features may be asked."""
    node = nodes[at]
    if node["is_leaf"]:
        return float(node["value"])
    left, right = int(node["left"]), int(node["right"])
    feature = int(node["feature_idx"])
    if feature in known:
        value = row[feature]
        goes_left = (
            node["missing_go_to_left"] if np.isnan(value) else value <= node["num_threshold"]
        )
        return expected_of(nodes, row, known, left if goes_left else right)
    share = float(nodes[left]["count"] / node["count"])
    return share * expected_of(nodes, row, known, left) + (1 - share) * expected_of(
        nodes, row, known, right
    )


def test_native_categorical_splits_would_not_add_up() -> None:
    """Why categories are numbers before the trees: shap is silently wrong on native splits.

    When this fails, shap has learned to read them, and they may be reconsidered.
    """
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.integers(0, 12, 1000), rng.normal(size=1000)])
    effect = 3 * rng.normal(size=12)
    y = rng.random(1000) < 1 / (1 + np.exp(-effect[X[:, 0].astype(int)]))
    trees = HistGradientBoostingClassifier(categorical_features=[0], max_iter=30).fit(X, y)
    explainer = shap.TreeExplainer(trees, feature_perturbation="tree_path_dependent")

    total = explainer.shap_values(X).sum(axis=1) + explainer.expected_value

    assert np.abs(total - trees.decision_function(X)).max() > 1.0
