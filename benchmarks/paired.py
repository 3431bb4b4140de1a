"""Two checkouts beside each other on this machine: how much slower or faster the second is.

`python -m benchmarks.paired ../before . --pairs 20`

Each checkout is a folder with a .venv in it (`make install`). Both get the same simulated programme
and train a model of their own on it; both services run from then on, and are asked in turn, the
first to be asked changing with every pair. A pair gives a ratio after/before for each figure; shown
is the median of the ratios with a bootstrap interval over pairs. `vigie rescore` assesses every
contract that is open today, the start of its process included. Processor time moves less than the
clock on the wall when others use the machine.
"""

import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import psutil
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.checkouts import Checkout, Spent
from benchmarks.load import Request, measure

DRAWS, SEED = 10_000, 20261128
WARM_UP = 20
YEARS = 2
Take = Callable[[], Spent]
out, err = Console(), Console(stderr=True)


def main(
    before: Annotated[Path, typer.Argument(help="Checkout to compare with.")],
    after: Annotated[Path, typer.Argument(help="Checkout to judge.")],
    pairs: Annotated[int, typer.Option(min=2, help="Times each figure is taken of both.")] = 20,
    contracts: Annotated[int, typer.Option(min=300, help="Contracts simulated.")] = 6000,
    seconds: Annotated[float, typer.Option(min=0.5, help="Seconds of one load.")] = 2,
) -> None:
    """Compare two checkouts by `POST /v1/score`, the worklist and `vigie rescore` on SQLite."""
    with tempfile.TemporaryDirectory(prefix="vigie-paired-") as temporary:
        folder = Path(temporary)
        sides = [
            Checkout(before.resolve(), folder / "before"),
            Checkout(after.resolve(), folder / "after"),
        ]
        extract = folder / "extract"
        _simulate(sides, extract, contracts=contracts)
        for side in sides:
            err.print(f"{side.path}: training, keeping and assessing {contracts} contracts")
            side.prepare(extract)
        figures = _figures(sides, extract, pairs=pairs, seconds=seconds)
    out.print(_table(figures, pairs=pairs))


def _simulate(sides: list[Checkout], extract: Path, *, contracts: int) -> None:
    """Draw a programme of which contracts run today, with the first checkout."""
    for side in sides:
        side.folder.mkdir()
    today = date.today()  # noqa: TID251, DTZ011  # a benchmark of now
    first = today - timedelta(days=365 * YEARS)
    size = ("--contracts", contracts, "--years", YEARS, "--seed", 7)
    sides[0].vigie("simulate", "--out", extract, *size, "--first-start", first)


def _figures(
    sides: list[Checkout], extract: Path, *, pairs: int, seconds: float
) -> dict[str, npt.NDArray[np.float64]]:
    """Return what each figure took: shape (pairs, 2 sides, wall and processor)."""
    with sides[0].serving() as first, sides[1].serving() as second:
        services = [first, second]
        scores = [side.score_request() for side in sides]
        lists = [side.worklist_request(extract) for side in sides]
        takes = {
            "POST /v1/score": _loads(services, scores, seconds),
            "GET /suivis": _loads(services, lists, seconds),
            "vigie rescore": [side.rescored for side in sides],
        }
        return {words: _paired(words, taken, pairs=pairs) for words, taken in takes.items()}


def _loads(
    services: list[psutil.Process], requests: list[Request], seconds: float
) -> Sequence[Take]:
    """Return what asks each service for `seconds`: median latency, processor time a request."""

    def load(service: psutil.Process, request: Request) -> Spent:
        used = _processor_seconds(service)
        seen = measure(request, clients=1, seconds=seconds, warm_up=WARM_UP)
        used = _processor_seconds(service) - used
        return Spent(seen.median_ms / 1000, used / (seen.answered + WARM_UP))

    return [partial(load, *pair) for pair in zip(services, requests, strict=True)]


def _processor_seconds(service: psutil.Process) -> float:
    times = [one.cpu_times() for one in (service, *service.children(recursive=True))]
    return float(sum(time.user + time.system for time in times))


def _paired(words: str, takes: Sequence[Take], *, pairs: int) -> npt.NDArray[np.float64]:
    """Take both sides so many times, one right after the other, in alternating order."""
    taken = np.empty((pairs, 2, 2))
    for pair in track(range(pairs), description=words, console=err):
        for side in (0, 1) if pair % 2 == 0 else (1, 0):
            spent = takes[side]()
            taken[pair, side] = spent.wall, spent.processor
    return taken


def ratio_of(taken: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the median of after/before over pairs, and its 95 % bootstrap interval.

    `taken` has shape (pairs, 2): before, after.
    """
    ratios = taken[:, 1] / taken[:, 0]
    drawn = np.random.default_rng(SEED).choice(ratios, size=(DRAWS, len(ratios)))
    low, high = np.percentile(np.median(drawn, axis=1), [2.5, 97.5])
    return float(np.median(ratios)), float(low), float(high)


def _table(figures: dict[str, npt.NDArray[np.float64]], *, pairs: int) -> Table:
    table = Table("figure", "before, ms", "after, ms", "after / before", "95 % interval")
    table.title = f"{pairs} interleaved pairs"
    for name, taken in figures.items():
        for kind, words in enumerate(("wall", "processor")):
            seen = taken[:, :, kind]
            ratio, low, high = ratio_of(seen)
            one, other = 1000 * np.median(seen, axis=0)
            span = f"{low:.3f} to {high:.3f}"
            table.add_row(f"{name}, {words}", f"{one:.2f}", f"{other:.2f}", f"{ratio:.3f}", span)
    return table


if __name__ == "__main__":
    typer.run(main)
