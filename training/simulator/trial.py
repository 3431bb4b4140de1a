"""A whole trial on top of the simulated programme: enrolment, draw, support, ends, follow-up.

Both potential outcomes of everybody are drawn first, from the same random numbers; the draw of the
plan then shows one of them. What an analysis may read is in the tables, the truth stays beside.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.common.writing import whole_folder
from features.programme.draw import Assignment
from features.programme.plan import Programme
from training.simulator.drawing import Flags, Floats, numbered
from training.simulator.emit import emit
from training.simulator.endings import Ends, other_ends, potential_ends, rupture_details
from training.simulator.follow_up import follow_up
from training.simulator.hazard import (
    LOADS,
    MONTH,
    draw_states,
    fixed_log_hazard,
    rupture_day,
    timing,
)
from training.simulator.pools import draw_pools
from training.simulator.traits import Window, draw_traits
from training.simulator.trial_enrolment import enrol
from training.simulator.world import MONTHS, World

CANDIDATES, ANYWHERE = 12, 4  # contracts drawn per person wanted, within a territory and anywhere


@dataclass(frozen=True)
class Effect:
    """What support does: to the log-hazard of a rupture (by level where given), to employment."""

    log_hazard: float = 0.0
    spread: float = 0.0
    employment: float = 0.0
    by_level: dict[int, float] = field(default_factory=dict)


EFFECTS = {
    "null": Effect(),
    "small": Effect(-0.3, 0.15, 0.03),
    "cote_d_or": Effect(-1.6, 0.2, 0.08),  # risk divided by 3 to 4 (domain 4.2)
    "harmful": Effect(0.4, 0.15, -0.04),
    "by_stratum": Effect(0.0, 0.1, 0.02, {3: -1.0, 4: -0.3, 5: 0.3}),
}


@dataclass(frozen=True)
class Behaviour:
    """Shares: who declines, takes no support offered, gets support when compared, answers."""

    declines: float = 0.15
    no_take_up: float = 0.1
    contaminated: float = 0.05
    response_supported: float = 0.85
    response_comparison: float = 0.75


@dataclass(frozen=True)
class Trial:
    """Tables as an extract has them, the log of the draw, and both potential outcomes."""

    tables: dict[str, pd.DataFrame]
    log: tuple[Assignment, ...]
    truth: pd.DataFrame


def simulate_trial(
    plan: Programme,
    *,
    effect: Effect,
    seed: int,
    first_start: date,
    years: float = 2.0,
    behaviour: Behaviour | None = None,
    observed_years: float = 2.5,
) -> Trial:
    """Return a trial of the plan's size whose contracts start within `years` of `first_start`.

    Tables hold what was known `observed_years` after the last start; a programme without a draw
    is drawn all the same, by a seed nobody has. Raises InputError when too few are eligible.
    """
    behaviour = behaviour or Behaviour()
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(5)]
    traits = _candidates(plan, first_start, years, streams[0])
    enrolments, log = enrol(
        plan,
        traits,
        declines=behaviour.declines,
        seed=f"simulated-{seed:020d}",
        rng=streams[1],
    )
    world = _live(traits, log, effect, behaviour, streams[2], Window(first_start, years))
    world = replace(world, window=Window(first_start, years + observed_years))
    tables = emit(world, seed=np.random.SeedSequence(seed + 1))
    employed, responses = follow_up(
        world, gain=effect.employment, behaviour=behaviour, rng=streams[3]
    )
    tables["interviews"] = _only_given(tables["interviews"], world)
    tables["outcomes"] = tables["outcomes"].assign(employed_at_6_months=np.nan)
    last = pd.Timestamp(world.window.last_day)
    tables["enrolments"] = enrolments
    tables["follow_ups"] = responses[responses["known_on"] <= last].reset_index(drop=True)
    return Trial(tables, tuple(log), _truth(world, log, employed))


def _candidates(
    plan: Programme, first_start: date, years: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Contracts of the kinds the plan takes, in order of signature."""
    size = plan.arms.total * (CANDIDATES if plan.eligibility.postcodes else ANYWHERE)
    pools = draw_pools(contracts=size, rng=rng)
    kinds = plan.eligibility.kinds
    share = kinds.count("professionalisation") / len(kinds)
    traits = draw_traits(
        pools,
        size=size,
        window=Window(first_start, years),
        share_professionalisation=share,
        rng=rng,
    )
    traits = traits.sort_values("signed_on", kind="stable", ignore_index=True)
    numbers = 1 + np.arange(size)
    return traits.assign(
        number=numbers,
        contract_id=numbered("C", numbers, width=7),
        person_id=numbered("P", numbers, width=7),
        advisor_id=numbered("A-", 1 + rng.integers(0, pools.advisors, size), width=4),
        after_rupture=False,
        programme_arm="none",
    )


