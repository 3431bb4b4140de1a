"""Records as an observer gets them: the four tables, cut at what has happened and is known."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from features.records.declarations import RECORD_TYPES
from features.records.schema import Kind, RecordType
from training.simulator.corruption import CONTRADICTORY, Corruptible, corrupt
from training.simulator.events import planned_events
from training.simulator.forms import filed_contracts
from training.simulator.interviews import interviews_after, planned_interviews
from training.simulator.outcomes import outcomes
from training.simulator.world import World

CORRUPTIBLE = {
    "contracts": Corruptible("tutor_learners", "training_rhythm"),
    "interviews": Corruptible("rating_fit", "channel", "held_on"),
    "events": Corruptible("value", "kind", "happened_on"),
    "outcomes": Corruptible(None, "motive"),
}


def emit(world: World, *, seed: np.random.SeedSequence) -> dict[str, pd.DataFrame]:
    """Write the raw tables by name: columns of the declarations, codes as plain strings.

    Each table has its own stream of random numbers, consumed for the whole planned length of every
    contract; rows of what did not happen, or is not known by the end of observation, go last. What
    was known before a contract ends therefore does not depend on its end.
    """
    rngs = [np.random.default_rng(child) for child in seed.spawn(5)]
    planned = {
        "contracts": filed_contracts(world, rngs[0]),
        "interviews": planned_interviews(world, rngs[1]),
        "events": planned_events(world, rngs[2]),
        "outcomes": _misdate(world, outcomes(world, rngs[3]), rngs[3]),
    }
    after = interviews_after(world, rngs[4])
    dirty = {
        name: corrupt(frame, CORRUPTIBLE[name], rng)
        for (name, frame), rng in zip(planned.items(), rngs[:4], strict=True)
    }
    dirty["interviews"] = pd.concat([_happened(world, dirty["interviews"], "held_on"), after])
    dirty["events"] = _happened(world, dirty["events"], "happened_on")
    return _tables(world, dirty)


def _happened(world: World, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows of what happened before the real end of the contract."""
    ended = (world.starts + world.ends.day).astype("datetime64[s]")
    return frame[frame[column].to_numpy() < ended[frame["row"]]]


def _misdate(world: World, frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Date a few ruptures before the start."""
    wrong = (rng.random(len(frame)) < 2 * CONTRADICTORY) & frame["how"].eq("rupture")
    before = world.starts[frame["row"]] - rng.integers(1, 30, len(frame)).astype("timedelta64[D]")
    dated = frame["ended_on"].mask(wrong, pd.Series(before.astype("datetime64[s]")))
    return frame.assign(ended_on=dated)


def _tables(world: World, frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    last = pd.Timestamp(world.window.last_day)
    return {
        t.name: _plain(frames[t.name][frames[t.name]["known_on"] <= last], t) for t in RECORD_TYPES
    }


def _plain(frame: pd.DataFrame, record: RecordType) -> pd.DataFrame:
    """Keep the declared columns, in order, with plain types: text, float64 and datetime64[s]."""
    plain = {Kind.DATE: "datetime64[s]", Kind.INTEGER: "float64", Kind.NUMBER: "float64"}
    plain[Kind.FLAG] = "float64"
    types = {name: plain.get(record[name].kind, "str") for name in record.stated}
    return frame[record.stated].astype(types).reset_index(drop=True)
