"""A small simulated programme and what is learned on it, made once per process.

Everything here is deterministic and read-only for the tests: what they change, they copy.
"""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from features.families import CATALOGUE
from features.intake.intake import take_in
from features.records.declarations import Records
from models.bundle import Bundle
from models.risk import RiskModel
from training.dataset import Dataset, build_dataset
from training.fit import fit_final
from training.recipe import Backtest, Candidates, Gates, Recipe, Snapshots, Training
from training.run import Run, train
from training.simulator import write_simulation

CONTRACTS, YEARS, SEED = 600, 4, 7
# Few mornings, cutoffs and draws; gates wide enough for the figures of so small a programme.
QUICK = Recipe(
    snapshots=Snapshots(every_days=90),
    backtest=Backtest(cutoffs=2, every_months=6, folds=2),
    candidates=Candidates(names=("base_rate", "trees"), trees_minimum_ruptures=1),
    training=Training(bootstrap_draws=20),
    gates=Gates(calibration_slope=(0, 10), calibration_ratio=(0, 10), group_floor_auc=0),
)


@cache
def programme(*, contracts: int = CONTRACTS, seed: int = SEED) -> Records:
    """Records of a simulated programme, corruption and all, as they were accepted."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "extract"
        write_simulation(folder, contracts=contracts, years=YEARS, seed=seed)
        return take_in(folder).records


@cache
def dataset() -> Dataset:
    """Cases and matrix of the programme under the quick recipe."""
    return build_dataset(programme(), QUICK)


@cache
def model(name: str) -> RiskModel:
    """A candidate learned on the programme."""
    with threadpool_limits(1):
        return fit_final(dataset(), name)[0]


@cache
def run() -> Run:
    """A whole training run on the programme."""
    with threadpool_limits(1):
        return train(programme(), QUICK, digest="0" * 64, source="a simulation", jobs=1)


def bundle(name: str = "trees") -> Bundle:
    """The run's bundle, holding the given candidate."""
    return replace(run().bundle, model=model(name), columns=tuple(CATALOGUE.inputs))
