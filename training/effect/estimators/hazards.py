"""Ratios of hazards between arms, and the check that they are the same all along.

Cause-specific: other ends leave the persons at risk. Subdistribution: persons with another end stay
at risk until the day they would have been censored, which a programme knows (the day of the
analysis), so that no weight has to be estimated. Sources: Fine and Gray (1999), A proportional
hazards model for the subdistribution of a competing risk (censoring-complete data); Grambsch and
Therneau (1994), Proportional hazards tests and diagnostics based on weighted residuals.
"""

import warnings

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import survdiff

from training.effect.estimators.estimate import Estimate, Flags, Floats, Ints

LARGEST_LOG_RATIO = 8.0


def cause_specific_ratio(
    time: Floats,
    cause: Ints,
    arm: Flags,
    *,
    of: int,
    level: float,
    covariates: Floats | None = None,
) -> Estimate:
    """Return the ratio of hazards of the end `of`, supported over comparison.

    Given `covariates`, shape (n, k), where there are some. NaN when an arm has no such end: its
    ratio is 0 or without bound.
    """
    method = "cause_specific"
    return _cox(time, cause == of, arm, level=level, method=method, covariates=covariates)


def subdistribution_ratio(
    time: Floats, cause: Ints, arm: Flags, censored_at: Floats, *, of: int, level: float
) -> Estimate:
    """Return the ratio of subdistribution hazards; `censored_at` is when each would be censored."""
    other = (cause != of) & (cause > 0)
    stayed = np.where(other, np.maximum(censored_at, time), time)
    return _cox(stayed, cause == of, arm, level=level, method="subdistribution")


def logrank_p(time: Floats, event: Flags, arm: Flags) -> float:
    """Return the two-sided p-value of the log-rank test; 1 when nothing happened."""
    if not event.any():
        return 1.0
    return float(survdiff(time, event.astype(np.int64), arm)[1])


def _cox(
    time: Floats,
    event: Flags,
    arm: Flags,
    *,
    level: float,
    method: str,
    covariates: Floats | None = None,
) -> Estimate:
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError
    from lifelines.statistics import proportional_hazard_test

    if not (event[arm].any() and event[~arm].any()):
        return Estimate(np.nan, method=method, notes=("arm_without_event",))
    # A time of 0 is the day of the draw itself: half a day keeps its order.
    frame = pd.DataFrame({"time": np.maximum(time, 0.5), "event": event, "arm": arm.astype(float)})
    for number, column in enumerate(() if covariates is None else covariates.T):
        frame[f"x{number}"] = column
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas to come, and of convergence, checked below
            model = CoxPHFitter(alpha=1 - level).fit(frame, "time", "event")
            row = model.summary.loc["arm"]
            even = proportional_hazard_test(model, frame, time_transform="rank").p_value
    except ConvergenceError:
        return Estimate(np.nan, method=method, notes=("no_convergence",))
    if abs(row["coef"]) > LARGEST_LOG_RATIO:
        return Estimate(np.nan, method=method, notes=("no_convergence",))
    low, high = (float(row[f"exp(coef) {end} {100 * level:g}%"]) for end in ("lower", "upper"))
    details = {
        "log_ratio": row["coef"],
        "error": row["se(coef)"],
        "proportionality_p": float(np.ravel(even)[list(model.params_.index).index("arm")]),
    }
    return Estimate(float(row["exp(coef)"]), low, high, float(row["p"]), method, (), details)
