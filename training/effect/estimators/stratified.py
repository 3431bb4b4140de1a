"""The analysis as drawn: differences and ratios pooled over strata."""

from typing import Any, NamedTuple

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from training.effect.estimators.estimate import Estimate, Flags, Floats, Ints, normal_interval


class Strata(NamedTuple):
    """Events and persons of both arms by stratum, shape (n_strata,) each, arms both there."""

    events1: Floats
    persons1: Floats
    events0: Floats
    persons0: Floats
    lonely: int  # strata that an arm is missing from: they tell nothing of the difference


def tabulate(outcome: Floats, arm: Flags, stratum: Ints) -> Strata:
    """Count known outcomes by stratum; `stratum` are integer codes from 0, shape (n,)."""
    known = np.isfinite(outcome)
    size = int(stratum.max()) + 1 if len(stratum) else 0

    def counted(rows: Flags, weights: Floats | None = None) -> Floats:
        made = np.bincount(stratum[rows], weights=weights, minlength=size)
        return np.asarray(made, dtype=np.float64)

    one, zero = known & arm, known & ~arm
    persons1, persons0 = counted(one), counted(zero)
    both = (persons1 > 0) & (persons0 > 0)
    events1, events0 = counted(one, outcome[one]), counted(zero, outcome[zero])
    lonely = int(((persons1 + persons0 > 0) & ~both).sum())
    return Strata(events1[both], persons1[both], events0[both], persons0[both], lonely)


def mantel_haenszel_difference(strata: Strata, *, level: float) -> Estimate:
    """Return the pooled difference of rates, weighted n1 n0 / n.

    Sound with many small strata as with few large ones. Sources: Greenland and Robins (1985),
    Estimation of a common effect parameter from sparse follow-up data; Sato (1989), On the variance
    estimator for the Mantel-Haenszel risk difference.
    """
    if not len(strata.events1):
        return Estimate(np.nan, method="mantel_haenszel", notes=("no_stratum_with_both_arms",))
    value, error = pooled_difference(*strata[:4])
    return normal_interval(
        float(value),
        float(error),
        level=level,
        method="mantel_haenszel",
        strata=len(strata.events1),
        lonely_strata=strata.lonely,
    )


def pooled_difference(a: Floats, n1: Floats, b: Floats, n0: Floats) -> tuple[Floats, Floats]:
    """Return the pooled difference and its error; strata are the last axis.

    Events and persons of arm 1, events and persons of arm 0. A stratum that an arm is missing from
    adds nothing; at least one must have both. Sato's variance is enlarged by n / (n - strata): with
    a dozen persons per stratum it covers 94.5 % without (docs/benchmarks.md).
    """
    both = (n1 > 0) & (n0 > 0)
    total = np.where(both, n1 + n0, np.inf)
    persons, strata = np.where(both, n1 + n0, 0.0).sum(axis=-1), both.sum(axis=-1)
    enlarged = persons / np.maximum(persons - strata, 1.0)
    weight = (n1 * n0 / total).sum(axis=-1)
    value = ((a * n0 - b * n1) / total).sum(axis=-1) / weight
    P = ((n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2).sum(axis=-1)
    Q = ((a * (n0 - b) + b * (n1 - a)) / (2 * total)).sum(axis=-1)
    return value, np.sqrt(np.maximum(value * P + Q, 0.0) * enlarged) / weight


def inverse_variance_difference(strata: Strata, *, level: float) -> Estimate:
    """Return the pooled difference weighted by precision, with Cochran's test of heterogeneity.

    Each cell is counted with half an event and half a non-event more, so that a stratum without
    events has an error; sound only with large strata (Greenland and Robins 1985).
    """
    a, n1, b, n0, _ = strata
    if not len(a):
        return Estimate(np.nan, method="inverse_variance", notes=("no_stratum_with_both_arms",))
    p1, p0 = (a + 0.5) / (n1 + 1), (b + 0.5) / (n0 + 1)
    variance = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    difference, weight = a / n1 - b / n0, 1 / variance
    value = float((weight * difference).sum() / weight.sum())
    q = float((weight * (difference - value) ** 2).sum())
    freedom = len(a) - 1
    return normal_interval(
        value,
        float(1 / np.sqrt(weight.sum())),
        level=level,
        method="inverse_variance",
        heterogeneity=q,
        heterogeneity_p=float(stats.chi2.sf(q, freedom)) if freedom else np.nan,
    )


def mantel_haenszel_ratios(strata: Strata, *, level: float) -> dict[str, Any]:
    """Return the pooled risk and odds ratios, Cochran-Mantel-Haenszel's test and Breslow-Day's.

    Undefined ones are NaN: a table without events, or with nothing else, has no ratio.
    """
    a, n1, b, n0, _ = strata
    events, others = a + b, n1 + n0 - a - b
    informative = (events > 0) & (others > 0)
    nothing = Estimate(np.nan, method="mantel_haenszel", notes=("empty_cell",))
    if not informative.any() or a.sum() == 0 or b.sum() == 0:
        return {"risk_ratio": nothing, "odds_ratio": nothing, "p": np.nan, "homogeneity_p": np.nan}
    cells = [[a, n1 - a], [b, n0 - b]]
    table = StratifiedTable(np.array(cells)[:, :, informative])
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = table.oddsratio_pooled_confint(alpha=1 - level)
        even = table.test_equal_odds().pvalue if informative.sum() > 1 else np.nan
        return {
            "risk_ratio": Estimate(float(table.riskratio_pooled), method="mantel_haenszel"),
            "odds_ratio": Estimate(
                float(table.oddsratio_pooled),
                float(odds[0]),
                float(odds[1]),
                None,
                "mantel_haenszel",
            ),
            "p": float(table.test_null_odds(correction=False).pvalue),
            "homogeneity_p": float(even),
        }
