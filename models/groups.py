"""The same metrics by group: who the model serves worse, and by how much.

Protected attributes are never inputs; they are here to audit with. Brier score, log loss and PR-AUC
move with a group's rate of ruptures alone: across groups, compare Brier skill, ROC-AUC, the
calibration ratio and `selected_recall`, the share of a group's ruptures that the one list caught
(equal opportunity: Hardt, Price and Srebro 2016).
"""

from collections.abc import Iterator
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from models.checks import (
    ArgumentError,
    Floats,
    check_risks,
    check_scores,
    check_share,
    person_codes,
)
from models.intervals import bootstrap, bootstrap_ratio
from models.metrics import IDEAL, METRICS, check_reference

MISSING = "(missing)"
JUDGED = "judged"
TOO_SMALL = "too small to judge"
SELECTED = ("selected_share", "selected_recall")
COMPARED = {**IDEAL, "selected_recall": 1.0}


class _Drawing(TypedDict):
    """How persons are drawn, the same for every metric of a group."""

    persons: ArrayLike
    seed: int
    draws: int


def by_group(
    y: ArrayLike,
    p: ArrayLike,
    groups: "pd.Series | pd.DataFrame",
    *,
    base: ArrayLike,
    capacity: float,
    persons: ArrayLike,
    seed: int,
    floor_cases: int = 50,
    draws: int = 200,
) -> pd.DataFrame:
    """Return one row per attribute and group, missing values being a group of their own.

    `groups` has one row per case, in the order of `y`, and one column per attribute. The result has
    the columns attribute, group, verdict, cases, ruptures, and for each metric of `METRICS` its
    value, `_low` and `_high`. Within a group, `precision_at_capacity` is that of a list of the
    group alone; `selected_share` and `selected_recall` are of the one list of everybody's top
    `capacity`. A group of fewer than `floor_cases` cases keeps its row, with the verdict "too
    small to judge" and no metrics.
    """
    labels, risks = check_scores(y, p)
    table = groups.to_frame(groups.name or "group") if isinstance(groups, pd.Series) else groups
    if len(table) != len(labels):
        raise ArgumentError(f"groups: expected {len(labels)} rows, got {len(table)}")
    codes, _ = person_codes(persons, length=len(labels))
    reference = check_reference(base, length=len(labels))
    selected = selection(risks, capacity=capacity)
    cases = pd.DataFrame(
        {"y": labels, "p": risks, "base": reference, "person": codes, "selected": selected}
    )
    rows: list[dict[str, Any]] = []
    for attribute, group, part in _parts(table):
        row: dict[str, Any] = {"attribute": attribute, "group": group, "cases": int(part.sum())}
        row |= {"verdict": TOO_SMALL, "ruptures": int(labels[part].sum())}
        if part.sum() >= floor_cases:
            figures = _judge(cases[part], capacity=capacity, seed=seed, draws=draws)
            row |= {"verdict": JUDGED, **figures}
        rows.append(row)
    return pd.DataFrame(rows, columns=_columns())


def gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Worst group and gap by attribute and metric, of a table of `by_group`.

    Index (attribute, metric); columns worst_group, worst (its value), gap (largest minus smallest
    value). The worst is the farthest from a perfect model's value. Only judged groups count; with
    fewer than two of them there is no gap: NaN.
    """
    judged = table[table["verdict"] == JUDGED]
    long = judged.melt(
        id_vars=["attribute", "group"], value_vars=list(COMPARED), var_name="metric"
    ).dropna(subset="value")
    ideal = long["metric"].map(COMPARED).astype("float64")
    long["badness"] = (long["value"] - ideal).abs()
    by_metric = long.groupby(["attribute", "metric"], sort=False)
    worst = long.loc[by_metric["badness"].idxmax()].set_index(["attribute", "metric"])
    spread = (by_metric["value"].max() - by_metric["value"].min()).where(by_metric.size() > 1)
    return pd.DataFrame({"worst_group": worst["group"], "worst": worst["value"], "gap": spread})


def selection(p: ArrayLike, *, capacity: float) -> Floats:
    """Probability that each case is on the list of the top `capacity`, ties drawn fairly."""
    risks = check_risks(p, name="p")
    room = check_share(capacity, name="capacity") * len(risks)
    _, tie, sizes = np.unique(-risks, return_inverse=True, return_counts=True)
    above = np.cumsum(sizes) - sizes
    listed: Floats = np.clip((room - above) / sizes, 0.0, 1.0)[tie]
    return listed


def _parts(table: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Attribute, group and which cases are in it; groups in order, the missing one last."""
    for attribute in table.columns:
        codes, values = pd.factorize(table[attribute], sort=True)
        for code, value in enumerate(values):
            yield str(attribute), str(value), codes == code
        if (codes < 0).any():
            yield str(attribute), MISSING, codes < 0


def _judge(cases: pd.DataFrame, *, capacity: float, seed: int, draws: int) -> dict[str, float]:
    """Metric, metric_low and metric_high for every metric of one group's cases."""
    y, selected = cases["y"].to_numpy(), cases["selected"].to_numpy()
    drawing: _Drawing = {"persons": cases["person"].to_numpy(), "seed": seed, "draws": draws}
    figures = bootstrap(y, cases["p"], base=cases["base"], capacity=capacity, **drawing)
    figures.loc["selected_share"] = bootstrap_ratio(selected, np.ones(len(y)), **drawing)
    figures.loc["selected_recall"] = bootstrap_ratio(selected * y, y, **drawing)
    return _flat(figures)


def _flat(figures: pd.DataFrame) -> dict[str, float]:
    """Metric, metric_low and metric_high as one row."""
    names = (f"{metric}{suffix}" for metric in figures.index for suffix in ("", "_low", "_high"))
    return dict(zip(names, figures.to_numpy().ravel().tolist(), strict=True))


def _columns() -> list[str]:
    metrics = (*METRICS, *SELECTED)
    return [
        *("attribute", "group", "verdict", "cases", "ruptures"),
        *(f"{metric}{suffix}" for metric in metrics for suffix in ("", "_low", "_high")),
    ]
