"""Truth first: contracts, latent states, hazards and both potential ends of every contract."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from training.simulator.drawing import Dates, Flags, Floats, Ints, numbered, pick
from training.simulator.endings import Ends, other_ends, potential_ends, rupture_details
from training.simulator.figures import ARM_SHARES, SUPPORT_MEAN, SUPPORT_SPREAD
from training.simulator.hazard import (
    LOADS,
    MONTH,
    draw_states,
    fixed_log_hazard,
    rupture_day,
    timing,
)
from training.simulator.pools import Pools
from training.simulator.traits import Window, draw_traits
from training.simulator.workplace import draw_employers

MONTHS = 37  # contract months of the longest contract
SECOND_CONTRACTS = 0.04  # share of the contracts that follow another contract's rupture

ARMS = np.array(list(ARM_SHARES))
CARRIED = (  # what a person keeps from the broken contract to the next one
    *("person_id", "kind", "group", "level_prepared", "sector", "diploma", "woman", "rqth", "qpv"),
    *("home_postcode", "housing", "programme_arm", "training_centre_uai", "training_centre_siret"),
    *("training_rncp", "training_rhythm", "distance_learning", "centre_effect", "advisor_id"),
)


@dataclass(frozen=True)
class World:
    """Everything that is true of a set of contracts, row i of each member being contract i.

    `base` is the log-hazard without latent states and support, by contract month; `effect` what
    support adds to it; `ends` what really happens, one of the two potential ends.
    """

    window: Window
    traits: pd.DataFrame
    states: Floats
    base: Floats
    effect: Floats
    supported: Flags
    with_support: Ends
    without: Ends
    ends: Ends
    details: pd.DataFrame

    @property
    def starts(self) -> Dates:
        """First day of each contract."""
        return self.traits["started_on"].to_numpy().astype("datetime64[D]")


def draw_world(
    pools: Pools,
    *,
    size: int,
    window: Window,
    share_professionalisation: float,
    first_number: int,
    seed: np.random.SeedSequence,
) -> World:
    """Draw this many contracts, a few of which follow the rupture of another one of them."""
    first, second = (np.random.default_rng(child) for child in seed.spawn(2))
    traits = draw_traits(
        pools,
        size=size,
        window=window,
        share_professionalisation=share_professionalisation,
        rng=first,
    )
    numbers = first_number + np.arange(size)
    traits["number"] = numbers
    traits["contract_id"] = numbered("C", numbers, width=7)
    traits["person_id"] = numbered("P", numbers, width=7)
    traits["programme_arm"] = ARMS[pick(first, list(ARM_SHARES.values()), size=size)]
    traits["advisor_id"] = numbered("A-", 1 + first.integers(0, pools.advisors, size), width=4)
    traits["after_rupture"] = (traits["previous_ruptures"] > 0) & (first.random(size) < 0.5)
    world = _live(traits, window, first)
    return _with_second_contracts(world, pools, second)


def _live(traits: pd.DataFrame, window: Window, rng: np.random.Generator) -> World:
    """Draw states and ends for contracts whose traits are known."""
    size = len(traits)
    states = draw_states(rng, size=size, months=MONTHS)
    base = fixed_log_hazard(traits)[:, None] + timing(traits["kind"], months=MONTHS)
    effect = rng.normal(SUPPORT_MEAN, SUPPORT_SPREAD, size)
    supported = traits["programme_arm"].eq("supported").to_numpy()
    with_support, without = _both_ends(traits, states, base, effect, rng)
    ends = Ends(
        np.where(supported, with_support.day, without.day),
        np.where(supported, with_support.how, without.how),
    )
    month = np.clip(ends.day // MONTH, 0, MONTHS - 1)
    details = rupture_details(
        traits, day=ends.day, states=states[:, np.arange(size), month], rng=rng
    )
    return World(
        window, traits, states, base, effect, supported, with_support, without, ends, details
    )


def _both_ends(
    traits: pd.DataFrame, states: Floats, base: Floats, effect: Floats, rng: np.random.Generator
) -> tuple[Ends, Ends]:
    """Ends with support and without, from the same random numbers."""
    log_hazard = base - np.einsum("l,lnm->nm", LOADS, states)
    planned = traits["planned_days"].to_numpy()
    threshold = rng.standard_exponential(len(traits))
    other, how_else = other_ends(traits, rng)
    with_support, without = (
        rupture_day(hazard, planned_days=planned, threshold=threshold)
        for hazard in (log_hazard + effect[:, None], log_hazard)
    )
    return (
        potential_ends(with_support, other=other, how_else=how_else),
        potential_ends(without, other=other, how_else=how_else),
    )


def _with_second_contracts(world: World, pools: Pools, rng: np.random.Generator) -> World:
    """Turn the last contracts into those that follow a rupture, where enough people sign again."""
    size = len(world.traits)
    wanted = int(SECOND_CONTRACTS * size)
    start = (
        world.starts
        + world.ends.day
        + world.details["new_contract_days"].fillna(0).to_numpy().astype(np.int64)
    )
    room = world.traits["planned_days"].to_numpy() - (start - world.starts).astype(np.int64)
    eligible = (
        (world.ends.how == "rupture")
        & world.details["new_contract_days"].notna().to_numpy()
        & (start < world.window.last_day - np.timedelta64(14, "D"))
        & (room > 120)
        & (np.arange(size) < size - wanted)
    )
    chosen = rng.permutation(np.flatnonzero(eligible))[:wanted]
    if len(chosen) == 0:
        return world
    firsts = size - len(chosen)
    traits = _second_traits(world.traits, chosen, firsts, start[chosen], room[chosen])
    found = draw_employers(traits, pools, rng)
    traits = traits.drop(columns=found.columns).join(found)
    return _stack(world, _live(traits, world.window, rng), firsts)


def _second_traits(
    traits: pd.DataFrame, chosen: Ints, firsts: int, start: Dates, days: Ints
) -> pd.DataFrame:
    """Another employer for the rest of the training; the person and the centre stay."""
    second, before = traits.iloc[firsts:].reset_index(drop=True), traits.iloc[chosen]
    second = second.assign(**{name: before[name].to_numpy() for name in CARRIED})
    began = before["started_on"].to_numpy()
    start = start.astype(began.dtype)
    grown = (start - began) / np.timedelta64(1, "D") / 365.25
    end = start + days.astype("timedelta64[D]")
    return second.assign(
        age=before["age"].to_numpy() + grown,
        previous_ruptures=before["previous_ruptures"].to_numpy() + 1,
        situation=np.where(before["kind"] == "apprenticeship", "after_rupture", "jobseeker"),
        after_rupture=True,
        started_on=start,
        signed_on=start - np.timedelta64(3, "D"),
        planned_days=days,
        planned_end_on=end,
        training_end_on=end,
        months=np.maximum(np.rint(days / 30.44), 1).astype(np.int64),
    )


def _stack(world: World, second: World, firsts: int) -> World:
    """Put the first contracts that stay before the second ones."""

    def ends(a: Ends, b: Ends) -> Ends:
        return Ends(np.append(a.day[:firsts], b.day), np.append(a.how[:firsts], b.how))

    def frames(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([a.iloc[:firsts], b], ignore_index=True)

    return World(
        window=world.window,
        traits=frames(world.traits, second.traits),
        states=np.concatenate([world.states[:, :firsts], second.states], axis=1),
        base=np.concatenate([world.base[:firsts], second.base]),
        effect=np.append(world.effect[:firsts], second.effect),
        supported=np.append(world.supported[:firsts], second.supported),
        with_support=ends(world.with_support, second.with_support),
        without=ends(world.without, second.without),
        ends=ends(world.ends, second.ends),
        details=frames(world.details, second.details),
    )