def _live(
    traits: pd.DataFrame,
    log: list[Assignment],
    effect: Effect,
    behaviour: Behaviour,
    rng: np.random.Generator,
    window: Window,
) -> World:
    """Both potential ends of the drawn persons' contracts, and the one their arm shows."""
    arms = pd.Series({line.contract_id: line.arm for line in log})
    traits = traits[traits["contract_id"].isin(arms.index)].reset_index(drop=True)
    traits = traits.assign(programme_arm=traits["contract_id"].map(arms))
    size, supported = len(traits), traits["programme_arm"].eq("supported").to_numpy()
    takes_up = rng.random(size) >= behaviour.no_take_up
    contaminated = rng.random(size) < behaviour.contaminated
    shift = _shift(traits, effect, rng)
    states = draw_states(rng, size=size, months=MONTHS)
    base = fixed_log_hazard(traits)[:, None] + timing(traits["kind"], months=MONTHS)
    both = _both_ends(traits, states, base, (shift * takes_up, shift * contaminated), rng)
    ends = Ends(*(np.where(supported, a, b) for a, b in zip(*map(_parts, both), strict=True)))
    month = np.clip(ends.day // MONTH, 0, MONTHS - 1)
    details = rupture_details(
        traits, day=ends.day, states=states[:, np.arange(size), month], rng=rng
    )
    traits = traits.assign(receives=np.where(supported, takes_up, contaminated))
    return World(window, traits, states, base, shift, supported, *both, ends, details)


def _parts(ends: Ends) -> tuple[Any, Any]:
    return ends.day, ends.how


def _shift(traits: pd.DataFrame, effect: Effect, rng: np.random.Generator) -> Floats:
    middle = traits["level_prepared"].map(effect.by_level).fillna(effect.log_hazard)
    return np.asarray(middle + effect.spread * rng.standard_normal(len(traits)), dtype=np.float64)


def _both_ends(
    traits: pd.DataFrame,
    states: Floats,
    base: Floats,
    shifts: tuple[Floats, Floats],
    rng: np.random.Generator,
) -> tuple[Ends, Ends]:
    """Ends when drawn for support and when drawn for comparison, from the same numbers."""
    log_hazard = base - np.einsum("l,lnm->nm", LOADS, states)
    planned = traits["planned_days"].to_numpy()
    threshold = rng.standard_exponential(len(traits))
    other, how_else = other_ends(traits, rng)
    supported, compared = (
        potential_ends(
            rupture_day(log_hazard + shift[:, None], planned_days=planned, threshold=threshold),
            other=other,
            how_else=how_else,
        )
        for shift in shifts
    )
    return supported, compared


def _only_given(interviews: pd.DataFrame, world: World) -> pd.DataFrame:
    """Interviews of those who receive support; the others are met by nobody of the programme."""
    given = set(world.traits.loc[_receives(world), "contract_id"])
    return interviews[interviews["contract_id"].isin(given)].reset_index(drop=True)


def _receives(world: World) -> Flags:
    return world.traits["receives"].to_numpy("bool")


def _truth(world: World, log: list[Assignment], employed: pd.DataFrame) -> pd.DataFrame:
    """Both potential outcomes of each person, with the days from the draw to each end."""
    drawn = pd.Series({line.contract_id: pd.Timestamp(line.drawn_on) for line in log})
    draw_day = drawn.reindex(world.traits["contract_id"]).to_numpy("datetime64[D]")
    frame = world.traits[["person_id", "contract_id"]].assign(supported=world.supported)
    for arm, ends in (("supported", world.with_support), ("comparison", world.without)):
        frame[f"days_{arm}"] = (world.starts + ends.day - draw_day).astype(np.int64)
        frame[f"how_{arm}"] = ends.how
        frame[f"employed_{arm}"] = employed[arm].to_numpy()
    return frame


def write_trial(
    folder: Path,
    plan: Programme,
    *,
    effect: Effect,
    seed: int,
    first_start: date,
    years: float = 2.0,
) -> None:
    """Write a simulated trial as an extract with enrolments and follow-ups, the truth beside.

    Raises InputError when too few are eligible, StorageError when the folder holds files or the
    disk refuses.
    """
    trial = simulate_trial(plan, effect=effect, seed=seed, first_start=first_start, years=years)
    with whole_folder(folder) as scratch:
        for name, table in {**trial.tables, "truth_contracts": trial.truth}.items():
            table.to_parquet(scratch / f"{name}.parquet", index=False)
