"""From a seed to records and truth, partition by partition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from features.common.errors import InputError
from training.simulator.emit import emit
from training.simulator.pools import Pools, draw_pools
from training.simulator.traits import Window
from training.simulator.truth import truth, truth_contracts
from training.simulator.world import draw_world

PARTITION = 20_000
FIRST_START = date(2022, 9, 1)


@dataclass(frozen=True)
class Simulation:
    """Raw record tables by name, and the truth behind them.

    `truth` has one row per contract and morning, `truth_contracts` one per contract.
    """

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame
    truth_contracts: pd.DataFrame


@dataclass(frozen=True)
class Plan:
    """What to simulate; checked when made. Raises InputError."""

    contracts: int
    years: float
    seed: int
    share_professionalisation: float = 0.1
    first_start: date = FIRST_START
    partition: int = PARTITION

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        _require("contracts", self.contracts, 1, 10_000_000)
        _require("years", self.years, 0.25, 50)
        _require("seed", self.seed, 0, 2**63)
        _require("share_professionalisation", self.share_professionalisation, 0, 1)
        _require("partition", self.partition, 1, 1_000_000)


def _require(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InputError(f"simulation: {name} must lie between {low} and {high}, got {value}.")


def simulate(
    contracts: int,
    *,
    years: float,
    seed: int,
    share_professionalisation: float = 0.1,
    first_start: date = FIRST_START,
) -> Simulation:
    """Draw records and truth of contracts that start within `years` years of `first_start`.

    The tables hold what an observer knew at the end of these years, unvalidated; the truth of
    contracts goes beyond. Same arguments, same result. Raises InputError for values out of bounds.
    """
    plan = Plan(contracts, years, seed, share_professionalisation, first_start)
    parts = list(partitions(plan))
    if len(parts) == 1:
        return parts[0]
    return Simulation(
        {
            name: pd.concat([p.tables[name] for p in parts], ignore_index=True)
            for name in parts[0].tables
        },
        pd.concat([p.truth for p in parts], ignore_index=True),
        pd.concat([p.truth_contracts for p in parts], ignore_index=True),
    )


def partitions(plan: Plan) -> Iterator[Simulation]:
    """Yield the partitions one after the other: one in memory at a time.

    Employers and centres come from the first child of the seed and are shared; each partition has
    a child of its own, so that its content does not depend on the others being drawn.
    """
    count = -(-plan.contracts // plan.partition)
    shared, *own = np.random.SeedSequence(plan.seed).spawn(1 + count)
    pools = draw_pools(contracts=plan.contracts, rng=np.random.default_rng(shared))
    for number, seed in enumerate(own):
        yield _partition(plan, pools, number, seed)


def _partition(plan: Plan, pools: Pools, number: int, seed: np.random.SeedSequence) -> Simulation:
    first = number * plan.partition
    world_seed, emit_seed = seed.spawn(2)
    world = draw_world(
        pools,
        size=min(plan.partition, plan.contracts - first),
        window=Window(plan.first_start, plan.years),
        share_professionalisation=plan.share_professionalisation,
        first_number=first,
        seed=world_seed,
    )
    return Simulation(emit(world, seed=emit_seed), truth(world), truth_contracts(world))
