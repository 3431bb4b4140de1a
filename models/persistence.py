"""How much of a case's difference to the contracts of its age lasts beyond the horizon."""

import numpy as np

from models.checks import Floats, Integers
from models.hazards import SMALLEST, Hazards, integrated, relative
from models.incidence import cohort_incidence

LONGEST = 365
STEPS, LARGEST = 50, 20.0


def fit_persistence(
    hazards: Hazards,
    risk: Floats,
    *,
    age_days: Floats,
    remaining_days: Floats,
    horizon_days: int,
    followed_days: Floats,
    ruptured: Floats,
    persons: Integers,
) -> tuple[float, float]:
    """Return how much of a case's difference lasts beyond the horizon, and its standard error.

    Cases (n,) were followed for `followed_days` from their morning, and broke then where `ruptured`
    is 1. Beyond the horizon a case breaks theta^persistence times as often as all contracts of its
    age (`incidence_at`); a Poisson regression on log theta with a free level and the prior of
    `Hazards` tells it, its variance clustered by person. Without a case followed that far it is the
    prior.

    Source: Holford (1980), The analysis of rates and of survivorship using log-linear models.
    """
    rows = (followed_days > horizon_days) & ~(remaining_days <= horizon_days)
    if not rows.any():
        return Hazards.persistence, Hazards.persistence_error
    age, reach = age_days[rows], np.minimum(followed_days[rows], LONGEST)
    cohort = cohort_incidence(
        hazards, age_days=age, remaining_days=remaining_days[rows], days=(horizon_days,)
    )
    theta = np.maximum(relative(risk[rows], cohort[:, 0]), SMALLEST)
    start = np.maximum(age, 0.0)
    expected = integrated(hazards.rupture, start + reach) - integrated(
        hazards.rupture, start + horizon_days
    )
    broke = ruptured[rows] * (followed_days[rows] < LONGEST)
    design = np.column_stack([np.ones(len(theta)), np.log(theta)])
    return _persistence(design, broke, expected, persons[rows])


def _persistence(
    design: Floats, broke: Floats, expected: Floats, persons: Integers
) -> tuple[float, float]:
    centre = np.array([0.0, Hazards.persistence])
    precision = np.diag([0.0, Hazards.persistence_error**-2])
    weights = centre.copy()
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ weights, -LARGEST, LARGEST)) * expected + SMALLEST
        information = (design * mean[:, None]).T @ design + precision + SMALLEST * np.eye(2)
        step = np.linalg.solve(
            information, design.T @ (broke - mean) - precision @ (weights - centre)
        )
        weights = weights + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    residual = design * (broke - mean)[:, None]
    _, codes = np.unique(persons, return_inverse=True)
    scores = np.stack([np.bincount(codes, weights=part) for part in residual.T], axis=1)
    bread = np.linalg.inv(information)
    variance = (bread @ (scores.T @ scores + precision) @ bread)[1, 1]
    return float(np.clip(weights[1], 0.0, 1.0)), float(min(np.sqrt(variance), 1.0))
