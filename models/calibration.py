"""Calibration: the sigmoid that makes margins into honest log-odds, and how honest risks are."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit, logit

from features.common.errors import TrainingError
from models.checks import ArgumentError, Floats, check_labels, check_numbers, check_scores

EPSILON = float(np.finfo(np.float64).eps)  # keeps the logarithm of a risk of 0 or 1 finite
SMALLEST_SLOPE = 0.01  # order is preserved and reasons keep their sign, however little margins tell
SMALLEST_SPREAD = 1e-6  # of log-odds; what varies less is a constant risk with rounding
MOST_STEPS = 50


class OneClassError(TrainingError, ValueError):
    """Only ruptures, or none at all: there is nothing to calibrate against."""


class Recalibration(NamedTuple):
    """Logistic recalibration: log-odds of `y` = slope x log-odds of `p` + intercept."""

    slope: float
    intercept: float


class InTheLarge(NamedTuple):
    """Observed rate over mean risk, and observed rate minus mean risk."""

    ratio: float
    difference: float


@dataclass(frozen=True)
class Sigmoid:
    """An affine map in log-odds; affine, so that it scales contributions and keeps their sum."""

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        """Refuse a map that would turn the ranking upside down."""
        if not (0.0 < self.slope < np.inf and np.isfinite(self.intercept)):
            raise ArgumentError(
                "sigmoid: expected a finite slope above 0 and a finite intercept, "
                f"got {self.slope:g} and {self.intercept:g}"
            )

    def apply(self, margin: ArrayLike) -> Floats:
        """Calibrated margins, in log-odds, of the shape of `margin`."""
        return self.slope * np.asarray(margin, dtype=np.float64) + self.intercept


def fit_sigmoid(margin: ArrayLike, y: ArrayLike, *, prior_sd: float = 0.5) -> Sigmoid:
    """Platt scaling in log-odds, fitted by maximum a posteriori.

    `margin` holds out-of-fold log-odds, shape (n_cases,), of cases the estimator was not fitted on:
    in-fold margins are overconfident and the slope would come out too steep. The slope has a
    Gaussian prior centred at 1 (margins are right as they are) of standard deviation `prior_sd`;
    the intercept is free. Plain maximum likelihood follows the noise of 30 ruptures, and is
    infinite when they are separable; the prior holds it and fades as cases come in. Platt's own
    guard, softened targets, pulls towards a rate of one half, which is far from ours.

    Raises `OneClassError` if `y` holds one class only.

    Source: Platt (1999), Probabilistic outputs for support vector machines.
    """
    labels = check_labels(y)
    margins = _finite(check_numbers(margin, name="margin", length=len(labels)))
    if not 0.0 < labels.sum() < len(labels):
        raise OneClassError(
            "y: expected ruptures and cases without rupture to calibrate on, "
            f"got {labels.sum():.0f} ruptures in {len(labels)} cases"
        )
    if not prior_sd > 0.0:
        raise ArgumentError(f"prior_sd: expected a number above 0, got {prior_sd:g}")
    centre = margins.mean()  # a centred margin decorrelates slope and intercept: fewer iterations
    slope, level = _maximum_a_posteriori(margins - centre, labels, prior_sd)
    return Sigmoid(slope=slope, intercept=level - slope * centre)


def calibration_slope_intercept(
    y: ArrayLike, p: ArrayLike, *, weights: ArrayLike | None = None
) -> Recalibration:
    """Slope and intercept of the logistic recalibration of risks; 1 and 0 when they are honest.

    A slope below 1 says that risks are too extreme, above 1 too timid. Both are NaN where they do
    not exist: one class, a constant risk, or risks that separate the classes entirely.
    `weights`, shape (n_cases,), count each case as so many cases.

    Source: Cox (1958), Two further applications of a model for binary regression.
    """
    labels, risks = check_scores(y, p)
    counts = (
        np.ones(len(labels))
        if weights is None
        else check_numbers(weights, name="weights", length=len(labels))
    )
    return recalibrate(log_odds(risks), labels, counts)


def calibration_in_the_large(y: ArrayLike, p: ArrayLike) -> InTheLarge:
    """Observed rate over, and minus, the mean risk; 1 and 0 when the level is right."""
    labels, risks = check_scores(y, p)
    if not len(labels):
        return InTheLarge(np.nan, np.nan)
    rate, risk = float(labels.mean()), float(risks.mean())
    return InTheLarge(rate / risk if risk > 0.0 else np.nan, rate - risk)


def log_odds(p: Floats) -> Floats:
    """Log-odds of risks, those of 0 and 1 held finite."""
    odds: Floats = logit(np.clip(p, EPSILON, 1.0 - EPSILON))
    return odds


def recalibrate(x: Floats, y: Floats, weights: Floats) -> Recalibration:
    """Weighted logistic regression of `y` on the log-odds `x`, without checks.

    The bootstrap calls it once per draw.
    """
    if _no_overlap(x, y, weights):
        return Recalibration(np.nan, np.nan)
    total = weights.sum()
    centre = weights @ x / total
    spread = np.sqrt(weights @ (x - centre) ** 2 / total)
    if spread <= SMALLEST_SPREAD:
        return Recalibration(np.nan, np.nan)
    slope, level = _newton((x - centre) / spread, y, weights)
    return Recalibration(float(slope / spread), float(level - slope * centre / spread))


def _newton(x: Floats, y: Floats, weights: Floats) -> Floats:
    """Slope and level of largest likelihood, from the weighted rate upwards; `x` standardised.

    From there the Hessian is well conditioned; from a slope of 1 it is singular when sure risks of
    0 or 1 saturate it.
    """
    design = np.stack([x, np.ones_like(x)])
    total = weights.sum()
    theta: Floats = np.array([0.0, logit(weights @ y / total)])
    gradient, hessian = _derivatives(theta, design, y, weights)
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(hessian, -gradient)
        decrement = -gradient @ step
        if decrement <= 1e-10 * total:
            return theta + step  # so near, one more step squares what error is left
        # The loss is convex: where it rises steeply at the end of a step, the step was too long.
        while (ahead := _derivatives(theta + step, design, y, weights))[0] @ step > decrement / 2:
            step, decrement = step / 2, decrement / 2
        theta, (gradient, hessian) = theta + step, ahead
    return theta


def _derivatives(
    theta: Floats, design: Floats, y: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Gradient and Hessian of the weighted log loss at (slope, intercept)."""
    risks = expit(theta @ design)
    curvature = weights * risks * (1.0 - risks)
    return design @ (weights * (risks - y)), (design * curvature) @ design.T


