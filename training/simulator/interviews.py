"""Interviews as advisors record them: noisy, incomplete images of the latent states of the day."""

import numpy as np
import pandas as pd

from features.records.codes import NEED, THEME
from features.records.declarations import RATINGS
from training.simulator.drawing import (
    Flags,
    Floats,
    Ints,
    Words,
    blank,
    numbered,
    pick,
    pick_rows,
    weighted_code,
)
from training.simulator.hazard import LOADS, MONTH
from training.simulator.notes import write_notes
from training.simulator.world import World

NOTHING = np.array(None, dtype=object)
SLOTS = 45  # interviews planned at most during a contract
SENSES = {  # what each rating shows of (motivation, tutor, conditions): judged (gap 6)
    "motivation": (1.0, 0.0, 0.0),
    "tutor": (0.0, 1.0, 0.0),
    "conditions": (0.0, 0.0, 1.0),
    "fit": (0.2, 0.2, 0.6),
    "content": (0.5, 0.0, 0.2),
    "wellbeing": (0.35, 0.5, 0.5),
    "project": (0.8, 0.0, 0.0),
}
RATING_MIDDLE, RATING_SCALE, RATING_NOISE, PERSON_BIAS = 3.3, 1.1, 0.25, 0.08
RATING_MISSING = 0.05
STATUSES = np.array(["held", "missed", "cancelled", "moved"])
CHANNELS = {"in_person": 55, "phone": 28, "video": 12, "message": 5}
NEED_SHARES = dict(zip(NEED, (14, 7, 5, 12, 12, 6, 0, 6, 3), strict=True))  # % of persons: judged


