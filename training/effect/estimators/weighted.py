"""Difference between those drawn and those not, each drawn with a probability of their own."""

import numpy as np
import statsmodels.api as sm

from training.effect.estimators.estimate import Estimate, Floats, Ints, normal_interval

METHOD = "weighted_difference"


def weighted_difference(
    outcome: Floats,
    drawn: Floats,
    *,
    probability: Floats,
    covariate: Floats,
    groups: Ints,
    level: float,
) -> Estimate:
    """Return the mean outcome of the drawn minus that of the others, adjusted for a covariate.

    Each row weighs the inverse of the probability of what the draw gave it (Horvitz and Thompson,
    1952, A generalization of sampling without replacement; in the ratio form of Hájek, 1971), so
    that both sides stand for all rows. Errors are clustered by `groups`. Probabilities lie strictly
    between 0 and 1. Undefined while one side is empty or there are two groups or fewer.
    """
    clusters = len(np.unique(groups))
    if not 0 < drawn.sum() < len(drawn) or clusters <= 2:
        return Estimate(np.nan, method=METHOD, notes=("no_contrast",))
    weights = np.where(drawn == 1.0, 1 / probability, 1 / (1 - probability))
    columns = np.column_stack([np.ones(len(drawn)), drawn, covariate - covariate.mean()])
    model = sm.WLS(outcome, columns, weights=weights)
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
    rates = {
        f"rate{side}": float(np.average(outcome[drawn == side], weights=weights[drawn == side]))
        for side in (0, 1)
    }
    return normal_interval(
        float(fitted.params[1]),
        float(fitted.bse[1]),
        level=level,
        freedom=clusters - 1,
        method=METHOD,
        **rates,
    )
