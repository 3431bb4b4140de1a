"""Vigie on data nobody here wrote: withdrawals from Open University courses.

Run from the repository root: `python -m benchmarks.oulad --help`. The records go through the
ordinary pipeline (matrix, comparison of the candidates, final fit, explanation); only their
mapping, in `benchmarks.oulad_records`, and the judged mornings, in `benchmarks.oulad_judging`, are
particular.
"""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.oulad_judging import run
from benchmarks.oulad_presentations import ALL
from benchmarks.oulad_reference import FEATURES
from benchmarks.oulad_report import Report
from features.common.errors import VigieError, exit_code
from training.recipe import read_recipe

FOLDER = Path("../shared/data/oulad-2013")
RECIPE = Path("recipes/default.toml")
CAPTION = "skill: of the Brier score, over the rate by contract age;\nslope, ratio: of calibration"
MORNING_RULE = (
    "who leaves on the morning itself is in the cohort, since nobody knew yet,\n"
    "and counts as a rupture"
)
HEADINGS = {
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
    "brier": "Brier",
    "brier_skill": "skill",
    "calibration_slope": "slope",
    "calibration_ratio": "ratio",
}

application = typer.Typer(add_completion=False)


@application.command()
def benchmark(
    train: Annotated[Path, typer.Option(help="Folder of the five tables to learn from.")] = FOLDER,
    test: Annotated[Path, typer.Option(help="Folder of the five tables to judge on.")] = FOLDER,
    train_presentation: Annotated[
        list[str] | None,
        typer.Option(
            help="Presentation to learn from, such as 2013B; may be repeated. "
            "Default: every one of --train that begins before the judged ones."
        ),
    ] = None,
    presentations: Annotated[
        list[str] | None,
        typer.Option(
            "--presentations",
            help="Presentations to judge, pooled: `all` of --test that an earlier one can be "
            "learned for, or names such as 2013J.",
        ),
    ] = None,
    names: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    ignore_dates: Annotated[
        bool,
        typer.Option(
            "--ignore-dates",
            help="Learn from every label, also those not known yet on the judged morning, and from "
            "presentations that begin later. Figures may be optimistic.",
        ),
    ] = False,
    recipe: Annotated[Path, typer.Option(help="Recipe; its target is overruled.")] = RECIPE,
    jobs: Annotated[int, typer.Option(help="Fits at a time; -1 for one a core.")] = 1,
) -> None:
    """Learn from earlier presentations, judge at days 30 to 150, horizon 90 days."""
    console = Console()
    try:
        report = run(
            train,
            test,
            recipe=read_recipe(recipe),
            train_presentations=train_presentation or (),
            presentations=[*(presentations or ()), *(names or ())] or [ALL],
            ignore_dates=ignore_dates,
            jobs=jobs,
        )
    except VigieError as error:
        Console(stderr=True).print(str(error), markup=False)
        raise typer.Exit(exit_code(error)) from error
    show(report, console)


def show(report: Report, console: Console) -> None:
    """Print the figures and how they came about."""
    console.print(_table(report.figures))
    console.print(_cohorts(report.cohorts))
    left_out = ", ".join(f"{number} {reason}" for reason, number in report.left_out.items())
    for name, value in (
        ("mean ROC-AUC over the days", f"{report.mean_roc_auc:.3f}"),
        *((f"plain {name}", f"{mean:.3f}") for name, mean in report.references.items()),
        ("above the better of these", report.difference.in_words()),
        ("their features", ", ".join(FEATURES)),
        ("learned from", ", ".join(report.trained_on)),
        ("judged on", ", ".join(report.judged_on)),
        ("chosen candidate", ", ".join(report.chosen)),
        ("additivity error", f"{report.additivity_error:.1e}"),
        ("enrolments left out", left_out),
        ("cases not assessed", str(report.not_assessed)),
    ):
        console.print(f"{name}: {value}", markup=False, highlight=False)


def _cohorts(cohorts: pd.DataFrame) -> Table:
    """Whoever is enrolled as known that morning; who leaves on the morning itself is a rupture."""
    table = Table(title="Cohorts", caption=MORNING_RULE, box=SIMPLE)
    for name in ("presentation", "day", "enrolled", "ruptures", "that morning"):
        table.add_column(name, justify="right")
    for row in cohorts.itertuples(index=False):
        table.add_row(str(row[0]), *(f"{number:.0f}" for number in row[1:]))
    return table


def _table(figures: pd.DataFrame) -> Table:
    table = Table(title="Withdrawals within 90 days", caption=CAPTION, box=SIMPLE)
    for name in ("day", "n", "ruptures", *HEADINGS.values()):
        table.add_column(name, justify="right")
    for day, row in figures.iterrows():
        counts = [f"{row[name]:.0f}" for name in ("n", "ruptures")]
        table.add_row(str(day), *counts, *(f"{row[name]:.3f}" for name in HEADINGS))
    return table


if __name__ == "__main__":
    application()
