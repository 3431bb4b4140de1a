"""Ends of contracts as they are declared: late, in versions, with fields missing."""

import numpy as np
import pandas as pd

from training.simulator.drawing import Floats, Ints, blank
from training.simulator.world import World

DECLARED_LATE = 0.1  # share of ends declared after the legal 30 days (1.1): judged
EMPLOYED = {"rupture": 0.67, "else": 0.81}  # 7.2: 6 months after the planned end
SURVEYED = 0.6  # share of contracts whose employment at 6 months gets known: judged
MISSING = {"initiator": 0.12, "motive": 0.08, "cause_1": 0.2}


def outcomes(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Return every version of every outcome.

    The end, then a new contract, then employment at 6 months.

    The first version is known when the end is declared; a version that tells nothing new is left
    out. `row` is the contract's index.
    """
    end = _end(world, rng)
    declared = end["ended_on"].to_numpy() + _lag(rng, len(end)).astype("timedelta64[D]")
    signed, signed_known = _new_contract(world, rng)
    employed, surveyed_on = _employment(world, rng)
    versions = [
        end.assign(known_on=moment).assign(
            new_contract_on=pd.Series(signed).where(signed_known <= moment),
            employed_at_6_months=pd.Series(employed).where(surveyed_on <= moment),
        )[~np.isnat(moment)]
        for moment in (
            declared,
            np.where(signed_known > declared, signed_known, np.datetime64("NaT")),
            np.where(surveyed_on > declared, surveyed_on, np.datetime64("NaT")),
        )
    ]
    frame = pd.concat(versions, ignore_index=True)
    return frame.sort_values(["row", "known_on"], kind="stable", ignore_index=True)


def _end(world: World, rng: np.random.Generator) -> pd.DataFrame:
    broken = world.ends.how == "rupture"
    details = world.details[broken].reindex(world.details.index)
    frame = pd.DataFrame(
        {
            "contract_id": world.traits["contract_id"],
            "ended_on": (world.starts + world.ends.day).astype("datetime64[s]"),
            "how": pd.Series(world.ends.how, dtype="str"),
            "initiator": details["initiator"],
            "motive": details["motive"].mask(world.ends.how == "completed", "031"),
            **{f"cause_{k}": details[f"cause_{k}"] for k in (1, 2, 3)},
            "row": np.arange(len(broken)),
        }
    )
    for name, share in MISSING.items():
        frame[name] = blank(rng, frame[name], share)
    unknown = frame["cause_1"].isna()
    return frame.assign(**{f"cause_{k}": frame[f"cause_{k}"].mask(unknown) for k in (2, 3)})


def _lag(rng: np.random.Generator, size: int) -> Ints:
    """Days to the declaration: within the legal 30 days for most, later for some."""
    within = np.minimum(rng.exponential(12, size), 30)
    late = 30 + rng.exponential(20, size)
    return np.floor(np.where(rng.random(size) < DECLARED_LATE, late, within)).astype(np.int64)


def _new_contract(world: World, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Date of the next contract after a rupture and the day it is known; NaT for none."""
    days = world.details["new_contract_days"].where(world.ends.how == "rupture")
    delay = pd.to_timedelta(days, unit="D").to_numpy().astype("timedelta64[s]")
    signed = (world.starts + world.ends.day).astype("datetime64[s]") + delay
    return signed, signed + rng.integers(3, 30, len(signed)).astype("timedelta64[D]")


def _employment(world: World, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Employment 6 months after the *planned* end, so that no one has longer to find work."""
    size = len(world.starts)
    share = np.where(world.ends.how == "rupture", EMPLOYED["rupture"], EMPLOYED["else"])
    employed = (rng.random(size) < share).astype(np.float64)
    known = world.traits["planned_end_on"].to_numpy().astype("datetime64[s]")
    known = known + rng.integers(185, 240, size).astype("timedelta64[D]")
    asked = (rng.random(size) < SURVEYED) & (world.ends.how != "not_started")
    return employed, np.where(asked, known, np.datetime64("NaT"))
