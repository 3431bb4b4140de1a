"""The regression is scikit-learn's where coefficients are free, and keeps to a sign where told."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from models.regression import fit_coefficients

FREE = np.zeros(4, dtype="int64")
C = 0.5
SIGNS = np.array([1, 1, -1, 0])


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Labels that rise with the first and third column, fall with the second, ignore the last."""
    rng = np.random.default_rng(0)
    X = rng.random((2000, 4)).astype("float32")
    y = rng.random(2000) < expit(2 * X[:, 0] - 2 * X[:, 1] + 2 * X[:, 2] - 2)
    return X, y.astype("int64")


def gradient(theta: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of the penalised log loss, by coefficient, in double precision."""
    error = expit(X.astype("float64") @ theta[:-1] + theta[-1]) - y
    return np.asarray(X.T @ error + theta[:-1] / C)


def test_free_coefficients_are_those_of_scikit_learn() -> None:
    """The same objective has the same optimum."""
    X, y = rows()

    theta = fit_coefficients(X, y, C=C, signs=FREE)

    reference = LogisticRegression(C=C, tol=1e-10).fit(X.astype("float64"), y)
    np.testing.assert_allclose(theta[:-1], reference.coef_[0], atol=5e-3)
    risk = expit(X @ theta[:-1] + theta[-1])
    np.testing.assert_allclose(risk, reference.predict_proba(X)[:, 1], atol=5e-4)


def test_coefficients_keep_to_their_signs() -> None:
    """One that the data would turn round is exactly 0, and the others do not suffer from it."""
    X, y = rows()

    coefficients = fit_coefficients(X, y, C=C, signs=SIGNS)[:-1]

    assert coefficients[0] > 1
    assert (coefficients[1:3] == 0).all()


def test_nothing_better_lies_within_the_bounds() -> None:
    """The slope is 0 where a coefficient is free to move, and points out where a bound holds it."""
    X, y = rows()

    theta = fit_coefficients(X, y, C=C, signs=SIGNS)

    slope = gradient(theta, X, y) / len(y)
    held = theta[:-1] == 0
    assert np.abs(slope[~held]).max() < 1e-5
    assert (slope[held] * SIGNS[held] > 0).all()


def test_too_few_iterations_are_reported() -> None:
    """A fit that stopped half way is not passed off as one that ended."""
    X, y = rows()

    with pytest.warns(ConvergenceWarning, match="regression"):
        fit_coefficients(X, y, C=C, signs=FREE, most=2)
