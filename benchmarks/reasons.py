"""How much of a score its reasons tell, whether the quoted facts carry it, and how stable they are.

`python -m benchmarks.reasons` trains on simulated contracts, twice more on halves of the persons,
and reads the reasons of the cases of the fullest morning.
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.simulated import accepted
from features.families import CATALOGUE
from models.explanation import Explainer
from models.reasons import Reason, ReasonWriter
from models.risk import RiskModel
from training.dataset import Dataset, build_dataset
from training.fit import fit_risk_model
from training.recipe import Recipe
from training.simulator import simulate

application = typer.Typer(add_completion=False)
out = Console()
Array = npt.NDArray[np.float64]


@application.command()
def main(
    contracts: Annotated[int, typer.Option(help="Contracts to draw.")] = 6_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 1,
    candidate: Annotated[str, typer.Option(help="Candidate that is fitted.")] = "blend",
) -> None:
    """Print the shares, for one world."""
    dataset = build_dataset(accepted(simulate(contracts, years=4, seed=seed)), Recipe())
    labels = dataset.labels(known_by=dataset.until)
    rows = np.flatnonzero(~np.isnan(labels))
    fullest = dataset.cases["as_of"].value_counts().idxmax()
    last = np.flatnonzero((dataset.cases["as_of"] == fullest).to_numpy())
    mornings = [day.date() for day in dataset.cases["as_of"].iloc[last]]
    values = dataset.matrix[CATALOGUE.names].to_numpy()[last]
    half = dataset.persons % 2
    parts = (rows, rows[half[rows] == 0], rows[half[rows] == 1])
    fitted = [_fit(dataset, labels, part, candidate) for part in parts]
    writer = ReasonWriter(CATALOGUE)
    weights = [Explainer(model).explain(dataset.X[last]).contributions for model in fitted]
    written = writer.write(values, weights[0], as_of=mornings)
    table = Table(title=f"{contracts} contracts, seed {seed}, {candidate}: {len(last)} cases")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in _figures(writer, weights, written).items():
        table.add_row(name, f"{value:.3f}")
    out.print(table)


def _fit(dataset: Dataset, labels: Array, rows: npt.NDArray[np.int64], name: str) -> RiskModel:
    persons = dataset.persons[rows]
    seed = dataset.recipe.training.seed
    return fit_risk_model(name, dataset.X[rows], labels[rows], persons, seed=seed)


def _figures(
    writer: ReasonWriter, weights: list[Array], written: list[list[Reason]]
) -> dict[str, float]:
    sums = [np.abs(writer.group_sums(part)) for part in weights]
    whole = sums[0].sum(axis=1)
    first, other = sums[1].argmax(axis=1), sums[2].argmax(axis=1)
    return {
        "share of the weight told": _mean(written, whole, lambda _: True),
        "share told within reach": _mean(written, whole, lambda reason: reason.within_reach),
        "reasons told": float(np.mean([len(reasons) for reasons in written])),
        "of the first three, quoted by two facts": float(
            np.mean([" ; " in reason.sentence for reasons in written for reason in reasons[:3]])
        ),
        "first reason the same after a fit on half of the persons": float(
            np.mean([(sums[0].argmax(axis=1) == part).mean() for part in (first, other)])
        ),
        "first reason the same between the two halves": float((first == other).mean()),
    }


def _mean(written: list[list[Reason]], whole: Array, wanted: Callable[[Reason], bool]) -> float:
    shares = [
        sum(abs(reason.contribution) for reason in reasons if wanted(reason)) / total
        for reasons, total in zip(written, whole, strict=True)
    ]
    return float(np.mean(shares))


if __name__ == "__main__":
    application()
