"""Barnard's exact unconditional test of two proportions, for every table of a size at once.

SciPy's `barnard_exact` compares statistics that should be equal with rounding between them, so that
it leaves tied tables out and its p-value is too small (4 of 12 against 7 of 9: 0.044, where it is
0.052): the error would exceed its level. Here ties are ties, as a test in exact fractions verifies.
"""

from functools import lru_cache

import numpy as np
from scipy import stats

from training.effect.estimators.estimate import Flags, Floats

NUISANCE = np.linspace(0.001, 0.999, 499)
DIGITS = 10  # of the statistic: tables that agree so far are tied


@lru_cache(maxsize=128)
def p_values(persons1: int, persons0: int) -> Floats:
    """Return the two-sided p-value of each table, shape (persons1 + 1, persons0 + 1).

    Row and column count the events of both arms. The p-value is the largest chance, over the common
    rate, of a pooled Wald statistic at least as large. Source: Barnard (1947), Significance tests
    for 2 x 2 tables; Suissa and Shuster (1985), Exact unconditional sample sizes.
    """
    statistic = _wald(persons1, persons0)
    values, rank = np.unique(np.round(statistic, DIGITS), return_inverse=True)
    rank, largest = rank.ravel(), np.zeros(len(values))
    one, zero = (_chances(persons) for persons in (persons1, persons0))
    for chances1, chances0 in zip(one, zero, strict=True):
        table = np.outer(chances1, chances0).ravel()
        mass = np.bincount(rank, weights=table, minlength=len(values))
        np.maximum(largest, mass[::-1].cumsum()[::-1], out=largest)
    found: Floats = np.asarray(np.minimum(largest, 1.0))[rank].reshape(statistic.shape)
    found.setflags(write=False)  # shared by every caller
    return found


def rejection_region(persons1: int, persons0: int, *, alpha: float) -> Flags:
    """Return whether the test rejects each table, shape (persons1 + 1, persons0 + 1)."""
    region: Flags = p_values(persons1, persons0) <= alpha
    return region


def _chances(persons: int) -> Floats:
    """Binomial chances, one row per common rate, one column per number of events."""
    return np.asarray(stats.binom.pmf(np.arange(persons + 1), persons, NUISANCE[:, None]))


def _wald(persons1: int, persons0: int) -> Floats:
    """Absolute pooled statistic of each table; 0 where nothing or everything is an event."""
    x1, x0 = np.arange(persons1 + 1.0)[:, None], np.arange(persons0 + 1.0)[None, :]
    pooled = (x1 + x0) / (persons1 + persons0)
    variance = pooled * (1 - pooled) * (1 / persons1 + 1 / persons0)
    gap = np.abs(x1 / persons1 - x0 / persons0)
    return np.divide(gap, np.sqrt(variance), out=np.zeros_like(gap), where=variance > 0)
