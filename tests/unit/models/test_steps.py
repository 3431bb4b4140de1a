"""The regression's ridge falls on steps between knots; its coefficients are of the basis."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.regression import PenalisedRegression
from tests.lib.library_columns import library_columns

SIZE = 5


def rows() -> tuple[np.ndarray, np.ndarray]:
    """A continuous column, a flag, and labels that both move."""
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=3000), rng.random(3000) < 0.3])
    y = (rng.random(3000) < 1 / (1 + np.exp(1.0 - np.abs(X[:, 0]) - X[:, 1]))).astype("int64")
    return X, y


def test_a_regression_on_the_basis_is_the_one_that_was_penalised_on_steps() -> None:
    """Scikit-learn's own columns, summed up by hand, under the same ridge give the same margins."""
    X, y = rows()

    regression = PenalisedRegression(random_state=0).fit(X, y)

    columns = np.asarray(library_columns([0, 1], indicators=True).fit_transform(X))
    steps = columns[:, : 2 * SIZE].reshape(len(X), 2, SIZE).cumsum(axis=2)
    steps[:, 1] /= np.sqrt(SIZE)  # a flag climbs all knots in one step
    by_hand = np.column_stack([steps.reshape(len(X), -1), columns[:, 2 * SIZE :]])
    reference = LogisticRegression(C=regression.C, max_iter=1000, tol=1e-8).fit(by_hand, y)
    np.testing.assert_allclose(
        regression.decision_function(X), reference.decision_function(by_hand), atol=2e-3
    )


def test_a_curve_that_little_is_known_of_becomes_flat() -> None:
    """Few rows draw neighbouring knots together; many let them part."""
    X, y = rows()

    def bend(count: int) -> float:
        regression = PenalisedRegression(random_state=0).fit(X[:count], y[:count])
        heights = np.append(regression.coef_[:SIZE], 0.0)
        return float(np.abs(np.diff(heights)).max())

    assert bend(60) < bend(3000) / 3
