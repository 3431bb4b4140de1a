"""What becomes of people after the contract: employment under both arms, and who answers."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.simulator.drawing import Flags, Floats
from training.simulator.outcomes import EMPLOYED
from training.simulator.world import World

if TYPE_CHECKING:
    from training.simulator.trial import Behaviour

MOMENTS = {"end": 0, "6_months": 183, "12_months": 365}
KEEPS = 0.85  # chance that employment at one moment is that of the moment before: judged
RELATED = 0.7  # of jobs, related to the training: judged
UNEMPLOYED = ("job_seeking", "training", "other")


def follow_up(
    world: World,
    *,
    gain: float,
    behaviour: "Behaviour",
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return employment at 6 months under both arms, and the rows of the follow-ups.

    `gain` is what support adds to the chance of employment, beside what an avoided rupture does.
    Who answers depends on the arm and on employment: those without a job answer less.
    """
    size, u = len(world.starts), rng.random(len(world.starts))
    both = pd.DataFrame(
        {
            "supported": u < _chance(world.with_support.how) + gain,
            "comparison": u < _chance(world.without.how),
        }
    ).astype("float64")
    works = np.where(world.supported, both["supported"], both["comparison"]) == 1.0
    parts = []
    for moment, days in MOMENTS.items():
        now = np.where(rng.random(size) < KEEPS, works, rng.random(size) < works.mean())
        now = works if moment == "6_months" else now
        parts.append(_asked(world, moment, days, now, behaviour, rng))
    return both, pd.concat(parts, ignore_index=True)


def _chance(how: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> Floats:
    return np.where(how == "rupture", EMPLOYED["rupture"], EMPLOYED["else"]).astype(np.float64)


def _asked(
    world: World,
    moment: str,
    days: int,
    works: Flags,
    behaviour: "Behaviour",
    rng: np.random.Generator,
) -> pd.DataFrame:
    size = len(works)
    share = np.where(world.supported, behaviour.response_supported, behaviour.response_comparison)
    answered = rng.random(size) < share * np.where(works, 1.03, 0.9)
    planned_end = world.traits["planned_end_on"].to_numpy("datetime64[D]")
    asked = planned_end + days + rng.integers(0, 30, size)
    idle = np.array(UNEMPLOYED)[rng.integers(0, len(UNEMPLOYED), size)]
    situation = np.where(works, "job", idle).astype(object)
    related = np.where(works, (rng.random(size) < RELATED).astype(np.float64), np.nan)
    return pd.DataFrame(
        {
            "follow_up_id": [f"F-{moment}-{n:07d}" for n in world.traits["number"]],
            "person_id": world.traits["person_id"],
            "contract_id": world.traits["contract_id"],
            "moment": moment,
            "asked_on": asked.astype("datetime64[s]"),
            "answer": np.where(answered, "answered", "unreachable"),
            "situation": pd.Series(situation).where(answered),
            "job_related": np.where(answered, related, np.nan),
            "known_on": (asked + 1).astype("datetime64[s]"),
        }
    )