def planned_interviews(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Interviews as if every contract reached its planned end; `row` is the contract's index.

    Nothing here depends on how the contract ends, so that no record can tell the future.
    """
    contract, slot, day = _schedule(world, rng)
    states = world.states[:, contract, np.maximum(day, 0) // MONTH]
    frame = _meeting(world, contract, day, states, rng)
    frame.insert(0, "interview_id", _ids(world, contract, slot))
    return frame


def interviews_after(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the supported persons' interviews after the real end."""
    size = len(world.starts)
    takes = (rng.random((size, 2)) < (0.6, 0.4)) & world.supported[:, None]
    takes &= (world.ends.how != "not_started")[:, None]
    days = world.ends.day[:, None] + rng.integers((15, 75), (60, 150), (size, 2))
    contract, slot = (index.astype(np.int64) for index in np.nonzero(takes))
    month = np.clip(world.ends.day[contract] // MONTH, 0, world.states.shape[2] - 1)
    frame = _meeting(world, contract, days[contract, slot], world.states[:, contract, month], rng)
    for name in set(RATINGS) - {"project", "wellbeing"}:
        frame[f"rating_{name}"] = np.nan
    frame = frame.assign(phase="after", declared_risk=None, note=None)
    frame.insert(0, "interview_id", _ids(world, contract, slot + SLOTS + 1))
    return frame


def _ids(world: World, contract: Ints, slot: Ints) -> pd.Series:
    number = world.traits["number"].to_numpy()[contract]
    return numbered("I", number * 100 + slot, width=9)


def _schedule(world: World, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Monthly for the supported, every 5 to 10 weeks for the others; slot 0 is before the start."""
    size = len(world.starts)
    supported = world.supported[:, None]
    monthly, sparse = rng.normal(30, 5, (size, SLOTS)), rng.uniform(35, 70, (size, SLOTS))
    gaps = np.where(supported, np.clip(monthly, 14, 60), sparse)
    gaps[:, 0] *= 0.3
    days = np.floor(np.cumsum(gaps, axis=1)).astype(np.int64)
    before = rng.random(size) < np.where(world.supported, 0.8, 0.4)
    days = np.concatenate([-rng.integers(2, 20, (size, 1)), days], axis=1)
    planned = days < world.traits["planned_days"].to_numpy()[:, None]
    planned[:, 0] = before
    contract, slot = (index.astype(np.int64) for index in np.nonzero(planned))
    return contract, slot, days[contract, slot]


def _meeting(
    world: World, contract: Ints, day: Ints, states: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    size = len(contract)
    held_on = (world.starts[contract] + day).astype("datetime64[s]")
    status = _statuses(states, rng)
    held = status == "held"
    channel = weighted_code(rng, CHANNELS, size=size)
    ratings = _ratings(world, contract, states, held, rng)
    needs, first_need = _needs(world, contract, day, states, held, rng)
    frame = pd.DataFrame(
        {
            "contract_id": world.traits["contract_id"].to_numpy()[contract],
            "held_on": held_on,
            "status": pd.Series(status, dtype="str"),
            "phase": pd.Series(np.where(day < 0, "before", "during"), dtype="str"),
            "channel": channel.where(held),
            **_participants(world.supported[contract], held, rng),
            **_themes(held, first_need, rng),
            **ratings,
            **needs,
            "declared_risk": _declared(states, held, rng),
            "known_on": held_on + pick(rng, (50, 30, 12, 8), size=size).astype("timedelta64[D]"),
            "row": contract,
        }
    )
    mood = frame[[f"rating_{name}" for name in RATINGS]].mean(axis=1).to_numpy()
    frame["note"] = blank(rng, write_notes(mood, first_need, held, rng), 0.35)
    return frame


def _statuses(states: Floats, rng: np.random.Generator) -> Words:
    """Missed, cancelled and moved more often when motivation is low."""
    missed = 0.055 * np.exp(-0.7 * states[0])
    cancelled = 0.03 * np.exp(-0.3 * states[0] - 0.3 * states[2])
    moved = 0.05 * np.exp(-0.2 * states[0])
    odds = np.stack([np.ones_like(missed), missed, cancelled, moved], axis=1)
    chosen: Words = STATUSES[pick_rows(rng, odds)]
    return chosen


def _ratings(
    world: World, contract: Ints, states: Floats, held: Flags, rng: np.random.Generator
) -> dict[str, Floats]:
    bias = rng.normal(0, PERSON_BIAS, len(world.starts))[contract]
    ratings = {}
    for name in RATINGS:
        shown = RATING_SCALE * np.array(SENSES[name]) @ states
        noise = rng.normal(0, RATING_NOISE, len(contract))
        rating = np.clip(np.rint(RATING_MIDDLE + shown + bias + noise), 1, 5)
        given = held & (rng.random(len(contract)) >= RATING_MISSING)
        ratings[f"rating_{name}"] = np.where(given, rating, np.nan)
    return ratings


def _needs(
    world: World, contract: Ints, day: Ints, states: Floats, held: Flags, rng: np.random.Generator
) -> tuple[dict[str, pd.Series], Ints]:
    """Needs that last until they are met, earlier under support; and the first one still open."""
    size = len(world.starts)
    first_open = np.full(len(contract), -1, dtype=np.int64)
    columns = {}
    for position, name in enumerate(NEED):
        has = rng.random(size) < _need_share(world.traits, name)
        met_on = rng.exponential(np.where(world.supported, 120, 240), size)
        noted = held & (rng.random(len(contract)) < 0.7)
        present = has[contract]
        if name == "reorientation":
            present = rng.random(len(contract)) < 0.05 * np.exp(-states[0])
        met = day > met_on[contract]
        state = np.where(met, "met", "open").astype(object)
        columns[f"need_{name}"] = pd.Series(np.where(noted & present, state, NOTHING), dtype="str")
        first_open = np.where((first_open < 0) & noted & present & ~met, position, first_open)
    return columns, first_open


def _need_share(traits: pd.DataFrame, name: str) -> Floats:
    share = np.full(len(traits), NEED_SHARES[name] / 100)
    if name == "mobility":
        return share * np.where(traits["commute_minutes"] > 45, 2.5, 0.7)
    if name == "housing":
        return share * np.where(traits["housing"].isin(["unstable", "hosted"]), 6.0, 0.6)
    return share


def _participants(supported: Flags, held: Flags, rng: np.random.Generator) -> dict[str, Floats]:
    shares = {
        "with_young_person": np.full(len(held), 0.96),
        "with_tutor": np.where(supported, 0.35, 0.2),
        "with_training_centre": np.where(supported, 0.25, 0.4),
    }
    return {
        name: np.where(held, rng.random(len(held)) < share, np.nan)
        for name, share in shares.items()
    }


def _themes(held: Flags, need: Ints, rng: np.random.Generator) -> dict[str, Floats]:
    """Draw the seven themes of AGIR; an open need calls for support or another path."""
    shares = np.array([0.35, 0.15, 0.3, 0.12, 0.3, 0.3, 0.12])
    drawn = rng.random((len(held), len(shares))) < shares
    drawn[:, 3] |= np.isin(need, [1, 2, 3, 5]) & (rng.random(len(held)) < 0.6)
    drawn[:, 1] |= (need == 6) & (rng.random(len(held)) < 0.7)
    return {
        f"theme_{name}": np.where(held, drawn[:, k], np.nan) for k, name in enumerate(THEME.codes)
    }


def _declared(states: Floats, held: Flags, rng: np.random.Generator) -> pd.Series:
    """Risk declared in the interview: a noisy reading of what the states add to the hazard."""
    strain = -LOADS @ states
    yes = rng.random(len(held)) < 1 / (1 + np.exp(2.6 - 1.6 * strain))
    asked = rng.random(len(held)) < 0.7
    answer = np.where(asked, np.where(yes, "yes", "no"), "not_asked").astype(object)
    return pd.Series(np.where(held, answer, NOTHING), dtype="str")
