"""Secondary readings: those who followed their arm, and the effect per share supported.

Neither is protected by the draw as intention to treat is: who follows an arm is not chosen by lot.
"""

import numpy as np

from training.effect.estimators.estimate import Estimate, Flags, Floats
from training.effect.estimators.proportions import Counts, difference

FEWEST_MOVED = 0.1  # share moved by the draw below which a ratio to it is noise


def per_protocol(outcome: Floats, arm: Flags, received: Flags, *, level: float) -> Estimate:
    """Return the difference among those supported as drawn and those compared as drawn.

    Unbiased only if whoever left their arm would have fared like those who stayed, which nothing
    here can show.
    """
    followed = arm == received
    found = difference(Counts.of(np.where(followed, outcome, np.nan), arm), level=level)
    details = {**found.details, "followed1": int((arm & followed).sum())}
    details["followed0"] = int((~arm & followed).sum())
    return Estimate(
        found.value, found.low, found.high, found.p, "per_protocol", found.notes, details
    )


def complier_effect(outcome: Floats, arm: Flags, received: Flags, *, level: float) -> Estimate:
    """Return the effect on persons who are supported if and only if drawn so.

    The difference of outcomes over the difference of shares supported, with Fieller's interval:
    the values whose implied difference is not rejected. Assumes that the draw acts through support
    alone and that nobody does the opposite of their draw. Sources: Angrist, Imbens and Rubin
    (1996), Identification of causal effects using instrumental variables; Fieller (1954).
    """
    from scipy import stats

    known = np.isfinite(outcome)
    y, a, d = outcome[known], arm[known], received[known].astype(np.float64)
    if min(a.sum(), (~a).sum()) < 2:
        return Estimate(np.nan, method="complier", notes=("too_few",))
    moved = float(d[a].mean() - d[~a].mean())
    if moved < FEWEST_MOVED:
        return Estimate(
            np.nan, method="complier", notes=("draw_moved_too_few",), details={"moved": moved}
        )
    value = float(y[a].mean() - y[~a].mean()) / moved
    covariance = sum(np.cov(y[rows], d[rows]) / rows.sum() for rows in (a, ~a))
    low, high = _fieller(value * moved, moved, covariance, float(stats.norm.ppf(0.5 + level / 2)))
    return Estimate(value, low, high, None, "complier", (), {"moved": moved})


def _fieller(top: float, bottom: float, covariance: Floats, z: float) -> tuple[float, float]:
    """Values r with (top - r bottom)² <= z² Var(top - r bottom)."""
    a = bottom**2 - z**2 * covariance[1, 1]
    b = top * bottom - z**2 * covariance[0, 1]
    c = top**2 - z**2 * covariance[0, 0]
    root = b**2 - a * c
    if a <= 0 or root < 0:
        return np.nan, np.nan
    return float((b - np.sqrt(root)) / a), float((b + np.sqrt(root)) / a)
