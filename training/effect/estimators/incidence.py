"""Curves of competing ends by arm (Aalen-Johansen), and restricted means, ties without chance.

lifelines breaks ties by random jitter in its Aalen-Johansen fitter, so statsmodels computes here.
Censoring is assumed independent of the end; in a programme it is the day of the analysis alone.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from training.effect.estimators.estimate import Estimate, Flags, Floats, Ints, normal_interval


class Curve(NamedTuple):
    """A step curve from 0: days, value, and pointwise interval; shape (n_times,) each."""

    days: Floats
    value: Floats
    low: Floats
    high: Floats
    error: Floats

    def at(self, day: float) -> tuple[float, float]:
        """Return the value and its standard error on a day."""
        index = int(np.searchsorted(self.days, day, side="right")) - 1
        return float(self.value[index]), float(self.error[index])


def cumulative_incidence(time: Floats, cause: Ints, *, of: int, level: float) -> Curve:
    """Return the share with the end `of` by each day, other ends being competing ones.

    `time` in days from the draw, shape (n,); `cause` 0 is censored, 1 and above are ends. The
    interval is on the complementary log-log scale. Source: Aalen and Johansen (1978), An empirical
    transition matrix for non-homogeneous Markov chains; variance of Dinse and Larson (1986), A note
    on semi-Markov models for partially censored data.
    """
    start = np.zeros(1)
    if not (cause == of).any():
        last = np.array([0.0, float(time.max()) if len(time) else 0.0])
        return Curve(last, np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = CumIncidenceRight(time, cause)
    value, error = found.cinc[of - 1], np.nan_to_num(found.cinc_se[of - 1])
    quantile = stats.norm.ppf(0.5 + level / 2)
    inside = (value > 0) & (value < 1)
    safe = np.where(inside, value, 0.5)
    spread = quantile * error / (-np.log1p(-safe) * (1 - safe))
    low, high = (1 - (1 - safe) ** np.exp(sign * spread) for sign in (-1, 1))
    return Curve(
        np.append(start, found.times),
        np.append(start, value),
        np.append(start, np.where(inside, low, value)),
        np.append(start, np.where(inside, high, value)),
        np.append(start, error),
    )


def difference_at(one: Curve, zero: Curve, *, day: float, level: float) -> Estimate:
    """Return the difference of two curves on a day, arms being independent."""
    (value1, error1), (value0, error0) = one.at(day), zero.at(day)
    return normal_interval(
        value1 - value0,
        float(np.hypot(error1, error0)),
        level=level,
        method="aalen_johansen",
        rate1=value1,
        rate0=value0,
    )


def restricted_mean(time: Floats, ended: Flags, *, within: float) -> tuple[float, float]:
    """Return the mean days until any end within `within` days, and its standard error.

    The area under Kaplan and Meier's curve; Greenwood's variance. Source: Royston and Parmar
    (2013), Restricted mean survival time. No library of ours gives the error of the estimate.
    """
    if not ended.any():
        return float(np.minimum(time, within).max(initial=0.0)), 0.0
    curve = SurvfuncRight(time, ended.astype(np.int64))
    times, survival = np.asarray(curve.surv_times), np.asarray(curve.surv_prob)
    events, at_risk = np.asarray(curve.n_events), np.asarray(curve.n_risk)
    inside = times < within
    steps = np.diff(np.concatenate([[0.0], times[inside], [within]]))
    heights = np.concatenate([[1.0], survival[inside]])
    areas = steps * heights
    after = areas[::-1].cumsum()[::-1][1:]  # area beyond each event
    left = at_risk[inside] - events[inside]
    term = np.divide(
        events[inside], at_risk[inside] * left, out=np.zeros(len(left)), where=left > 0
    )
    return float(areas.sum()), float(np.sqrt((after**2 * term).sum()))


def restricted_mean_difference(
    time: Floats, ended: Flags, arm: Flags, *, within: float, level: float
) -> Estimate:
    """Return the days in contract gained by support within `within` days of the draw.

    Cut to the longest follow-up both arms have, beyond which neither mean exists.
    """
    if not (arm.any() and (~arm).any()):
        return Estimate(np.nan, method="restricted_mean", notes=("empty_arm",))
    reach = min(within, float(time[arm].max()), float(time[~arm].max()))
    (mean1, error1), (mean0, error0) = (
        restricted_mean(time[rows], ended[rows], within=reach) for rows in (arm, ~arm)
    )
    return normal_interval(
        mean1 - mean0,
        float(np.hypot(error1, error0)),
        level=level,
        method="restricted_mean",
        mean1=mean1,
        mean0=mean0,
        days=reach,
    )
