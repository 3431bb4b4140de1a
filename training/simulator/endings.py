"""How contracts end: both potential ends, then who ended it, on which ground, and what followed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from training.simulator.drawing import Flags, Floats, Ints, Words, pick, pick_rows

NOT_STARTED = 0.01
EARLY_SUCCESS, CONVERTED = 0.02, 0.02  # shares of contracts, in their last weeks: judged
RESIGN = {"apprenticeship": 0.40, "professionalisation": 0.30}  # 1.3 (8 of 21 and later), 2.1
RESIGN_DELAYS = ((5, 60), (60, 180), (180, 330))  # days after the rupture
RESIGN_SHARES = (6, 2, 0.4)  # 1.3: points within 2 months, between 2 and 6; later judged
INITIATORS = ("young_person", "employer", "mutual", "external")
CAUSES = {  # share of first causes, before the states weigh in (3.2)
    "tutor_conflict": 20,
    "working_conditions": 17,
    "task_content": 8,
    "pay": 4,
    "orientation": 15,
    "training": 4,
    "training_centre": 3,
    "skills": 6,
    "attendance": 5,
    "mobility": 2.5,
    "housing": 1.5,
    "health": 2.5,
    "money": 1.5,
    "family": 1.5,
    "other_job": 6,
    "employer_difficulty": 0,
    "other": 2.5,
}
DRIVEN_BY = {  # how much a bad state (motivation, tutor, conditions) makes a cause likelier
    "tutor_conflict": (0, 1.2, 0),
    "working_conditions": (0, 0, 1.2),
    "task_content": (0, 0.3, 0.6),
    "orientation": (1.2, 0, 0),
    "attendance": (0.8, 0, 0),
    "skills": (0.3, 0.3, 0),
}


@dataclass(frozen=True)
class Ends:
    """One potential end per contract: day counted from the start, and how."""

    day: Ints
    how: Words


def potential_ends(rupture: Ints, *, other: Ints, how_else: Words) -> Ends:
    """Take the first of the rupture (-1: none) and of what else would end the contract."""
    broken = (rupture >= 0) & (rupture < other) & (how_else != "not_started")
    return Ends(np.where(broken, rupture, other), np.where(broken, "rupture", how_else))


def other_ends(traits: pd.DataFrame, rng: np.random.Generator) -> tuple[Ints, Words]:
    """Day and kind of the end that comes when nothing breaks the contract."""
    planned = traits["planned_days"].to_numpy()
    drawn = pick(
        rng,
        (NOT_STARTED, EARLY_SUCCESS, CONVERTED, 1 - NOT_STARTED - EARLY_SUCCESS - CONVERTED),
        size=len(traits),
    )
    how = np.array(["not_started", "early_success", "converted", "completed"])[drawn]
    how = np.where(traits["permanent"] & (how == "converted"), "completed", how)
    early = planned - rng.integers(5, 31, len(traits))
    day = np.where(np.isin(how, ["early_success", "converted"]), early, planned)
    return np.where(how == "not_started", -rng.integers(1, 15, len(traits)), day), how


def rupture_details(
    traits: pd.DataFrame, *, day: Ints, states: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw initiator, legal motive, causes and days to a new contract of each rupture.

    One row per contract, to be used where the contract is broken; `states` are those of the day,
    shape (3, n). Nothing is missing yet.
    """
    trial = day < traits["trial_days"].to_numpy()
    initiator = _initiators(traits["kind"].eq("apprenticeship").to_numpy(), trial, rng)
    causes = _causes(traits, states, initiator, rng)
    return causes.assign(
        initiator=initiator,
        motive=_motives(traits, trial, initiator, rng),
        new_contract_days=_days_to_new_contract(traits, rng),
    )


def _initiators(apprentice: Flags, trial: Flags, rng: np.random.Generator) -> Words:
    """Draw who ends it: the employer more during the trial, the young person after it (3.1)."""
    shares = np.where(apprentice[:, None], (52, 20, 24, 4), (60, 24, 10, 6)).astype(np.float64)
    shares[trial] = (44, 55, 0, 1)
    return np.array(INITIATORS)[pick_rows(rng, shares)]


def _motives(
    traits: pd.DataFrame, trial: Flags, initiator: Words, rng: np.random.Generator
) -> Words:
    """DSN motive open to that kind and form that day (1.1, 1.2, 5.5); 6 in 10 mutual (2.4)."""
    size = len(traits)
    apprentice = traits["kind"].eq("apprenticeship").to_numpy()
    permanent = traits["permanent"].to_numpy() & ~apprentice
    fault = rng.choice(["095", "033", "096"], size, p=[0.8, 0.17, 0.03])
    dismissal = rng.choice(["020", "087", "091"], size, p=[0.5, 0.4, 0.1])
    closure = rng.choice(["097", "083"], size, p=[0.9, 0.1])
    collective = rng.choice(["011", "012", "014"], size)
    agreed = rng.random(size) < np.where(apprentice, 0.85, 0.35)
    by = {name: initiator == name for name in INITIATORS}
    conditions = [
        by["external"] & permanent,
        by["external"],
        trial & by["employer"],
        trial,
        permanent & by["young_person"],
        permanent & by["employer"],
        permanent,
        by["mutual"] | agreed,
        by["young_person"],
    ]
    choices: list[Any] = [collective, closure, "034", "035", "059", dismissal, "043", "084", "037"]
    return np.select(conditions, [np.broadcast_to(c, size) for c in choices], fault)


def _causes(
    traits: pd.DataFrame, states: Floats, initiator: Words, rng: np.random.Generator
) -> pd.DataFrame:
    """Up to three causes, drawn without replacement, likelier when the state behind them is bad."""
    names = np.array(list(CAUSES))
    base = np.log(np.maximum(list(CAUSES.values()), 1e-9))
    driven = np.array([DRIVEN_BY.get(name, (0, 0, 0)) for name in CAUSES], dtype=np.float64)
    appeal = base - (driven @ states).T + rng.gumbel(size=(len(traits), len(names)))
    appeal[:, names == "mobility"] += traits["commute_minutes"].gt(60).to_numpy()[:, None] * 1.5
    unstable = traits["housing"].isin(["unstable", "hosted"]).to_numpy()
    appeal[:, names == "housing"] += unstable[:, None] * 2.0
    appeal[:, names == "employer_difficulty"] += (initiator == "external")[:, None] * 99.0
    order = np.argsort(-appeal, axis=1)[:, :3]
    count = 1 + pick(rng, (55, 30, 15), size=len(traits))
    return pd.DataFrame(
        {f"cause_{k + 1}": pd.Series(names[order[:, k]]).where(count > k) for k in range(3)}
    )


def _days_to_new_contract(traits: pd.DataFrame, rng: np.random.Generator) -> Floats:
    """Days from the rupture to a new contract; NaN when none is signed."""
    low, high = np.array(RESIGN_DELAYS)[pick(rng, RESIGN_SHARES, size=len(traits))].T
    signs = rng.random(len(traits)) < traits["kind"].map(RESIGN).to_numpy(dtype=np.float64)
    return np.where(signs, rng.integers(low, high), np.nan)
