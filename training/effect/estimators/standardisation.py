"""The covariate-adjusted difference: regression standardisation with robust errors.

A working model of the outcome is fitted, everybody's outcome is predicted under both arms, and the
means are compared. Under a draw the difference is consistent however wrong the model; without one
it is only as right as the model and the covariates are complete. Sources: Freedman (2008),
Randomization does not justify logistic regression; Lin (2013), Agnostic notes on regression
adjustments; Ye, Bannick, Yi and Shao (2023), Robust variance estimation for covariate-adjusted
unconditional treatment effect.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm

from training.effect.estimators.estimate import Estimate, Flags, Floats, Ints, normal_interval

LARGEST_LOG_ODDS = 12.0  # of a coefficient, covariates scaled: beyond, the arms are separated


@dataclass(frozen=True)
class _Fit:
    """A working model: predictions under both arms, and what each person adds to the error."""

    under1: Floats
    under0: Floats
    influence: Floats
    parameters: int
    log_odds: tuple[float, float] | None = None  # of the arm in the model, and its error


def standardised(
    outcome: Floats,
    arm: Flags,
    covariates: Floats,
    *,
    level: float,
    clusters: Ints | None = None,
    small_sample: bool = True,
) -> Estimate:
    """Return the standardised mean under support minus that under comparison.

    `outcome`, shape (n,), is 0, 1 or any number; persons with NaN are left out. `covariates`,
    shape (n, k), are complete. Binary outcomes: a logistic model with main effects; numbers, or a
    logistic model that separates, a linear one with arm-by-covariate interactions. The error is the
    sandwich of the whole estimator, covariates' own sampling included; `small_sample` inflates
    residuals by their leverage (as HC3) and takes quantiles of t. `clusters` are integer codes of
    persons that go together.
    """
    known = np.isfinite(outcome)
    y, a = outcome[known], arm[known]
    X = _varying(covariates[known]) if known.any() else np.empty((0, 0))
    if len(y) - 2 * (X.shape[1] + 1) < 2 or not (a.any() and (~a).any()):
        return Estimate(np.nan, method="standardised", notes=("too_few",))
    X = (X - X.mean(axis=0)) / X.std(axis=0) if X.shape[1] else X
    binary = bool(np.isin(y, (0.0, 1.0)).all())
    fit = _logistic(y, a, X, small_sample) if binary else None
    method = "logistic" if fit else "linear"
    fit = fit or _linear(y, a, X, small_sample)
    effect = fit.under1 - fit.under0
    value = float(effect.mean())
    influence = effect - value + fit.influence
    groups = None if clusters is None else clusters[known]
    error, units = _error(influence, groups)
    freedom = units - fit.parameters if small_sample else np.inf
    details: dict[str, Any] = {
        "mean1": float(fit.under1.mean()),
        "mean0": float(fit.under0.mean()),
        "parameters": fit.parameters,
        "persons": len(y),
    }
    if fit.log_odds:
        details["conditional_odds_ratio"] = _odds_ratio(*fit.log_odds, level=level)
    return normal_interval(
        value, error, level=level, freedom=max(freedom, 1), method=method, **details
    )


def _odds_ratio(log_odds: float, error: float, *, level: float) -> dict[str, float]:
    """The odds ratio of the working model itself, as trials print it: given the covariates."""
    found = normal_interval(log_odds, error, level=level, method="wald")
    ends = {"value": found.value, "low": found.low, "high": found.high}
    return {name: float(np.exp(end)) for name, end in ends.items()}


def _logistic(y: Floats, a: Flags, X: Floats, small_sample: bool) -> _Fit | None:
    """Fit main effects; None where the likelihood has no maximum."""
    if min(y[a].sum(), y[~a].sum(), (1 - y[a]).sum(), (1 - y[~a]).sum()) < 1:
        return None
    design = np.column_stack([np.ones(len(y)), a.astype(np.float64), X])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is looked for below
        fitted = sm.GLM(y, design, family=sm.families.Binomial()).fit(maxiter=50)
    beta = np.asarray(fitted.params)
    if not fitted.converged or np.abs(beta[1:]).max() > LARGEST_LOG_ODDS:
        return None
    ones, zeros = design.copy(), design.copy()
    ones[:, 1], zeros[:, 1] = 1.0, 0.0
    m1, m0, m = (1 / (1 + np.exp(-rows @ beta)) for rows in (ones, zeros, design))
    gradient = (ones * (m1 * (1 - m1))[:, None] - zeros * (m0 * (1 - m0))[:, None]).mean(axis=0)
    influence = _influence(design, m * (1 - m), y - m, gradient, small_sample)
    return _Fit(m1, m0, influence, len(beta), (float(beta[1]), float(fitted.bse[1])))


def _linear(y: Floats, a: Flags, X: Floats, small_sample: bool) -> _Fit:
    """Fit the outcome on the arm, centred covariates and their products (Lin 2013)."""
    arm = a.astype(np.float64)[:, None]
    design = np.column_stack([np.ones(len(y)), arm, X, X * arm])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    blank = np.zeros_like(X)
    ones = np.column_stack([np.ones(len(y)), np.ones(len(y)), X, X])
    zeros = np.column_stack([np.ones(len(y)), np.zeros(len(y)), X, blank])
    gradient = (ones - zeros).mean(axis=0)
    influence = _influence(design, np.ones(len(y)), y - design @ beta, gradient, small_sample)
    return _Fit(ones @ beta, zeros @ beta, influence, design.shape[1])


def _influence(
    design: Floats, weight: Floats, residual: Floats, gradient: Floats, small_sample: bool
) -> Floats:
    """Influence of each person on gradient · coefficients, through the score equations."""
    inverse = np.linalg.pinv((design * weight[:, None]).T @ design)
    if small_sample:
        leverage = weight * np.einsum("ij,jk,ik->i", design, inverse, design)
        residual = residual / np.maximum(1 - leverage, 0.1)
    influence: Floats = len(design) * (design @ (inverse @ gradient)) * residual
    return influence


def _error(influence: Floats, clusters: Ints | None) -> tuple[float, int]:
    """Standard error of a mean of influences, and how many independent units made it."""
    persons = len(influence)
    sums = influence if clusters is None else np.bincount(clusters, weights=influence)
    if clusters is not None:
        sums = sums[np.bincount(clusters) > 0]
    return float(np.sqrt(sums @ sums)) / persons, len(sums)


def _varying(covariates: Floats) -> Floats:
    """Columns that vary, without those that repeat another."""
    independent: list[int] = []
    for column in range(covariates.shape[1]):
        tried = covariates[:, [*independent, column]]
        centred = tried - tried.mean(axis=0)
        if np.linalg.matrix_rank(centred) == len(independent) + 1:
            independent.append(column)
    return covariates[:, independent]
