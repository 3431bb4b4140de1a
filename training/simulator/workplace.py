"""Where a contract is served: employer, tutor, pay, and the centre that trains."""

import numpy as np
import pandas as pd

from training.simulator import figures
from training.simulator.drawing import (
    Flags,
    Floats,
    Ints,
    numbered,
    pick,
    pick_rows,
    share_table,
    weighted_code,
    within_cell,
)
from training.simulator.pools import Pools

RHYTHMS = {
    "days_each_week": 30,
    "one_week_in_two": 22,
    "one_week_in_three": 20,
    "one_week_in_four": 8,
    "blocks": 17,
    "other": 3,
}


def draw_employers(traits: pd.DataFrame, pools: Pools, rng: np.random.Generator) -> pd.DataFrame:
    """Pick an employer of each contract's sector, of a size as its kind and level have them."""
    size = pick_rows(rng, share_table(figures.SIZE_SHARES, traits["group"]))
    sector = pd.Index(figures.SECTORS).get_indexer(pd.Index(traits["sector"]))
    cells = sector * len(figures.SIZES) + size
    chosen = within_cell(rng, cells, pools.employer_first, pools.employer_count)
    found = pools.employers.iloc[chosen].reset_index(drop=True)
    found = found.rename(columns={"effect": "employer_effect"})
    return found.assign(
        size=np.array(figures.SIZES)[size],
        job_rome=_job(sector, rng),
    )


def _job(sector: Ints, rng: np.random.Generator) -> pd.Series:
    letters = np.array(list("GDADFNHAKCMK"), dtype=object)[sector]
    number = 1101 + 101 * (sector % 5) + rng.integers(0, 4, len(sector))
    return pd.Series(letters, dtype="str") + pd.Series(number).astype("str")


def draw_centres(traits: pd.DataFrame, pools: Pools, rng: np.random.Generator) -> pd.DataFrame:
    """Pick a centre of the field, and what is taught there."""
    of_sector = (0, 1, 0, 5, 2, 3, 3, 4, 5, 5, 5, 5)  # index in figures.FIELDS, below level 5
    sector = pd.Index(figures.SECTORS).get_indexer(pd.Index(traits["sector"]))
    field = np.where(traits["level_prepared"] >= 5, 6, np.array(of_sector)[sector])
    chosen = within_cell(rng, field, pools.centre_first, pools.centre_count)
    found = pools.centres.iloc[chosen].reset_index(drop=True).drop(columns="field")
    rncp = 30000 + 200 * sector + 20 * traits["level_prepared"] + rng.integers(0, 6, len(traits))
    return found.rename(columns={"effect": "centre_effect"}).assign(
        training_rncp=numbered("RNCP", rncp.to_numpy(), width=5),
        training_rhythm=weighted_code(rng, RHYTHMS, size=len(traits)),
        distance_learning=rng.random(len(traits)) < np.where(field == 6, 0.08, 0.02),
    )


def draw_conditions(traits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw pay, weekly hours and hours of training."""
    above: Flags = rng.random(len(traits)) < 0.25
    pay = _pay_floor(traits) + np.where(above, rng.integers(5, 25, len(traits)), 0)
    yearly = np.where(traits["kind"] == "apprenticeship", 500, 350)
    hours = np.rint(yearly * traits["months"] / 12 * rng.uniform(0.8, 1.2, len(traits)))
    return pd.DataFrame(
        {
            "pay_above_floor": above,
            "pay_percent_smic": np.minimum(pay, 130).astype(np.float64),
            "weekly_hours": rng.choice([35.0, 37.0, 39.0], len(traits), p=[0.82, 0.06, 0.12]),
            "training_hours": np.maximum(hours, 150.0),
        }
    )


def _pay_floor(traits: pd.DataFrame) -> Floats:
    """Lowest pay in % of the SMIC: D6325-15 for one kind, first-year steps by age for the other."""
    age = traits["age"].to_numpy()
    graduate = traits["diploma"].isin(["bac", "bac_plus_2", "bac_plus_3"]).to_numpy()
    professional = np.where(age < 21, 55, 70) + 10 * graduate
    steps = np.array([27, 43, 53, 100])[np.searchsorted([18, 21, 26], age, side="right")]
    return np.where(traits["kind"] == "apprenticeship", steps, professional).astype(np.float64)


def draw_tutors(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw each tutor's years of experience and number of learners."""
    return pd.DataFrame(
        {
            "tutor_experience_years": np.minimum(np.floor(rng.gamma(1.6, 5.5, size)), 42),
            "tutor_learners": 1 + pick(rng, (62, 24, 10, 4), size=size),
        }
    )
