"""Trees as arrays give what the library that grew them gives, on every kind of value."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from models.basis import CHUNK
from models.trees import BoostedTrees, Trees


def rows(cases: int = 3_000) -> tuple[np.ndarray, np.ndarray]:
    """Continuous, whole, constant and often missing columns, one of them missing on purpose."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(cases, 6))
    X[:, 1] = rng.integers(0, 4, cases)
    X[:, 2] = 1.0
    y = rng.random(cases) < 1 / (1 + np.exp(1 - X[:, 0] * X[:, 1] - X[:, 3]))
    X[rng.random(X.shape) < 0.2] = np.nan
    X[:, 4] = np.where(y, np.nan, X[:, 4])  # split by being missing alone
    return X, y.astype("int64")


def asked(X: np.ndarray) -> np.ndarray:
    """The rows, out of range, all missing, and on and beside what was seen."""
    extremes = np.repeat(np.array([[-1e12], [1e12], [0.0], [np.nan]]), X.shape[1], axis=1)
    return np.vstack([X, extremes, np.nextafter(X, np.inf), np.nextafter(X, -np.inf)])


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_margins_are_those_of_scikit_learn(depth: int) -> None:
    X, y = rows()
    library = HistGradientBoostingClassifier(max_depth=depth, max_iter=40, random_state=0)
    library.fit(X, y)

    margin = Trees.of(library).margin(asked(X))

    np.testing.assert_allclose(margin, library.decision_function(asked(X)), rtol=0, atol=1e-12)


def test_the_same_options_grow_the_same_trees() -> None:
    """`monotonic` is handed on as the library's own `monotonic_cst`."""
    X, y = rows()
    monotonic = [1, 0, 0, -1, 0, 0]

    ours = BoostedTrees(max_iter=30, monotonic=monotonic, random_state=0).fit(X, y)

    library = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=30,
        max_depth=2,
        min_samples_leaf=100,
        l2_regularization=50.0,
        max_features=0.3,
        monotonic_cst=monotonic,
        early_stopping=False,
        random_state=0,
    ).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), library.decision_function(X), atol=1e-12)


def test_rows_beyond_a_chunk_are_scored_alike() -> None:
    X, y = rows()
    trees = BoostedTrees(max_iter=30, random_state=0).fit(X, y).trees_
    many = np.tile(X[:7], (CHUNK // 7 + 2, 1))
    assert len(many) > CHUNK

    margin = trees.margin(many)

    assert margin[-7:].tobytes() == margin[:7].tobytes()
    assert trees.margin(X[:0]).shape == (0,)


def test_trees_of_one_leaf_are_their_baseline() -> None:
    """Too few rows to split at all."""
    X, y = rows(150)

    fitted = BoostedTrees(random_state=0).fit(X, y)

    margin = fitted.decision_function(X)
    assert np.ptp(margin) == 0.0
    assert margin[0] == pytest.approx(np.log(y.mean() / (1 - y.mean())))
