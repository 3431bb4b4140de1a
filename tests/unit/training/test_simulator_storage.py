"""Writing a simulated programme: by partition, the same bytes, nothing left of a failure."""

import resource
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError, StorageError
from training.simulator import simulate, write_simulation

TABLES = ["contracts", "events", "interviews", "outcomes", "truth", "truth_contracts"]


def _write(folder: Path, *, contracts: int = 90, partition: int = 40) -> Path:
    write_simulation(folder, contracts=contracts, years=1.5, seed=2, partition=partition)
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.parquet")}


def test_every_table_has_one_file_per_partition(tmp_path: Path):
    folder = _write(tmp_path / "out")
    assert sorted(p.name for p in folder.iterdir()) == TABLES
    for table in TABLES:
        files = sorted(p.name for p in (folder / table).iterdir())
        assert files == [f"part-{number:04d}.parquet" for number in range(3)]


def test_same_arguments_give_the_same_bytes(tmp_path: Path):
    assert _bytes(_write(tmp_path / "a")) == _bytes(_write(tmp_path / "b"))


def test_files_hold_what_simulate_returns_when_there_is_one_partition(tmp_path: Path):
    folder = _write(tmp_path / "out", contracts=30)
    simulation = simulate(30, years=1.5, seed=2)
    for name, table in {**simulation.tables, "truth": simulation.truth}.items():
        stored = pd.read_parquet(folder / name)  # Parquet keeps dates in milliseconds
        pd.testing.assert_frame_equal(stored.astype(table.dtypes), table)


def test_partitions_share_employers_but_neither_contracts_nor_persons(tmp_path: Path):
    folder = _write(tmp_path / "out", contracts=1000, partition=500)
    first, second = (
        pd.read_parquet(folder / "contracts" / f"part-{n:04d}.parquet") for n in range(2)
    )
    assert set(first["employer_siret"]) & set(second["employer_siret"])
    assert not set(first["contract_id"]) & set(second["contract_id"])
    assert not set(first["person_id"]) & set(second["person_id"])


def test_progress_is_reported_after_each_partition(tmp_path: Path):
    reported: list[int] = []
    write_simulation(
        tmp_path / "out", contracts=90, years=1, seed=2, partition=40, progress=reported.append
    )
    assert reported == [40, 80, 90]


def test_memory_is_that_of_one_partition(tmp_path: Path):
    """Six partitions need hardly more than one: 1,000,000 contracts fit where 20,000 do."""
    _write(tmp_path / "warm")
    one = _peak(tmp_path / "one", contracts=400)
    six = _peak(tmp_path / "six", contracts=2400)
    assert six < 1.5 * one


def _peak(folder: Path, *, contracts: int) -> int:
    tracemalloc.start()
    try:
        _write(folder, contracts=contracts, partition=400)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_folder_with_files_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(InputError, match="expected a new or empty folder"):
        _write(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_empty_folder_is_used(tmp_path: Path):
    (tmp_path / "out").mkdir()
    assert sorted(p.name for p in _write(tmp_path / "out").iterdir()) == TABLES


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """A disk that refuses: the system stops every write beyond this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_refused_write_is_reported_and_leaves_nothing(tmp_path: Path):
    with (
        _files_no_larger_than(20_000),
        pytest.raises(StorageError, match="expected to be able to write"),
    ):
        _write(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_interrupted_write_leaves_nothing(tmp_path: Path):
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_simulation(
            tmp_path / "out", contracts=90, years=1, seed=2, partition=40, progress=stop
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("contracts", 0),
        ("years", 0.0),
        ("seed", -1),
        ("share_professionalisation", 1.5),
        ("partition", 0),
    ],
)
def test_argument_out_of_bounds_is_refused_by_name(tmp_path: Path, argument: str, value: float):
    arguments = {"contracts": 10, "years": 1.0, "seed": 0, argument: value}
    with pytest.raises(InputError, match=argument):
        write_simulation(tmp_path / "out", **arguments)


@pytest.mark.parametrize(
    ("contracts", "years", "share"), [(1, 0.25, 0.1), (5, 1.0, 1.0), (40, 0.5, 0.0)]
)
def test_smallest_programmes_have_every_table(contracts: int, years: float, share: float):
    simulation = simulate(contracts, years=years, seed=0, share_professionalisation=share)
    assert simulation.tables["contracts"]["contract_id"].nunique() == contracts
    assert len(simulation.truth_contracts) == contracts
