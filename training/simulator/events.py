"""Attendance, incidents and support as they are reported: rare, late, and driven by the states."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.records.codes import THEME
from training.simulator.drawing import Flags, Floats, Ints, numbered
from training.simulator.hazard import MONTH
from training.simulator.world import World


@dataclass(frozen=True)
class Signal:
    """A kind of event: how many a month, how a bad state multiplies it, how late it is known.

    `loads` are for (motivation, tutor, conditions). All judged: no effect of an advisor's signal
    on ruptures is published (domain 3.4, gap 6).
    """

    kind: str
    monthly: float
    loads: tuple[float, float, float]
    mean_lag: float  # days from the event to the record


SIGNALS = (
    Signal("absence_work", 0.15, (0.6, 0.35, 0.5), 4),
    Signal("absence_class", 0.18, (0.9, 0.0, 0.1), 6),
    Signal("lateness_work", 0.1, (0.6, 0.5, 0.2), 4),
    Signal("lateness_class", 0.09, (0.8, 0.0, 0.0), 6),
    Signal("warning", 0.012, (0.7, 0.9, 0.2), 7),
    Signal("sick_leave", 0.035, (0.2, 0.2, 0.6), 5),
    Signal("tutor_change", 0.01, (0.0, 0.5, 0.2), 12),
    Signal("complaint", 0.008, (0.0, 0.8, 1.0), 5),
    Signal("mediator", 0.003, (0.3, 1.1, 0.7), 5),
    Signal("amendment", 0.008, (0.0, 0.0, 0.0), 15),
    Signal("assessment", 0.2, (0.0, 0.0, 0.0), 14),
    Signal("assessment_missed", 0.035, (0.9, 0.0, 0.0), 14),
    Signal("missed_call", 0.05, (0.7, 0.0, 0.0), 1),
    Signal("support_action", 0.05, (-0.1, 0.1, 0.1), 2),
)
SUPPORTED_ACTIONS = 8  # times more support actions for the supported
HABIT_SPREAD = 0.3  # of each person's own rate of absences and the like, unrelated to the risk


def planned_events(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Events as if every contract reached its planned end; `row` is the contract's index."""
    habit = np.exp(rng.normal(0, HABIT_SPREAD, len(world.starts)))
    parts = [_of_kind(world, signal, habit, rng) for signal in SIGNALS]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.sort_values(["row", "happened_on"], kind="stable", ignore_index=True)
    number: Ints = world.traits["number"].to_numpy()[frame["row"]]
    rank = frame.groupby("row").cumcount().to_numpy(dtype=np.int64)
    frame.insert(0, "event_id", numbered("E", number * 1000 + rank, width=10))
    return frame


def _of_kind(world: World, signal: Signal, habit: Floats, rng: np.random.Generator) -> pd.DataFrame:
    contract, day, states = _occurrences(world, signal, habit, rng)
    happened_on = (world.starts[contract] + day).astype("datetime64[s]")
    lag = np.minimum(rng.geometric(1 / (1 + signal.mean_lag), len(day)) - 1, 60)
    return pd.DataFrame(
        {
            "contract_id": world.traits["contract_id"].to_numpy()[contract],
            "happened_on": happened_on,
            "kind": pd.Series(signal.kind, index=range(len(day)), dtype="str"),
            "value": _values(signal.kind, states, rng),
            "theme": _themes(signal.kind, len(day), rng),
            "known_on": happened_on + lag.astype("timedelta64[D]"),
            "row": contract,
        }
    )


def _occurrences(
    world: World, signal: Signal, habit: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    months = world.states.shape[2]
    rate = signal.monthly * np.exp(-np.einsum("l,lnm->nm", np.array(signal.loads), world.states))
    rate = (
        rate
        * (_support_factor(world.supported) if signal.kind == "support_action" else habit)[:, None]
    )
    planned = world.traits["planned_days"].to_numpy()
    open_months = MONTH * np.arange(months) < planned[:, None]
    count = rng.poisson(np.where(open_months, np.minimum(rate, 4), 0)).ravel()
    contract, month = np.divmod(np.repeat(np.arange(count.size), count), months)
    day = MONTH * month + rng.integers(0, MONTH, len(month))
    before_end = day < planned[contract]
    contract, month, day = contract[before_end], month[before_end], day[before_end]
    return contract, day, world.states[:, contract, month]


def _support_factor(supported: Flags) -> Floats:
    return np.where(supported, SUPPORTED_ACTIONS, 1).astype(np.float64)


def _values(kind: str, states: Floats, rng: np.random.Generator) -> Floats:
    """Hours, days or marks; missing for kinds without a value, and at times for the others."""
    size = states.shape[1]
    match kind:
        case "absence_work" | "absence_class":
            value = np.maximum(np.rint(rng.gamma(1.6, 5 * np.exp(-0.2 * states[0]), size)), 1)
        case "lateness_work" | "lateness_class":
            value = np.clip(np.rint(rng.gamma(1.5, 0.5, size) * 4) / 4, 0.25, 4)
        case "sick_leave":
            value = np.clip(np.rint(rng.gamma(1.2, 4, size)), 1, 60)
        case "assessment":
            value = np.clip(np.rint(rng.normal(11.8 + 1.5 * states[0], 2.5) * 2) / 2, 0, 20)
        case _:
            return np.full(size, np.nan)
    return np.where(rng.random(size) < 0.03, np.nan, np.minimum(value, 140))


def _themes(kind: str, size: int, rng: np.random.Generator) -> pd.Series:
    codes = np.array(THEME.codes, dtype=object)[rng.integers(0, len(THEME.codes), size)]
    return pd.Series(codes if kind == "support_action" else [None] * size, dtype="str")
