"""What estimators of an effect hold when outcomes are missing, censored or compete."""

from typing import Any

import numpy as np

from benchmarks.effect_trials import ALPHA, LEVEL, Hits, chunks, each, holds, tally
from training.effect.estimators import bounds, proportions
from training.effect.estimators.estimate import Flags, Floats
from training.effect.estimators.incidence import (
    cumulative_incidence,
    difference_at,
    restricted_mean_difference,
)
from training.simulator.trials import Scenario, draw_trials


def missing(scenario: Scenario, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """A fifth missing, more among events and in one arm: what the bounds hold."""
    rate1, rate0 = scenario.rates
    always = _always_known(scenario)
    hits: Hits = {
        "worst and best case hold the effect": [],
        "Lee's interval holds the effect on those always known": [],
        "Newcombe on the known holds the effect": [],
    }
    for drawn in chunks(scenario, number, rng):
        for outcome, arm, row in each(drawn):
            hidden = rng.random(len(arm)) < _missing_share(drawn.covariate[row], arm)
            seen = np.where(hidden, np.nan, outcome)
            extreme = bounds.extreme_cases(seen, arm, level=LEVEL)
            hits["worst and best case hold the effect"].append(holds(extreme, rate1 - rate0))
            known = proportions.Counts.of(seen, arm)
            low, high = proportions.newcombe(
                known.events1, known.persons1, known.events0, known.persons0, alpha=ALPHA
            )
            name = "Newcombe on the known holds the effect"
            hits[name].append(bool(low <= rate1 - rate0 <= high))
            lee = bounds.lee_bounds(seen, arm, level=LEVEL)
            name = "Lee's interval holds the effect on those always known"
            hits[name].append(holds(lee, always))
    return tally(hits)


def _missing_share(covariate: Floats, arm: Flags) -> Floats:
    """One in five on average; persons at risk answer less, the supported a little more."""
    odds = np.exp(-1.6 + 1.0 * covariate + np.where(arm, -0.4, 0.2))
    return odds / (1 + odds)


def _always_known(scenario: Scenario) -> float:
    """The effect on those who answer in the comparison arm, who answer in both."""
    rng = np.random.default_rng(7)
    drawn = draw_trials(scenario, trials=max(1, 400_000 // (2 * scenario.per_arm)), rng=rng)
    compared = np.zeros(drawn.arm.shape, dtype=bool)
    weight = 1 - _missing_share(drawn.covariate, compared)
    return float(((drawn.outcome1 - drawn.outcome0) * weight).sum() / weight.sum())


def times(scenario: Scenario, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Coverage of curves and restricted means with competing ends and censoring."""
    incidence, mean = _true_times(scenario)
    hits: Hits = {"coverage, Aalen-Johansen at 300 days": [], "coverage, restricted mean": []}
    for drawn in chunks(scenario, number, rng):
        for row in range(len(drawn.arm)):
            arm = drawn.arm[row]
            time_, cause = _ends(drawn.outcome[row], rng)
            censored = rng.uniform(200, 500, len(arm))
            cause = np.where(time_ <= censored, cause, 0)
            time_ = np.ceil(np.minimum(time_, censored))
            curves = [
                cumulative_incidence(time_[rows], cause[rows], of=1, level=LEVEL)
                for rows in (arm, ~arm)
            ]
            found = difference_at(*curves, day=300, level=LEVEL)
            hits["coverage, Aalen-Johansen at 300 days"].append(holds(found, incidence))
            found = restricted_mean_difference(time_, cause > 0, arm, within=300, level=LEVEL)
            hits["coverage, restricted mean"].append(holds(found, mean))
    return tally(hits)


def _ends(outcome: Floats, rng: np.random.Generator) -> tuple[Floats, Any]:
    """A rupture within 365 days, earlier ones likelier; else another end from day 250 on."""
    rupture = 365 * rng.beta(1.2, 2.0, len(outcome))
    other = rng.uniform(250, 700, len(outcome))
    time_ = np.where(outcome == 1, np.minimum(rupture, other), other)
    return np.ceil(time_), np.where((outcome == 1) & (rupture < other), 1, 2)


def _true_times(scenario: Scenario) -> tuple[float, float]:
    rng = np.random.default_rng(11)
    figures = []
    for chance in scenario.rates:
        time_, cause = _ends((rng.random(1_000_000) < chance).astype(np.float64), rng)
        figures.append([((time_ <= 300) & (cause == 1)).mean(), np.minimum(time_, 300).mean()])
    gap = np.array(figures[0]) - np.array(figures[1])
    return float(gap[0]), float(gap[1])
