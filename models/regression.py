"""A penalised logistic regression whose coefficients may be held to one sign.

scikit-learn's own knows no bounds: a regression would find in noise that more missed interviews
lower a risk. The objective, the solver and its tolerances are those of `LogisticRegression`, and so
is what comes back, so that bundles hold library classes only.
"""

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Array = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int64]
Objective = Callable[[Array], tuple[float, Array]]


def fit_regression(
    unfitted: LogisticRegression, X: Singles, y: Labels, *, signs: Signs
) -> LogisticRegression:
    """Fit the regression on X (n, p), kept as it is, and 0/1 labels y (n,) of which both occur.

    `signs` (p,) holds 1 where a coefficient may not be negative, -1 where it may not be positive,
    0 where it is free. Minimises the mean log loss + |w|^2 / (2 C n) within these bounds by
    L-BFGS-B (Byrd et al., A limited memory algorithm for bound constrained optimization, 1995).
    Warns like scikit-learn when `max_iter` is not enough.
    """
    lower = np.where(signs > 0, 0.0, -np.inf)
    upper = np.where(signs < 0, 0.0, np.inf)
    found = minimize(
        _objective(X, y, ridge=1.0 / (unfitted.C * len(y))),
        np.append(np.zeros(X.shape[1]), logit(y.mean())),
        jac=True,
        method="L-BFGS-B",
        bounds=[*zip(lower, upper, strict=True), (None, None)],
        options={
            "maxiter": unfitted.max_iter,
            "gtol": unfitted.tol,
            "ftol": 64 * np.finfo(float).eps,
            "maxls": 50,
        },
    )
    if not found.success:
        warnings.warn(f"regression: {found.message}", ConvergenceWarning, stacklevel=2)
    return _as_fitted(unfitted, found.x, iterations=found.nit)


def _objective(X: Singles, y: Labels, *, ridge: float) -> Objective:
    """Penalised mean log loss and its gradient, by coefficients then intercept."""

    def loss(theta: Array) -> tuple[float, Array]:
        weights, intercept = theta[:-1], theta[-1]
        z = np.asarray(X @ weights.astype(X.dtype), dtype="float64") + intercept
        error = (expit(z) - y) / len(y)
        pull = X.T @ error.astype(X.dtype) + ridge * weights
        value = np.mean(np.logaddexp(0.0, z) - y * z) + ridge * (weights @ weights) / 2.0
        return float(value), np.append(pull, error.sum())

    return loss


def _as_fitted(
    unfitted: LogisticRegression, theta: Array, *, iterations: int
) -> LogisticRegression:
    fitted = clone(unfitted)
    fitted.classes_ = np.array([0, 1])
    fitted.coef_, fitted.intercept_ = theta[None, :-1], theta[-1:]
    fitted.n_features_in_, fitted.n_iter_ = len(theta) - 1, np.array([iterations], dtype="int32")
    return fitted
