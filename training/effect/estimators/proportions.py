"""Two proportions: rates, difference by Newcombe, exact unconditional test, ratios."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    test_proportions_2indep,
)

from training.effect.estimators.barnard import p_values
from training.effect.estimators.estimate import Estimate, Flags, Floats

EXACT_UP_TO = 300  # persons per arm: beyond, the score test differs in the fourth decimal


@dataclass(frozen=True)
class Counts:
    """Events and persons of both arms: supported (1) and comparison (0)."""

    events1: int
    persons1: int
    events0: int
    persons0: int

    @classmethod
    def of(cls, outcome: Floats, arm: Flags) -> "Counts":
        """Count known outcomes (0, 1; NaN is unknown and left out), shape (n,) both."""
        known = np.isfinite(outcome)
        one, zero = outcome[known & arm], outcome[known & ~arm]
        return cls(int(one.sum()), len(one), int(zero.sum()), len(zero))

    @property
    def empty(self) -> bool:
        """Whether an arm has nobody."""
        return not (self.persons1 and self.persons0)


def rate(events: int, persons: int, *, level: float) -> Estimate:
    """Return a proportion with its Wilson interval (Wilson 1927)."""
    details = {"events": events, "persons": persons}
    if not persons:
        return Estimate(np.nan, method="wilson", details=details)
    low, high = proportion_confint(events, persons, alpha=1 - level, method="wilson")
    return Estimate(events / persons, float(low), float(high), None, "wilson", (), details)


def difference(counts: Counts, *, level: float) -> Estimate:
    """Return rate 1 minus rate 0 with Newcombe's interval and the p-value of `equality_test`.

    Source: Newcombe (1998), Interval estimation for the difference between independent
    proportions, method 10. Persons are assumed independent.
    """
    if counts.empty:
        return Estimate(np.nan, method="newcombe", notes=("empty_arm",), details={"test": ""})
    value = counts.events1 / counts.persons1 - counts.events0 / counts.persons0
    low, high = newcombe(
        counts.events1, counts.persons1, counts.events0, counts.persons0, alpha=1 - level
    )
    p, name = equality_test(counts)
    notes = () if counts.events1 and counts.events0 else ("arm_without_event",)
    return Estimate(value, float(low), float(high), p, "newcombe", notes, {"test": name})


def newcombe(
    events1: npt.ArrayLike,
    persons1: npt.ArrayLike,
    events0: npt.ArrayLike,
    persons0: npt.ArrayLike,
    *,
    alpha: npt.ArrayLike,
) -> tuple[Any, Any]:
    """Return both ends of Newcombe's interval, of numbers or of arrays."""
    parts = (np.asarray(part) for part in (events1, persons1, events0, persons0))
    low, high = confint_proportions_2indep(*parts, method="newcomb", compare="diff", alpha=alpha)
    return low, high


def equality_test(counts: Counts) -> tuple[float, str]:
    """Return the two-sided p-value of equal rates, and which test gave it.

    Barnard's exact unconditional test up to 300 persons per arm, whose error is at most its level
    whatever the rate; above, the score test of Miettinen and Nurminen (1985).
    """
    exact = max(counts.persons1, counts.persons0) <= EXACT_UP_TO
    name = "barnard" if exact else "score"
    events, persons = counts.events1 + counts.events0, counts.persons1 + counts.persons0
    if events in (0, persons):
        return 1.0, name
    if exact:
        found = p_values(counts.persons1, counts.persons0)[counts.events1, counts.events0]
        return float(found), name
    score = test_proportions_2indep(
        counts.events1, counts.persons1, counts.events0, counts.persons0, method="score"
    )
    return float(score.pvalue), name


def risk_ratio(counts: Counts, *, level: float) -> Estimate:
    """Return rate 1 over rate 0 with Katz's interval; NaN when an arm has no event."""
    return _ratio(counts, level, "ratio", "log")


def odds_ratio(counts: Counts, *, level: float) -> Estimate:
    """Return the odds ratio (Woolf's interval); NaN when a cell of the table is empty."""
    return _ratio(counts, level, "odds-ratio", "logit")


def _ratio(counts: Counts, level: float, compare: str, method: str) -> Estimate:
    cells = [counts.events1, counts.events0]
    if compare == "odds-ratio":
        cells += [counts.persons1 - counts.events1, counts.persons0 - counts.events0]
    if counts.empty or min(cells) == 0:
        return Estimate(np.nan, method=method, notes=("empty_cell",))
    one, zero = counts.events1 / counts.persons1, counts.events0 / counts.persons0
    value = one / zero if compare == "ratio" else one * (1 - zero) / (zero * (1 - one))
    low, high = confint_proportions_2indep(
        counts.events1,
        counts.persons1,
        counts.events0,
        counts.persons0,
        compare=compare,
        method=method,
        alpha=1 - level,
    )
    return Estimate(value, float(low), float(high), None, method)
