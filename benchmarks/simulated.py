"""How near a trained model comes to the oracle, and what it does with very little data.

`python -m benchmarks.simulated large` trains on 20,000 simulated contracts and compares its
backtest with the simulator's own risk; `small` trains on 150 contracts, an AGIR-size programme,
with 20 seeds.
"""

from collections import Counter
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from features.intake.parsing import parse_table
from features.records.declarations import RECORD_TYPES, Records
from models.calibration import calibration_in_the_large, calibration_slope_intercept, log_odds
from models.explanation import Explainer
from models.metrics import precision_at_capacity, roc_auc
from training.dataset import Dataset
from training.evaluate import Comparison
from training.recipe import Recipe
from training.run import Run, train
from training.simulator import Simulation, simulate

application = typer.Typer(add_completion=False, no_args_is_help=True)
out = Console()


@application.command()
def large(
    contracts: Annotated[int, typer.Option(help="Contracts to draw.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = 1,
) -> None:
    """Out of time against the oracle: ranking, calibration, precision at capacity."""
    simulation = simulate(contracts, years=4, seed=seed)
    run = train(accepted(simulation), Recipe(), digest="", source="simulator")
    table = Table(title=f"{contracts} simulated contracts, seed {seed}: {run.comparison.chosen}")
    for heading in ("figure", "model", "oracle", "ratio"):
        table.add_column(heading)
    for name, row in against_oracle(run.dataset, run.comparison, simulation.truth).items():
        table.add_row(name, *(f"{value:.4f}" for value in row))
    out.print(table)
    out.print(f"additivity error: {additivity_error(run):.1e}")


@application.command()
def small(
    contracts: Annotated[int, typer.Option(help="Contracts to draw.")] = 150,
    seeds: Annotated[int, typer.Option(help="Simulations.")] = 20,
) -> None:
    """A programme of 150 contracts: candidate chosen and Brier skill over the base rate."""
    rows, chosen = [], Counter[str]()
    for seed in range(seeds):
        simulation = simulate(contracts, years=4, seed=seed)
        run = train(accepted(simulation), Recipe(), digest="", source="simulator", jobs=1)
        metrics = run.bundle.facts["metrics"]
        skill = metrics["overall"]["brier_skill"]
        logistic = metrics["candidates"]["logistic"]["brier_skill"]
        chosen[run.comparison.chosen] += 1
        rows.append((skill["value"], logistic["value"], additivity_error(run)))
        interval = f"({skill['low']:+.3f} to {skill['high']:+.3f})"
        words = f"{run.comparison.chosen}, skill {skill['value']:+.4f} {interval}"
        out.print(f"seed {seed}: {words}, {metrics['cases']} cases, {metrics['ruptures']} ruptures")
    skill_of_chosen, skill_of_logistic, error = np.array(rows).T
    out.print(f"chosen: {dict(chosen)}")
    out.print(f"mean Brier skill of the chosen {skill_of_chosen.mean():+.4f}")
    out.print(f"mean Brier skill of the logistic regression {skill_of_logistic.mean():+.4f}")
    out.print(f"additivity error: {error.max():.1e}")


def accepted(simulation: Simulation) -> Records:
    """Rows that intake would accept, straight from the simulator's tables."""
    tables = {
        t.name: parse_table(t, simulation.tables[t.name], file=t.name)
        .accepted.drop_duplicates([t.key, "known_on"])
        .reset_index(drop=True)
        for t in RECORD_TYPES
    }
    known = set(tables["contracts"]["contract_id"])
    records_of_known = {
        name: rows[rows["contract_id"].isin(known)] for name, rows in tables.items()
    }
    return Records(**records_of_known)


def against_oracle(
    dataset: Dataset, comparison: Comparison, truth: pd.DataFrame
) -> dict[str, tuple[float, float, float]]:
    """Each figure for the model, for the oracle, and their ratio, on the same judged cases."""
    predictions = comparison.predictions
    cases = dataset.cases.iloc[predictions["row"]][["contract_id", "as_of"]]
    oracle = cases.merge(truth, how="left", on=["contract_id", "as_of"])["risk_90"].to_numpy()
    known = ~np.isnan(oracle)
    y, p = predictions["label"].to_numpy()[known], predictions[comparison.chosen].to_numpy()[known]
    q = oracle[known]
    capacity = dataset.recipe.capacity.high
    pairs = {
        "ROC-AUC": (roc_auc(y, p), roc_auc(y, q)),
        "precision at capacity": (
            precision_at_capacity(y, p, capacity),
            precision_at_capacity(y, q, capacity),
        ),
        "calibration slope": (
            calibration_slope_intercept(y, p).slope,
            calibration_slope_intercept(y, q).slope,
        ),
        "observed over expected": (
            calibration_in_the_large(y, p).ratio,
            calibration_in_the_large(y, q).ratio,
        ),
    }
    return {name: (model, best, model / best) for name, (model, best) in pairs.items()}


def additivity_error(run: Run) -> float:
    """Largest gap between base + contributions and the log-odds of the model's probability."""
    X = run.dataset.X[run.learned]
    margin = Explainer(run.bundle.model).explain(X).margin
    shown = log_odds(run.bundle.model.predict_proba(X)[:, 1])
    return float(np.abs(margin - shown).max())


if __name__ == "__main__":
    application()
