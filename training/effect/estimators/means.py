"""Two means of a numeric outcome, for tables of trials that measure an amount."""

import numpy as np
from scipy import stats

from training.effect.estimators.estimate import Estimate, Flags, Floats


def mean_difference(outcome: Floats, arm: Flags, *, level: float) -> Estimate:
    """Return mean 1 minus mean 0 with Welch's interval (Welch 1947); NaN outcomes are left out."""
    one, zero = (outcome[rows & np.isfinite(outcome)] for rows in (arm, ~arm))
    if min(len(one), len(zero)) < 2:
        nothing = {"mean1": np.nan, "mean0": np.nan}
        return Estimate(np.nan, method="welch", notes=("too_few",), details=nothing)
    details = {
        "mean1": float(one.mean()),
        "mean0": float(zero.mean()),
        "sd1": float(one.std(ddof=1)),
        "sd0": float(zero.std(ddof=1)),
    }
    value = details["mean1"] - details["mean0"]
    if details["sd1"] == details["sd0"] == 0:
        return Estimate(value, method="welch", notes=("no_error",), details=details)
    found = stats.ttest_ind(one, zero, equal_var=False)
    low, high = found.confidence_interval(level)
    return Estimate(value, float(low), float(high), float(found.pvalue), "welch", (), details)
