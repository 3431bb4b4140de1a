"""A simulated programme on disk, written by partition in bounded memory."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.common.writing import whole_folder
from training.simulator.simulation import FIRST_START, PARTITION, Plan, Simulation, partitions


def write_simulation(
    folder: Path,
    *,
    contracts: int,
    years: float,
    seed: int,
    share_professionalisation: float = 0.1,
    first_start: date = FIRST_START,
    partition: int = PARTITION,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write contracts/, interviews/, events/, outcomes/, truth/ and truth_contracts/ in Parquet.

    One file `part-NNNN.parquet` per partition and table; memory holds one partition. Same
    arguments, same bytes, with the same version of pyarrow. `progress` is called after each
    partition with the number of contracts written so far. The folder appears at the end, whole.
    Raises InputError when it exists and is not empty, StorageError when the disk refuses; then
    nothing is left.
    """
    plan = Plan(contracts, years, seed, share_professionalisation, first_start, partition=partition)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: expected a new or empty folder, got one that holds files.")
    with whole_folder(folder) as building:
        _write_parts(building, plan, progress)


def _write_parts(building: Path, plan: Plan, progress: Callable[[int], None] | None) -> None:
    for number, part in enumerate(partitions(plan)):
        for name, table in _named(part).items():
            (building / name).mkdir(parents=True, exist_ok=True)
            table.to_parquet(building / name / f"part-{number:04d}.parquet", index=False)
        if progress is not None:
            progress(min((number + 1) * plan.partition, plan.contracts))


def _named(part: Simulation) -> dict[str, pd.DataFrame]:
    return {**part.tables, "truth": part.truth, "truth_contracts": part.truth_contracts}
