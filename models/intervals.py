"""How sure a figure is: bootstrap by person, and the paired comparison of two models.

A person has several contracts and a contract several snapshots, whose labels go together.
Resampling cases as if each stood alone would give intervals that are too narrow; so whole persons
are drawn. A draw is a set of counts, one per person, and metrics are weighted by them: nothing is
sorted or copied again.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from models.checks import ArgumentError, Floats, check_numbers, check_share, person_codes
from models.metrics import RankedCases

LEVEL = 0.95
FEWEST_DEFINED = 0.5  # below this share of defined draws, a metric has no interval to speak of


class Difference(NamedTuple):
    """A mean paired difference and its standard error, clustered by person."""

    mean: float
    standard_error: float


def bootstrap(
    y: ArrayLike,
    p: ArrayLike,
    *,
    persons: ArrayLike,
    base: ArrayLike,
    capacity: float,
    seed: int,
    draws: int = 200,
) -> pd.DataFrame:
    """Return every metric with its 95 % interval: index metric, columns value, low, high.

    `persons`, shape (n_cases,), are the clusters that are drawn with replacement; persons are
    assumed independent of each other, and if they share a bad employer the intervals are somewhat
    narrow. The interval runs between percentiles of the draws, widened where needed to hold the
    value. Low and high are NaN where the metric is undefined in more than half of the draws.
    `base` stays as given in each draw: the reference is not refitted.

    Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13; Field and
    Welsh (2007), Bootstrapping clustered data.
    """
    cases = RankedCases.of(y, p, base=base)
    share = check_share(capacity, name="capacity")
    codes, count = person_codes(persons, length=len(cases.y))
    _check_draws(draws, count)
    value = cases.measure(np.ones(len(codes)), capacity=share)
    ranked = codes[cases.order]
    measured = [
        cases.measure(counts[ranked], capacity=share)
        for counts in person_counts(count, draws=draws, seed=seed)
    ]
    drawn = np.array([list(draw.values()) for draw in measured])
    return _interval_table(np.array(list(value.values())), drawn, names=list(value))


def bootstrap_ratio(
    numerator: ArrayLike, denominator: ArrayLike, *, persons: ArrayLike, seed: int, draws: int = 200
) -> tuple[float, float, float]:
    """Sum of `numerator` over sum of `denominator` (one each per case) as (value, low, high).

    For shares of a part of the cases, such as the ruptures that were on the list, with the same
    draws of persons and the same assumptions as `bootstrap`.
    """
    top = check_numbers(numerator, name="numerator")
    bottom = check_numbers(denominator, name="denominator", length=len(top))
    codes, count = person_codes(persons, length=len(top))
    _check_draws(draws, count)
    tops, bottoms = (np.bincount(codes, weights=part, minlength=count) for part in (top, bottom))
    sums = [
        (counts @ tops, counts @ bottoms) for counts in person_counts(count, draws=draws, seed=seed)
    ]
    quotients = _quotients(np.array([(tops.sum(), bottoms.sum()), *sums]))
    value, low, high = _interval_table(quotients[:1], quotients[1:, None], names=["ratio"]).iloc[0]
    return float(value), float(low), float(high)


def person_counts(persons: int, *, draws: int, seed: int) -> Iterator[Floats]:
    """How often each of `persons` persons is drawn, `draws` times over."""
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        drawn = rng.integers(persons, size=persons)
        yield np.bincount(drawn, minlength=persons).astype(np.float64)


def paired_difference(loss_a: ArrayLike, loss_b: ArrayLike, persons: ArrayLike) -> Difference:
    """Mean of loss a minus loss b on the same cases, with a standard error clustered by person.

    Losses have shape (n_cases,). The differences of one person may go together in any way; persons
    are assumed independent. With one person the standard error is NaN.

    Source: Cameron and Miller (2015), A practitioner's guide to cluster-robust inference.
    """
    a = check_numbers(loss_a, name="loss_a")
    differences = a - check_numbers(loss_b, name="loss_b", length=len(a))
    codes, count = person_codes(persons, length=len(a))
    if not len(a):
        raise ArgumentError("loss_a: expected at least one case, got none")
    mean = float(differences.mean())
    sums = np.bincount(codes, weights=differences - mean, minlength=count)
    variance = float(sums @ sums) * count / (count - 1) if count > 1 else np.nan
    return Difference(mean, float(np.sqrt(variance)) / len(a))


def _interval_table(value: Floats, drawn: Floats, *, names: list[str]) -> pd.DataFrame:
    """Percentile intervals of `drawn`, shape (n_draws, n_metrics), around `value`."""
    tails = [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0]
    low, high = np.full((2, len(value)), np.nan)
    usable = np.isfinite(drawn).mean(axis=0) >= FEWEST_DEFINED
    usable &= np.isfinite(value)
    if usable.any():
        low[usable], high[usable] = np.nanquantile(drawn[:, usable], tails, axis=0)
    low, high = np.minimum(low, value), np.maximum(high, value)
    return pd.DataFrame({"value": value, "low": low, "high": high}, index=names)


def _quotients(sums: Floats) -> Floats:
    """First column over second, NaN where the second is 0."""
    quotients = np.full(len(sums), np.nan)
    np.divide(sums[:, 0], sums[:, 1], out=quotients, where=sums[:, 1] > 0.0)
    return quotients


def _check_draws(draws: int, persons: int) -> None:
    if draws < 1:
        raise ArgumentError(f"draws: expected at least 1, got {draws}")
    if persons < 1:
        raise ArgumentError("y: expected at least one case, got none")
