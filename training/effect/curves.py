"""Time until the end of the contract: curves by arm, restricted means, ratios of hazards."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from training.effect.estimators import hazards, incidence
from training.effect.estimators.estimate import Flags, Floats, Ints

MOST_POINTS = 400  # of a drawn curve: more cannot be seen


@dataclass(frozen=True)
class Times:
    """Days to the end or to censoring, cause (0 censored), arm, and when each is censored."""

    time: Floats
    cause: Ints
    arm: Flags
    censored_at: Floats | None
    causes: tuple[str, ...]  # names of causes 1, 2, ...; the first is the one of interest
    covariates: Floats | None = None


def describe_times(times: Times, *, within: float, level: float) -> dict[str, Any]:
    """Return curves by arm and cause, differences at the end of the window, means and ratios."""
    arms = {"supported": times.arm, "comparison": ~times.arm}
    if not all(rows.any() for rows in arms.values()):
        return {}
    reach = min(within, *(float(times.time[rows].max()) for rows in arms.values()))
    curves = {
        cause: {
            arm: incidence.cumulative_incidence(
                times.time[rows], times.cause[rows], of=number, level=level
            )
            for arm, rows in arms.items()
        }
        for number, cause in enumerate(times.causes, start=1)
        if (times.cause == number).any()
    }
    return {
        "days": reach,
        "curves": {
            cause: {arm: _drawn(curve, reach) for arm, curve in of_arms.items()}
            for cause, of_arms in curves.items()
        },
        "at_end": {
            cause: incidence.difference_at(
                of_arms["supported"], of_arms["comparison"], day=reach, level=level
            )
            for cause, of_arms in curves.items()
        },
        "at_risk": _at_risk(times, arms, reach),
        "restricted_mean": incidence.restricted_mean_difference(
            times.time, times.cause > 0, times.arm, within=reach, level=level
        ),
        "ratios": _ratios(times, level),
    }


def _ratios(times: Times, level: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        "cause_specific": hazards.cause_specific_ratio(
            times.time, times.cause, times.arm, of=1, level=level
        ),
        "logrank_p": hazards.logrank_p(times.time, times.cause == 1, times.arm),
    }
    if times.censored_at is not None:
        found["subdistribution"] = hazards.subdistribution_ratio(
            times.time, times.cause, times.arm, times.censored_at, of=1, level=level
        )
    if times.covariates is not None and times.covariates.shape[1]:
        found["adjusted"] = hazards.cause_specific_ratio(
            times.time, times.cause, times.arm, of=1, level=level, covariates=times.covariates
        )
    return found


def _drawn(curve: incidence.Curve, reach: float) -> dict[str, list[float]]:
    """The points of a curve until `reach`, thinned where there are more than can be seen."""
    last = int(np.searchsorted(curve.days, reach, side="right"))
    chosen = np.unique(np.linspace(0, last - 1, min(last, MOST_POINTS)).astype(int))
    parts = {"days": curve.days, "value": curve.value, "low": curve.low, "high": curve.high}
    drawn = {name: values[chosen].round(6).tolist() for name, values in parts.items()}
    if drawn["days"][-1] < reach:
        for name, values in drawn.items():
            values.append(float(reach) if name == "days" else values[-1])
    return drawn


def _at_risk(times: Times, arms: dict[str, Flags], reach: float) -> dict[str, list[int]]:
    days = np.linspace(0, reach, 5)
    counts = {
        arm: [int((times.time[rows] >= day).sum()) for day in days] for arm, rows in arms.items()
    }
    return {"days": [round(day) for day in days], **counts}