def _no_overlap(x: Floats, y: Floats, weights: Floats) -> bool:
    """Whether no maximum of the likelihood exists, because one class lies beside the other."""
    ruptures, others = x[(y == 1.0) & (weights > 0.0)], x[(y == 0.0) & (weights > 0.0)]
    if not (len(ruptures) and len(others)):
        return True
    return bool(others.max() <= ruptures.min() or ruptures.max() <= others.min())


def _maximum_a_posteriori(x: Floats, y: Floats, prior_sd: float) -> tuple[float, float]:
    """Slope and intercept on centred margins, the slope bounded away from 0."""

    def loss(theta: Floats) -> tuple[float, Floats]:
        slope, level = theta
        z = slope * x + level
        error, pull = expit(z) - y, (slope - 1.0) / prior_sd
        value = float(np.sum(np.logaddexp(0.0, z) - y * z) + pull**2 / 2.0)
        gradient = np.array([error @ x + pull / prior_sd, error.sum()])
        return value / len(x), gradient / len(x)

    start = np.array([1.0, float(logit(y.mean()))])
    bounds = [(SMALLEST_SLOPE, None), (None, None)]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    return float(found.x[0]), float(found.x[1])


def _finite(margins: Floats) -> Floats:
    """Refuse a margin that is missing or infinite."""
    wrong = ~np.isfinite(margins)
    if wrong.any():
        raise ArgumentError(f"margin: expected finite log-odds, got {margins[wrong][0]:g}")
    return margins
