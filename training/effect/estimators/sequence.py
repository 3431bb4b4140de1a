"""Intervals that stay valid however often one looks, and boundaries for looks fixed beforehand.

Both give, for a look, the number of standard errors beyond which the plan allows a conclusion; it
takes the place of 1.96 in Newcombe's interval, which keeps small counts honest.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from training.effect.estimators.estimate import Floats

GRID = 501  # points of the recursive integration; the fourth decimal stands still from 400 on


def mixture_boundary(persons: npt.ArrayLike, *, alpha: float, tuned: float) -> Floats:
    """Return the boundary, in standard errors, after this many persons, for looks at any time.

    Robbins' normal mixture, narrowest at `tuned` persons. The true difference leaves the sequence
    of intervals at any look with a probability of at most about `alpha`; about, because it rests on
    the central limit: look from some twenty persons per arm on. Sources: Robbins (1970),
    Statistical methods related to the law of the iterated logarithm; Waudby-Smith, Arbour, Sinha,
    Kennedy and Ramdas (2024), Time-uniform central limit theory and asymptotic confidence
    sequences.
    """
    best = -special.lambertw(-(alpha**2) / np.e, -1).real - 1
    scaled = np.maximum(np.asarray(persons, dtype=np.float64), 1.0) * best / tuned
    boundary: Floats = np.sqrt((scaled + 1) / scaled * np.log((scaled + 1) / alpha**2))
    return boundary


def spent(fraction: npt.ArrayLike, *, alpha: float) -> Floats:
    """Return the error spent by a share of the information, as O'Brien and Fleming would.

    Half of `alpha` on each side. Source: Lan and DeMets (1983), Discrete sequential boundaries for
    clinical trials.
    """
    share = np.clip(np.asarray(fraction, dtype=np.float64), 1e-12, 1.0)
    quantile = stats.norm.ppf(1 - alpha / 4)
    error: Floats = 4 * stats.norm.sf(quantile / np.sqrt(share))
    return error


def spending_boundaries(fractions: npt.ArrayLike, *, alpha: float) -> Floats:
    """Return the two-sided boundary at each look, in standard errors.

    `fractions`, increasing in (0, 1], are the shares of the planned persons matured at each look;
    at most `alpha` is spent over all of them. Infinite where nothing is spent yet. By recursive
    integration: Armitage, McPherson and Rowe (1969), Repeated significance tests on accumulating
    data.
    """
    return np.array(_boundaries(tuple(np.asarray(fractions, dtype=np.float64)), alpha))


@cache
def _boundaries(fractions: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    boundaries: list[float] = []
    grid, mass, before, used = np.zeros(1), np.ones(1), 0.0, 0.0
    for fraction in fractions:
        budget = float(spent(fraction, alpha=alpha)) - used
        spread = np.sqrt(max(fraction - before, 0.0))
        if budget < 1e-10 or spread == 0:
            boundaries.append(np.inf if budget < 1e-10 else boundaries[-1])
            continue
        limit = _limit(grid, mass, spread, budget, fraction)
        boundaries.append(limit / np.sqrt(fraction))
        grid, mass = _continue(grid, mass, spread, limit)
        before, used = fraction, used + budget
    return tuple(boundaries)


def _limit(grid: Floats, mass: Floats, spread: float, budget: float, fraction: float) -> float:
    """Bound of the walk beyond which just the budget of error crosses at this look."""

    def crossed(limit: float) -> float:
        upper = stats.norm.sf((limit - grid) / spread)
        lower = stats.norm.cdf((-limit - grid) / spread)
        return float(mass @ (upper + lower)) - budget

    return float(optimize.brentq(crossed, 0.0, 12 * np.sqrt(fraction)))


def _continue(grid: Floats, mass: Floats, spread: float, limit: float) -> tuple[Floats, Floats]:
    """Where the walk stands after a look it did not leave at."""
    points, step = np.linspace(-limit, limit, GRID, retstep=True)
    kernel = np.exp(-0.5 * ((points[:, None] - grid[None, :]) / spread) ** 2)
    density = kernel @ mass / (spread * np.sqrt(2 * np.pi))
    weights = np.full(GRID, step)
    weights[[0, -1]] = step / 2
    return points, density * weights
