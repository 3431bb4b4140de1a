"""The figures of judged enrolments: by day, against the plain reference, and their cohorts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.oulad_difference import Difference, difference_of_means
from benchmarks.oulad_reference import MODELS
from models.metrics import evaluate, roc_auc

DAYS = (30, 60, 90, 120, 150)
FIGURES = (
    *("roc_auc", "pr_auc", "brier", "brier_skill"),
    *("calibration_slope", "calibration_ratio"),
)


@dataclass(frozen=True)
class Report:
    """Figures by day and overall (index: day or "all"), and how they came about.

    `references`: mean ROC-AUC over the days of each plain model on the same rows; `difference`:
    Vigie's minus that of the better one. `cohorts`: judged enrolments by presentation and day, and
    those among them who leave on the morning itself.
    """

    figures: pd.DataFrame
    cohorts: pd.DataFrame
    references: dict[str, float]
    difference: Difference
    trained_on: tuple[str, ...]
    judged_on: tuple[str, ...]
    chosen: tuple[str, ...]
    additivity_error: float
    not_assessed: int
    left_out: dict[str, int]

    @property
    def mean_roc_auc(self) -> float:
        """Mean over the judged days."""
        return float(self.figures.loc[list(DAYS), "roc_auc"].mean())


def report_of(
    scored: pd.DataFrame,
    *,
    trained_on: tuple[str, ...],
    judged_on: tuple[str, ...],
    chosen: tuple[str, ...],
    left_out: dict[str, int],
) -> Report:
    """Return the figures of scored enrolments (one row per presentation, day and enrolment)."""
    known = scored[scored["risk"].notna() & scored["label"].notna()]
    figures = {day: _figures(rows) for day, rows in known.groupby("day")}
    references, difference = _against_references(known)
    return Report(
        figures=pd.DataFrame.from_dict({**figures, "all": _figures(known)}, orient="index"),
        cohorts=_cohorts(known),
        references=references,
        difference=difference,
        trained_on=trained_on,
        judged_on=judged_on,
        chosen=chosen,
        additivity_error=float(known["additivity_error"].max()),
        not_assessed=int(scored["risk"].isna().sum()),
        left_out=left_out,
    )


def _against_references(known: pd.DataFrame) -> tuple[dict[str, float], Difference]:
    """Mean ROC-AUC over the days of each plain model, and what Vigie has above the better one."""
    mean = {
        name: float(np.mean([roc_auc(rows["label"], rows[name]) for _, rows in days]))
        for name, days in ((name, known.groupby("day")) for name in MODELS)
    }
    better = max(mean, key=lambda name: mean[name])
    return mean, difference_of_means(known, "risk", better)


def _cohorts(known: pd.DataFrame) -> pd.DataFrame:
    groups = known.groupby(["presentation", "day"])
    return groups.agg(
        enrolled=("label", "size"), ruptures=("label", "sum"), that_morning=("that_morning", "sum")
    ).reset_index()


def _figures(rows: pd.DataFrame) -> dict[str, float]:
    y, p = rows["label"].to_numpy(), rows["risk"].to_numpy()
    measured = evaluate(y, p, base=rows["base"].to_numpy(), capacity=0.1)
    return {"n": len(y), "ruptures": y.sum(), **{name: measured[name] for name in FIGURES}}
