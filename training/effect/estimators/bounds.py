"""What missing outcomes could hide: worst and best case, and Lee's bounds."""

import numpy as np
from scipy import optimize, stats

from training.effect.estimators.estimate import Estimate, Flags, Floats
from training.effect.estimators.proportions import Counts, newcombe


def extreme_cases(outcome: Floats, arm: Flags, *, level: float) -> Estimate:
    """Return the difference if the missing were all against support, or all for it.

    `low` and `high` are the ends of Newcombe's intervals in both extremes, so that they hold the
    truth at `level` whatever the missing outcomes are; `details` has the two extremes themselves.
    `value` is the difference among the known. Source: Horowitz and Manski (2000), Nonparametric
    analysis of randomized experiments with missing covariate and outcome data.
    """
    counts = Counts.of(outcome, arm)
    if counts.empty:
        nothing = {"least": np.nan, "most": np.nan}
        return Estimate(np.nan, method="extreme_cases", notes=("empty_arm",), details=nothing)
    persons1, persons0 = int(arm.sum()), int((~arm).sum())
    missing1, missing0 = persons1 - counts.persons1, persons0 - counts.persons0
    most = (counts.events1 + missing1) / persons1 - counts.events0 / persons0
    least = counts.events1 / persons1 - (counts.events0 + missing0) / persons0
    alpha = 1 - level
    low, _ = newcombe(counts.events1, persons1, counts.events0 + missing0, persons0, alpha=alpha)
    _, high = newcombe(counts.events1 + missing1, persons1, counts.events0, persons0, alpha=alpha)
    value = counts.events1 / counts.persons1 - counts.events0 / counts.persons0
    details = {"least": least, "most": most, "missing1": missing1, "missing0": missing0}
    return Estimate(value, float(low), float(high), None, "extreme_cases", (), details)


def lee_bounds(outcome: Floats, arm: Flags, *, level: float) -> Estimate:
    """Return bounds of the effect on persons whose outcome is known whatever their arm.

    The arm that answers more is trimmed by its surplus, from the top and from the bottom. Assumes
    that support moves answering one way only; if it makes some answer and silences others, the
    bounds may miss. `details` has both bounds, `low` and `high` an interval that holds the effect
    at `level` (Imbens and Manski 2004). Source: Lee (2009), Training, wages, and sample selection:
    estimating sharp bounds on treatment effects.
    """
    known = np.isfinite(outcome)
    answered = np.array(
        [known[arm].mean() if arm.any() else 0.0, known[~arm].mean() if (~arm).any() else 0.0]
    )
    if not answered.all():
        nothing = {"lower": np.nan, "upper": np.nan}
        return Estimate(np.nan, method="lee", notes=("empty_arm",), details=nothing)
    rates = np.array([outcome[known & arm].mean(), outcome[known & ~arm].mean()])
    sizes = np.array([arm.sum(), (~arm).sum()], dtype=np.float64)
    lower, upper = _trimmed(rates, answered)
    errors = [_delta_error(rates, answered, sizes, end=end) for end in (0, 1)]
    quantile = _imbens_manski(upper - lower, max(errors), level)
    details = {"lower": lower, "upper": upper, "answered1": answered[0], "answered0": answered[1]}
    return Estimate(
        float(rates[0] - rates[1]),
        max(-1.0, lower - quantile * errors[0]),
        min(1.0, upper + quantile * errors[1]),
        None,
        "lee",
        (),
        details,
    )


def _trimmed(rates: Floats, answered: Floats) -> tuple[float, float]:
    """Bounds of rate 1 minus rate 0 once the arm that answers more is trimmed."""
    surplus = abs(answered[0] - answered[1]) / answered.max()
    trimmed = 0 if answered[0] > answered[1] else 1
    least = max(0.0, (rates[trimmed] - surplus) / (1 - surplus))
    most = min(1.0, rates[trimmed] / (1 - surplus))
    other = float(rates[1 - trimmed])
    return (least - other, most - other) if trimmed == 0 else (other - most, other - least)


def _delta_error(rates: Floats, answered: Floats, sizes: Floats, *, end: int) -> float:
    """Standard error of one bound, both rates and both shares of answers being estimated."""
    point = np.concatenate([rates, answered])
    variance = np.concatenate(
        [rates * (1 - rates) / (sizes * answered), answered * (1 - answered) / sizes]
    )

    def bound(at: Floats) -> float:
        return _trimmed(at[:2], np.minimum(at[2:], 1.0))[end]

    gradient = optimize.approx_fprime(point, bound, 1e-6)
    return float(np.sqrt((gradient**2 * variance).sum()))


def _imbens_manski(width: float, error: float, level: float) -> float:
    """Quantile between one- and two-sided, by how wide the bounds are beside their error."""
    if error <= 0:
        return 0.0

    def short(quantile: float) -> float:
        cover = stats.norm.cdf(quantile + width / error) - stats.norm.cdf(-quantile)
        return float(cover - level)

    return float(optimize.brentq(short, 0.0, stats.norm.ppf(0.5 + level / 2) + 1e-9))
