"""How often the band of a risk holds what follows, on simulated worlds whose true risks are known.

`python -m benchmarks.bands` draws worlds, trains on each, makes the curve of the mornings whose
labels were known on a later one, and compares its band with the true risk of cases of like risk.
"""

from typing import Annotated

import numpy as np
import numpy.typing as npt
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.simulated import accepted
from models.curve import band_at, calibration_curve
from training.recipe import Recipe
from training.run import train
from training.simulator import simulate

application = typer.Typer(add_completion=False)
out = Console()
Array = npt.NDArray[np.float64]
MATURES = 2  # mornings between one that is judged and the first that may know of it
LIKE = 1 / 40  # of the cases of a morning: those of like risk, whose mean is the truth
HEADINGS = ("contracts", "seed", "morning", "cases", "ruptures known", "up to .95", "top .01")


@application.command()
def main(
    contracts: Annotated[int, typer.Option(help="Contracts to draw.")] = 6_000,
    seeds: Annotated[int, typer.Option(help="Worlds.")] = 3,
    first_seed: Annotated[int, typer.Option(help="Seed of the first.")] = 200,
) -> None:
    """Print the share of cases whose band holds the truth, its width, and risks outside of it."""
    table = Table(title="share of cases whose band holds the true mean risk")
    for heading in (*HEADINGS, "width", "risks outside"):
        table.add_column(heading, justify="right")
    for seed in range(first_seed, first_seed + seeds):
        for row in rows_of(judged(contracts, seed=seed)):
            table.add_row(str(contracts), str(seed), *row)
    out.print(table)


def judged(contracts: int, *, seed: int) -> pd.DataFrame:
    """Return the judged cases of a world: split, person, label, risk and truth."""
    simulation = simulate(contracts, years=4, seed=seed)
    run = train(accepted(simulation), Recipe(), digest="", source="simulator")
    predictions = run.comparison.predictions
    cases = run.dataset.cases.iloc[predictions["row"]][["contract_id", "as_of"]]
    truth = cases.merge(simulation.truth, how="left", on=["contract_id", "as_of"])["risk_90"]
    named = predictions.rename(columns={run.comparison.chosen: "risk"})
    return named.assign(truth=truth.to_numpy()).dropna(subset=["truth"])


def rows_of(cases: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return a row of figures per morning for which enough had been judged."""
    mornings = list(dict.fromkeys(cases["split"]))
    rows = []
    for at in range(MATURES + 1, len(mornings)):
        past = cases[cases["split"].isin(mornings[: at - MATURES + 1])]
        now = cases[cases["split"] == mornings[at]]
        low, high = band_at(_curve(past), now["risk"])
        truth = _smoothed(now["risk"].to_numpy(), now["truth"].to_numpy())
        held, rank = (low <= truth) & (truth <= high), now["risk"].rank(pct=True).to_numpy()
        outside = (now["risk"] < low) | (now["risk"] > high)
        counts = (mornings[at], str(len(now)), f"{past['label'].sum():.0f}")
        top = held[rank > 0.99]  # the top hundredth
        shares = (held[rank <= 0.95].mean(), top.mean(), (high - low).mean(), outside.mean())
        rows.append((*counts, *(f"{share:.3f}" for share in shares)))
    return rows


def _curve(past: pd.DataFrame) -> pd.DataFrame:
    persons, mornings = past["person"], past["split"]
    return calibration_curve(past["label"], past["risk"], persons=persons, mornings=mornings)


def _smoothed(risk: Array, truth: Array) -> Array:
    """Return the mean truth of the cases around each, by rank of the risk."""
    order = np.argsort(risk, kind="stable")
    window = max(50, int(len(risk) * LIKE))
    smooth = np.empty(len(risk))
    ranked = pd.Series(truth[order])
    smooth[order] = ranked.rolling(window, center=True, min_periods=window // 2).mean()
    return smooth


if __name__ == "__main__":
    application()
