"""How long things take and how much memory: matrix, scoring, training, help, demo.

`python -m benchmarks.speed` runs them all, each in a process of its own so that memory is its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import typer
from rich.console import Console

from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from features.records.declarations import RATINGS, Records

application = typer.Typer(add_completion=False)
out = Console()
CONTRACTS, INTERVIEWS, EVENTS = 100_000, 8, 12
AS_OF = pd.Timestamp("2026-01-01").as_unit("s")
VIGIE = str(Path(sys.executable).with_name("vigie"))


@application.command()
def everything() -> None:
    """All speed figures, one process each."""
    commands = ("matrix", "score", "train", "start")
    for command in commands:
        subprocess.run([sys.executable, "-m", "benchmarks.speed", command], check=True)  # noqa: S603  # our own module


@application.command()
def matrix() -> None:
    """Matrix of 100,000 contracts with 20 dynamic records each."""
    records = many_records()
    cases = pd.DataFrame({"contract_id": records.contracts["contract_id"], "as_of": AS_OF})
    seconds = timed(lambda: build_matrix(Index.of(records), cases))
    out.print(f"matrix of {CONTRACTS} contracts: {seconds:.1f} s, peak {peak_gib():.2f} GiB")


@application.command()
def score() -> None:
    """`vigie score` of 100,000 contracts, all explanations and reasons included."""
    from features.intake.extract import write_extract

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_extract(many_records(), folder / "many", source="benchmark")
        vigie("simulate", "--out", str(folder / "six"), "--contracts", "6000", "--seed", "1")
        vigie("train", str(folder / "six"), "--var", str(folder / "var"))
        vigie("promote", "--var", str(folder / "var"))
        seconds = timed(
            lambda: vigie(
                "score",
                str(folder / "many"),
                "--as-of",
                str(AS_OF.date()),
                "--bundle",
                str(folder / "var" / "bundles" / "champion"),
                "--out",
                str(folder / "risks.parquet"),
            )
        )
        scored = len(pd.read_parquet(folder / "risks.parquet", columns=["risk"]))
    out.print(f"vigie score of {scored} contracts with reasons: {seconds:.1f} s, {children()}")


@application.command()
def train() -> None:
    """`vigie train` of the demo's 6,000 contracts: all candidates, whole backtest, MLflow."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        vigie("simulate", "--out", str(folder / "six"), "--contracts", "6000", "--seed", "0")
        arguments = ("train", str(folder / "six"), "--var", str(folder / "var"))
        seconds = timed(lambda: vigie(*arguments))
    out.print(f"vigie train of 6000 contracts: {seconds:.1f} s, {children()}")


@application.command()
def start() -> None:
    """`vigie --help`, best of five, and the whole demo."""
    seconds = min(timed(lambda: vigie("--help")) for _ in range(5))
    out.print(f"vigie --help: {seconds:.2f} s")
    with tempfile.TemporaryDirectory() as temporary:
        seconds = timed(lambda: vigie("demo", "--var", str(Path(temporary) / "demo")))
    out.print(f"vigie demo: {seconds:.1f} s")


def many_records() -> Records:
    """Contracts open on AS_OF with 8 interviews and 12 events each."""
    rng = np.random.default_rng(0)
    ids = np.array([f"c{number:06d}" for number in range(CONTRACTS)])
    start = np.datetime64("2025-03-01") + rng.integers(0, 240, CONTRACTS).astype("timedelta64[D]")
    contracts = pd.DataFrame(
        {
            "contract_id": ids,
            "person_id": ids,
            "kind": "apprenticeship",
            "form": "fixed_term",
            "started_on": start,
            "planned_end_on": start + np.timedelta64(365, "D"),
            "employer_siret": [f"{number % 30_000:014d}" for number in range(CONTRACTS)],
            "employer_naf": rng.choice(["5610A", "4711B", "9602A", "4321A"], CONTRACTS),
            "employer_headcount": rng.integers(1, 300, CONTRACTS),
            "level_prepared": rng.integers(3, 8, CONTRACTS),
            "training_centre_uai": [f"044{number % 50:04d}A" for number in range(CONTRACTS)],
            "born_on": np.datetime64("2006-01-01"),
            "known_on": start + np.timedelta64(3, "D"),
        }
    )
    interviews = _dynamic(rng, ids, start, INTERVIEWS, "held_on", "interview_id")
    interviews["status"] = rng.choice(["held", "held", "missed"], len(interviews))
    for name in RATINGS:
        interviews[f"rating_{name}"] = rng.integers(1, 6, len(interviews)).astype("float64")
    events = _dynamic(rng, ids, start, EVENTS, "happened_on", "event_id")
    kinds = ["absence_work", "absence_class", "support_action", "assessment", "warning"]
    events["kind"] = rng.choice(kinds, len(events))
    events["value"] = rng.uniform(1, 14, len(events)).round()
    return Records.of(contracts=contracts, interviews=interviews, events=events)


def _dynamic(
    rng: np.random.Generator, ids: np.ndarray, start: np.ndarray, each: int, day: str, key: str
) -> pd.DataFrame:
    contract = np.repeat(np.arange(len(ids)), each)
    happened = start[contract] + rng.integers(0, 60, len(contract)).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            key: [f"{key[0]}{number}" for number in range(len(contract))],
            "contract_id": ids[contract],
            day: happened,
            "known_on": happened + np.timedelta64(1, "D"),
        }
    )


def vigie(*arguments: str) -> None:
    """Run the command line in a process of its own; its output is left out."""
    subprocess.run([VIGIE, *arguments], check=True, capture_output=True)  # noqa: S603  # our own command


def timed(work: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_gib() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def children() -> str:
    """Peak resident memory of the largest process started so far."""
    return f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20:.2f} GiB"


if __name__ == "__main__":
    application()
