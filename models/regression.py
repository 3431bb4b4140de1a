"""A penalised logistic regression on splines, monotone where asked, that is nothing but numbers.

scikit-learn's `LogisticRegression` knows no bounds: a regression would find in noise that more
missed interviews lower a risk. The objective and the tolerances are its own.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import resample

from models.basis import SplineBasis, chunks
from models.classifier import Folds, Labels, MarginClassifier, Rows, out_of_fold
from models.numbers import Numbers, expect_shapes, expect_whole
from models.steps import basis_coefficients, sign_bounds, step_weights, to_steps

Array = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Signs = npt.NDArray[np.int64]
Objective = Callable[[Array], tuple[float, Array]]

# Rows that medians and ranks are learned from.
BASIS_ROWS = 20_000
# Of the gradient: margins are within 0.01 of the optimum, where ten times as much leaves 0.2.
TOLERANCE = 1e-5


class PenalisedRegression(MarginClassifier):
    """Logistic regression on a spline basis under a ridge penalty on the steps between knots.

    Parameters
    ----------
    C : float
        sqrt(C) is the prior standard deviation of a step: a curve from one knot to the next, or
        missing. All columns lie between 0 and 1 and are not rescaled: a signal seen three times in
        training is shrunk most, where standardising it would let the fourth time decide a case.
    inputs : sequence of int or None
        Columns of X to look at; all for None.
    indicators : bool
        Whether what is missing has a coefficient of its own.
    monotonic : sequence of int or None
        Per column of X: 1 where risk may only rise with it, -1 fall, 0 free.
    nominal : sequence of int
        Columns of X that hold pooled effects of categories (`models.effects`).
    knots : int
        Knots of each curve.
    random_state : int or None
        Seed of the rows that medians and ranks are learned from, where there are many.

    Attributes
    ----------
    basis_ : SplineBasis
    coef_ : ndarray of shape (basis_.columns,), in the order of `SplineBasis.transform`
    intercept_ : float
    reference_ : ndarray of shape (basis_.columns,)
        Means of the basis columns in training, where contributions count from.
    margins_ : ndarray of shape (n,) or None
        Log-odds of the training rows by fits that left their fold out; None without folds.
    """

    def __init__(
        self,
        C: float = 0.004,
        inputs: Sequence[int] | None = None,
        indicators: bool = True,
        monotonic: Sequence[int] | None = None,
        nominal: Sequence[int] = (),
        knots: int = 6,
        random_state: int | None = None,
    ) -> None:
        self.C = C
        self.inputs = inputs
        self.indicators = indicators
        self.monotonic = monotonic
        self.nominal = nominal
        self.knots = knots
        self.random_state = random_state

    def fit(self, X: Any, y: Any, folds: Folds = (), offset: Array | None = None) -> Self:
        """Fit as any member; `offset` (n,) are log-odds that the regression is added to."""
        X, labels = self._checked(X, y)
        self._fit(X, labels, folds, offset)
        return self

    def _fit(self, X: Array, y: Labels, folds: Folds, offset: Array | None = None) -> None:
        """One basis, from some of all rows; a regression for each fold.

        Margins are without the offset.

        The basis never sees a label: medians and ranks tell nothing of the ruptures of those left
        out, and the estimator that is stored has the same ones.
        """
        self.basis_ = self._fit_basis(X)
        design, self.reference_ = _in_singles(self.basis_, X)
        weights = step_weights(self.basis_, free=self.nominal)
        to_steps(design, self.basis_, weights)
        signs = sign_bounds(self.basis_, self.monotonic)

        known = np.zeros(len(y)) if offset is None else offset

        def score(train: Rows, test: Rows) -> Array:
            theta = fit_coefficients(
                design[train], y[train], C=self.C, signs=signs, offset=known[train]
            )
            return np.asarray(design[test] @ theta[:-1] + theta[-1])

        self.margins_ = out_of_fold(score, folds, length=len(y))
        theta = fit_coefficients(design, y, C=self.C, signs=signs, offset=known)
        self.coef_ = basis_coefficients(theta[:-1], self.basis_, weights)
        self.intercept_ = float(theta[-1])

    def _fit_basis(self, X: Array) -> SplineBasis:
        inputs = np.arange(X.shape[1]) if self.inputs is None else np.asarray(self.inputs)
        return SplineBasis.fit(
            _some(X, self.random_state),
            inputs=inputs,
            indicators=self.indicators,
            size=self.knots - 1,
            by_value=self.nominal,
        )

    def margin(self, X: Array) -> Array:
        """Return log-odds of rows X (n, p), shape (n,), without checks."""
        parts = [self.basis_.transform(rows) @ self.coef_ for rows in chunks(X)]
        return np.concatenate([np.empty(0), *parts]) + self.intercept_

    def numbers(self) -> Numbers:
        """Return everything that was learned, as arrays by name; `restore` reads them back."""
        return {
            "inputs": self.basis_.inputs,
            "medians": self.basis_.medians,
            "quantiles": self.basis_.quantiles,
            "coefficients": self.coef_,
            "intercept": np.array(self.intercept_),
            "reference": self.reference_,
        }

    def restore(self, numbers: Mapping[str, npt.NDArray[Any]], *, features: int) -> Self:
        """Take back what `numbers` returned, for rows of so many `features`.

        Raises ValueError for arrays that do not fit together.
        """
        q = len(numbers["inputs"])
        width = q * (self.knots - 1 + self.indicators)
        expect_shapes(
            numbers,
            inputs=(q,),
            medians=(q,),
            quantiles=(q, -1),
            coefficients=(width,),
            intercept=(),
            reference=(width,),
        )
        expect_whole(numbers, "inputs")
        inputs = numbers["inputs"]
        if q and not (inputs.min() >= 0 and inputs.max() < features):
            raise ValueError(f"inputs: expected columns below {features}, got {inputs.max()}")
        self.basis_ = SplineBasis(
            inputs, self.indicators, self.knots - 1, numbers["medians"], numbers["quantiles"]
        )
        self.coef_, self.reference_ = numbers["coefficients"], numbers["reference"]
        self.intercept_, self.margins_ = float(numbers["intercept"]), None
        return self._restored(features)


def fit_coefficients(
    X: Singles,
    y: Labels,
    *,
    C: float,
    signs: Signs,
    offset: Array | None = None,
    most: int = 1000,
) -> Array:
    """Return coefficients of X (n, p), used as it is, then the intercept; y (n,) holds 0 and 1.

    `signs` (p,) holds 1 where a coefficient may not be negative, -1 where it may not be positive,
    0 where it is free; `offset` (n,) holds log-odds that are added and not fitted. Minimises the
    mean log loss + |w|^2 / (2 C n) within these bounds by L-BFGS-B (Byrd et al., A limited memory
    algorithm for bound constrained optimization, 1995). Warns like scikit-learn when `most`
    iterations are not enough.
    """
    known = np.zeros(len(y)) if offset is None else offset
    lower = np.where(signs > 0, 0.0, -np.inf)
    upper = np.where(signs < 0, 0.0, np.inf)
    found = minimize(
        _objective(X, y, known, ridge=1.0 / (C * len(y))),
        np.append(np.zeros(X.shape[1]), logit(y.mean()) - known.mean()),
        jac=True,
        method="L-BFGS-B",
        bounds=[*zip(lower, upper, strict=True), (None, None)],
        options={
            "maxiter": most,
            "gtol": TOLERANCE,
            "ftol": 64 * np.finfo(float).eps,
            "maxls": 50,
        },
    )
    if not found.success:
        warnings.warn(f"regression: {found.message}", ConvergenceWarning, stacklevel=2)
    return np.asarray(found.x)


def _objective(X: Singles, y: Labels, known: Array, *, ridge: float) -> Objective:
    """Penalised mean log loss and its gradient, by coefficients then intercept."""

    def loss(theta: Array) -> tuple[float, Array]:
        weights, intercept = theta[:-1], theta[-1]
        # OpenBLAS raises the flag of an invalid operation for lanes beyond the last column: of
        # finite numbers nothing else is invalid here, and the solver stops at a loss that is not.
        with np.errstate(invalid="ignore"):
            z = np.asarray(X @ weights.astype(X.dtype), dtype="float64") + intercept + known
            error = (expit(z) - y) / len(y)
            pull = X.T @ error.astype(X.dtype) + ridge * weights
        value = np.mean(np.logaddexp(0.0, z) - y * z) + ridge * (weights @ weights) / 2.0
        return float(value), np.append(pull, error.sum())

    return loss


def _some(X: Array, random_state: int | None) -> Array:
    """As many rows as medians and ranks need."""
    if len(X) <= BASIS_ROWS:
        return X
    chosen = resample(
        np.arange(len(X)), replace=False, n_samples=BASIS_ROWS, random_state=random_state
    )
    return np.asarray(X[np.sort(chosen)])


def _in_singles(basis: SplineBasis, X: Array) -> tuple[Singles, Array]:
    """All rows on the basis in single precision, which is plenty to fit on, and their means."""
    design = np.empty((len(X), basis.columns), dtype="float32")
    total, done = np.zeros(basis.columns), 0
    for rows in chunks(X):
        exact = basis.transform(rows)
        design[done : done + len(rows)] = exact
        total, done = total + exact.sum(axis=0), done + len(rows)
    return design, total / len(X)
