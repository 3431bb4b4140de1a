"""Learning from some presentations and judging on others, through the ordinary pipeline.

What is particular to the benchmark: the judged mornings are days of a presentation, and what is
learned on each of them is what had matured by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.oulad_records import Mapped, map_records, read_folder, start_of
from features.common.errors import InputError
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.cases import open_cases
from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.calibration import log_odds
from models.explanation import Explainer
from models.metrics import evaluate
from models.risk import RiskModel
from models.sufficiency import why_not_assessed
from training.dataset import build_dataset
from training.evaluate import compare
from training.fit import fit_final
from training.labels import label_cases
from training.recipe import Recipe, Target

DAYS = (30, 60, 90, 120, 150)
# A withdrawal is in the files on its day: nothing is declared late.
TARGET = Target(horizon_days=90, declaration_delay_days=0)
FIGURES = (
    *("roc_auc", "pr_auc", "brier", "brier_skill"),
    *("calibration_slope", "calibration_ratio"),
)


@dataclass(frozen=True)
class Report:
    """Figures by day and overall (index: day or "all"), and how they came about."""

    figures: pd.DataFrame
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


@dataclass(frozen=True)
class Learned:
    """The chosen model, and the rate by contract age learned from the same rows."""

    model: RiskModel
    base: RiskModel
    chosen: str


@dataclass
class Bench:
    """Records to learn from and to judge on; learns anew when more labels have matured."""

    learning: Records
    pooled: Records
    judged: frozenset[str]
    recipe: Recipe
    ignore_dates: bool
    jobs: int
    learned: dict[pd.Timestamp, Learned] = field(default_factory=dict)

    def learn(self, as_of: pd.Timestamp) -> Learned:
        """Return what the pipeline learns of what was known on a morning, once per state."""
        over = self.learning.contracts["planned_end_on"].max() + pd.Timedelta(days=1)
        until = over if self.ignore_dates else min(over, as_of)
        if until not in self.learned:
            dataset = build_dataset(self.learning, self.recipe, until=until)
            chosen = compare(dataset, jobs=self.jobs).chosen
            model, _ = fit_final(dataset, chosen)
            base, _ = fit_final(dataset, "base_rate")
            self.learned[until] = Learned(model, base, chosen)
        return self.learned[until]

    def cases(self, as_of: pd.Timestamp) -> pd.DataFrame:
        """Judged enrolments that were known and open that morning, with their label."""
        cases = open_cases(self.pooled, as_of=as_of)
        cases = cases[cases["contract_id"].isin(self.judged)].reset_index(drop=True)
        over = as_of + pd.Timedelta(days=TARGET.horizon_days)
        labelled = label_cases(cases, self.pooled, known_by=over, target=TARGET)
        return cases.assign(label=labelled["label"])


def run(
    train: Path,
    test: Path,
    *,
    recipe: Recipe,
    train_presentations: Sequence[str] = (),
    test_presentations: Sequence[str] = (),
    ignore_dates: bool = False,
    jobs: int = 1,
) -> Report:
    """Learn from presentations of one folder, judge on presentations of another or the same.

    Without `test_presentations`, the last one of `test` is judged; without `train_presentations`,
    every one of `train` that begins before it is learned from. A judged morning learns from labels
    that had matured by then, so a training presentation still running counts as far as it went;
    with `ignore_dates` all labels count and figures may be optimistic. What crosses contracts, such
    as a centre's past ruptures, is known from both sides as of the morning.

    Raises InputError for folders of another layout, presentations they do not hold, or enrolments
    on both sides; TrainingError when too few withdrawals had matured.
    """
    learned_from, judged_on = read_folder(train), read_folder(test)
    judging = _chosen(judged_on, test_presentations, where=test) or _present(judged_on)[-1:]
    first = min(start_of(code) for code in judging)
    learning = _chosen(learned_from, train_presentations, where=train) or [
        code
        for code in _present(learned_from)
        if start_of(code) < first or (ignore_dates and not (train == test and code in judging))
    ]
    if not learning:
        raise InputError(
            f"{train}: expected a presentation that begins before {judging[0]}, got none; "
            "choose another folder, or ignore the dates"
        )
    sides = map_records(learned_from, learning), map_records(judged_on, judging)
    bench = _bench(*sides, replace(recipe, target=TARGET), ignore_dates=ignore_dates, jobs=jobs)
    left_out = {name: sum(side.left_out[name] for side in sides) for name in sides[0].left_out}
    return _report(bench, tuple(learning), tuple(judging), left_out)


def _present(tables: dict[str, pd.DataFrame]) -> list[str]:
    return sorted(tables["studentInfo"]["code_presentation"].unique(), key=start_of)


def _chosen(tables: dict[str, pd.DataFrame], wanted: Sequence[str], *, where: Path) -> list[str]:
    unknown = sorted(set(wanted) - set(_present(tables)))
    if unknown:
        raise InputError(
            f"{where}: expected presentations among {', '.join(_present(tables))}, got {unknown[0]}"
        )
    return sorted(set(wanted), key=start_of)


def _bench(
    learning: Mapped, judging: Mapped, recipe: Recipe, *, ignore_dates: bool, jobs: int
) -> Bench:
    judged = frozenset(judging.records.contracts["contract_id"])
    both = judged.intersection(learning.records.contracts["contract_id"])
    if both:
        raise InputError(
            f"presentations: expected enrolments to learn from or to judge, got {len(both)} for "
            "both; choose other presentations"
        )
    pooled = Records(
        **{
            t.name: pd.concat([rows, getattr(judging.records, t.name)], ignore_index=True)
            for t, rows in learning.records
        }
    )
    return Bench(learning.records, pooled, judged, recipe, ignore_dates, jobs)


def _report(
    bench: Bench, learning: tuple[str, ...], judging: tuple[str, ...], left_out: dict[str, int]
) -> Report:
    index = Index.of(bench.pooled)
    scored = pd.concat(
        [_score(bench, index, start_of(code), day) for code in judging for day in DAYS],
        ignore_index=True,
    )
    known = scored[scored["risk"].notna() & scored["label"].notna()]
    figures = {day: _figures(rows) for day, rows in known.groupby("day")}
    return Report(
        pd.DataFrame.from_dict({**figures, "all": _figures(known)}, orient="index"),
        learning,
        judging,
        tuple(dict.fromkeys(learned.chosen for learned in bench.learned.values())),
        float(known["additivity_error"].max()),
        int(scored["risk"].isna().sum()),
        left_out,
    )


def _score(bench: Bench, index: Index, start: pd.Timestamp, day: int) -> pd.DataFrame:
    """Risk, base rate and additivity error of everyone enrolled on a day; NaN if not assessed."""
    as_of = start + pd.Timedelta(days=day)
    learned, cases = bench.learn(as_of), bench.cases(as_of)
    matrix = build_matrix(index, cases)
    assessed = why_not_assessed(matrix).isna().to_numpy()
    X = matrix[CATALOGUE.inputs].to_numpy()[assessed]
    explained = Explainer(learned.model).explain(X)
    shown = log_odds(learned.model.predict_proba(X)[:, 1])
    cases.loc[assessed, "risk"] = explained.risk
    cases.loc[assessed, "base"] = learned.base.predict_proba(X)[:, 1]
    cases.loc[assessed, "additivity_error"] = np.abs(explained.margin - shown)
    return cases.assign(day=day)


def _figures(rows: pd.DataFrame) -> dict[str, float]:
    y, p = rows["label"].to_numpy(), rows["risk"].to_numpy()
    measured = evaluate(y, p, base=rows["base"].to_numpy(), capacity=0.1)
    return {"n": len(y), "ruptures": y.sum(), **{name: measured[name] for name in FIGURES}}
