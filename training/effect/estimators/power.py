"""What a trial can see: power of the test the report uses, and the smallest effect within reach."""

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.proportion import power_proportions_2indep

from training.effect.estimators.barnard import rejection_region
from training.effect.estimators.proportions import EXACT_UP_TO

TARGET = 0.80


def power(rate0: float, difference: float, *, persons1: int, persons0: int, alpha: float) -> float:
    """Return the chance that the test of equal rates finds this difference.

    Exact for Barnard's test up to 300 persons per arm; beyond, by the normal approximation.
    `rate0` and `rate0 + difference` are rates in [0, 1].
    """
    rate1 = rate0 + difference
    if not (0 <= rate1 <= 1 and persons1 and persons0):
        return np.nan
    if max(persons1, persons0) > EXACT_UP_TO:
        ratio = persons0 / persons1
        return float(
            power_proportions_2indep(
                difference, rate0, persons1, ratio=ratio, alpha=alpha, return_results=False
            )
        )
    one = stats.binom.pmf(np.arange(persons1 + 1), persons1, rate1)
    zero = stats.binom.pmf(np.arange(persons0 + 1), persons0, rate0)
    return float(one @ rejection_region(persons1, persons0, alpha=alpha) @ zero)


def detectable(
    rate0: float, *, persons1: int, persons0: int, alpha: float, target: float = TARGET
) -> tuple[float, float]:
    """Return the smallest fall and rise seen with the chance `target`; NaN for none."""

    def short(difference: float) -> float:
        found = power(rate0, difference, persons1=persons1, persons0=persons0, alpha=alpha)
        return found - target

    found = []
    for end in (-rate0, 1 - rate0):
        reachable = abs(end) > 1e-9 and short(end * (1 - 1e-9)) > 0
        start = end * 1e-3
        found.append(
            optimize.brentq(short, start, end * (1 - 1e-9), xtol=1e-4) if reachable else np.nan
        )
    return float(found[0]), float(found[1])


def sequential_alpha(boundary: float) -> float:
    """Return the level of a single look as severe as this boundary, in standard errors."""
    return float(2 * stats.norm.sf(boundary))
