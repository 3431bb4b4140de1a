"""The cumulative risk of a case over the coming year, with competing ends.

Its value at the horizon is the calibrated risk that is shown. Its shape up to there is that of the
contracts of the same age and remaining length; beyond, the case keeps a part of its difference to
them, `persistence`, that was learned from what followed other risks. Contracts that end otherwise,
at their planned end above all, cannot break any more.
"""

from typing import NamedTuple

import numpy as np

from models.checks import Floats
from models.hazards import CERTAIN, SMALLEST, Hazards, integrated, relative
from models.reliability import Z_95

DAYS = (30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 365)


class Incidence(NamedTuple):
    """Cumulative risk at each of `days` with its band; `followed_days` tells how far one may ask.

    Points beyond what was followed are left out; that of the horizon is always there.
    """

    days: list[int]
    risk: list[float]
    low: list[float]
    high: list[float]
    followed_days: int


def incidence_at(
    hazards: Hazards,
    risk: Floats,
    *,
    age_days: Floats,
    remaining_days: Floats,
    horizon_days: int,
    days: tuple[int, ...] = DAYS,
    persistence: float | None = None,
) -> Floats:
    """Return the cumulative risk of each case (n,) at each of `days`, shape (n, len(days)).

    `risk` (n,) is that within `horizon_days`; `remaining_days` is NaN without a planned end. Up to
    the horizon 1 - F = (1 - F0)^theta with F0 that of all contracts of the age, theta such that the
    value at the horizon is `risk`; beyond it rates are theta^persistence times theirs, among those
    still open. Assumes that ends come as they did in the months learned from.

    Source: Fine and Gray (1999), A proportional hazards model for the subdistribution.
    """
    lasting = hazards.persistence if persistence is None else persistence
    times = tuple(sorted({*days, horizon_days}))
    at = times.index(horizon_days)
    rupture, other = _expected(hazards, age_days, remaining_days, times)
    broken, still = _accumulated(rupture, other)
    theta = relative(risk, broken[:, at])
    near = -np.expm1(theta[:, None] * np.log1p(-np.minimum(broken[:, :at], CERTAIN)))
    # Of those that do not break, as many end otherwise as among contracts of the age.
    open_then = (1.0 - risk) * still[:, at] / np.maximum(1.0 - broken[:, at], SMALLEST)
    scale = np.maximum(theta, SMALLEST)[:, None] ** lasting
    far, _ = _accumulated(scale * rupture[:, at + 1 :], other[:, at + 1 :])
    parts = (
        np.minimum(near, risk[:, None]),
        risk[:, None],
        risk[:, None] + open_then[:, None] * far,
    )
    return np.asarray(np.clip(np.hstack(parts)[:, [times.index(day) for day in days]], 0.0, 1.0))


def cohort_incidence(
    hazards: Hazards, *, age_days: Floats, remaining_days: Floats, days: tuple[int, ...] = DAYS
) -> Floats:
    """Return the cumulative risk of all contracts of each age (n,) at `days`, (n, len(days)).

    The Aalen-Johansen estimate by contract age, to judge the curves of cases beside.

    Source: Aalen and Johansen (1978), An empirical transition matrix.
    """
    return _accumulated(*_expected(hazards, age_days, remaining_days, days))[0]


def incidence_of(
    hazards: Hazards,
    risk: Floats,
    *,
    low: Floats,
    high: Floats,
    age_days: Floats,
    remaining_days: Floats,
    horizon_days: int,
) -> list[Incidence]:
    """Return the curve of each case (n,), as far as contracts of its age were followed.

    `low` and `high` (n,) are the band of the risk, which is carried along and widened beyond the
    horizon by how sure the persistence is; it does not hold what another year changes in the level.
    """
    days = tuple(sorted({*DAYS, horizon_days}))
    spread = Z_95 * hazards.persistence_error

    def curve(ends: Floats, shift: float) -> Floats:
        return incidence_at(
            hazards,
            ends,
            age_days=age_days,
            remaining_days=remaining_days,
            horizon_days=horizon_days,
            days=days,
            persistence=float(np.clip(hazards.persistence + shift, 0.0, 1.0)),
        )

    below, above = np.minimum(low, risk), np.maximum(high, risk)
    lows = np.minimum(curve(below, -spread), curve(below, spread)).tolist()
    highs = np.maximum(curve(above, -spread), curve(above, spread)).tolist()
    followed = [hazards.followed_days(age) for age in age_days.tolist()]
    rows = zip(curve(risk, 0.0).tolist(), lows, highs, followed, strict=True)
    return [_answerable(days, *row, horizon_days=horizon_days) for row in rows]


def _answerable(
    days: tuple[int, ...],
    risk: list[float],
    low: list[float],
    high: list[float],
    followed: int,
    *,
    horizon_days: int,
) -> Incidence:
    reached = [i for i, day in enumerate(days) if day <= followed or day == horizon_days]
    risk, low, high = ([values[i] for i in reached] for values in (risk, low, high))
    return Incidence([days[i] for i in reached], risk, low, high, followed)


def _expected(
    hazards: Hazards, age_days: Floats, remaining_days: Floats, times: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """Integrated rates of ruptures and of other ends between `times`, the first from day 0 on.

    Each of shape (n, len(times)); nothing is expected past the planned end.
    """
    start = np.maximum(np.asarray(age_days, dtype="float64"), 0.0)[:, None]
    left = np.where(np.isnan(remaining_days), np.inf, np.maximum(remaining_days, 0.0))[:, None]
    ages = start + np.minimum(np.array([0, *times], dtype="float64"), left)
    return (
        np.diff(integrated(hazards.rupture, ages), axis=1),
        np.diff(integrated(hazards.other, ages), axis=1),
    )


def _accumulated(rupture: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Return what has broken and what is still open after each step, both of their shape.

    Within a step the two kinds of ends keep one proportion, which makes the sum exact.
    """
    total = rupture + other
    still = np.exp(-np.cumsum(total, axis=1))
    before = np.concatenate([np.ones((len(total), 1)), still[:, :-1]], axis=1)
    share = np.divide(rupture, total, out=np.zeros_like(total), where=total > 0.0)
    return np.cumsum((before - still) * share, axis=1), still
