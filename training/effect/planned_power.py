"""What a plan could see, printed before the first result."""

from typing import Any

import numpy as np

from features.programme.plan import Programme
from training.effect.estimators.power import detectable, power, sequential_alpha
from training.effect.looks import boundaries
from training.effect.sample import power_table

SIZES = (75, 150, 300, 600)
FALLS = (0.05, 0.10, 0.15)


def planned_power(plan: Programme) -> dict[str, Any]:
    """Return what the plan could see before anything was known, at its size and at others."""
    alpha, base = 1 - plan.analysis.level, plan.analysis.expected_rate
    persons: dict[str, int] = {
        "persons1": plan.arms.supported,
        "persons0": plan.arms.comparison,
    }
    last = float(boundaries(plan, np.array([plan.arms.total]))[-1])
    fall, rise = detectable(base, **persons, alpha=alpha)
    with_looks = detectable(base, **persons, alpha=sequential_alpha(last))
    return {
        "rate0": base,
        "per_arm": [plan.arms.supported, plan.arms.comparison],
        "fall": -fall,
        "rise": rise,
        "fall_with_looks": -with_looks[0],
        "halved": power(base, -base / 2, **persons, alpha=alpha),
        "table": power_table(base, sizes=SIZES, falls=FALLS, alpha=alpha),
        "falls": list(FALLS),
    }
