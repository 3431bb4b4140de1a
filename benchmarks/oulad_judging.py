"""Learning from some presentations and judging on others, through the ordinary pipeline.

What is particular to the benchmark: the judged mornings are days of a presentation, and what is
learned on each of them is what had matured by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.oulad_presentations import (
    ALL,
    chosen_presentations,
    judged_presentations,
    present,
)
from benchmarks.oulad_records import Mapped, map_records, read_folder, start_of
from benchmarks.oulad_reference import fit_references, raw_features, reference_risks
from benchmarks.oulad_report import DAYS, Report, report_of
from features.common.errors import InputError
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.point_in_time.cases import open_cases
from features.point_in_time.snapshot import Index
from features.records.declarations import Records
from models.calibration import log_odds
from models.explanation import Explainer
from models.risk import RiskModel
from models.sufficiency import why_not_assessed
from training.dataset import build_dataset
from training.evaluate import compare
from training.fit import fit_final
from training.labels import label_cases
from training.recipe import Recipe, Target

# A withdrawal is in the files on its day: nothing is declared late.
TARGET = Target(horizon_days=90, declaration_delay_days=0)


@dataclass(frozen=True)
class Learned:
    """The chosen model, the rate by contract age and the references, learned from the same rows."""

    model: RiskModel
    base: RiskModel
    chosen: str
    references: Mapping[str, Any]


@dataclass
class Judge:
    """Records to learn from and to judge on; learns anew when more labels have matured."""

    learning: Records
    pooled: Records
    judged: frozenset[str]
    tables: dict[str, pd.DataFrame]
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
            model, rows = fit_final(dataset, chosen)
            base, _ = fit_final(dataset, "base_rate")
            X = raw_features(self.tables, dataset.cases.iloc[rows].reset_index(drop=True))
            y, seed = dataset.labels(known_by=until)[rows], self.recipe.training.seed
            self.learned[until] = Learned(model, base, chosen, fit_references(X, y, seed=seed))
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
    presentations: Sequence[str] = (ALL,),
    ignore_dates: bool = False,
    jobs: int = 1,
) -> Report:
    """Learn from presentations of one folder, judge on presentations of another or the same.

    `presentations` of `test` are judged, `all` being every one that `train` holds an earlier one
    for; each learns from every one of `train` that begins before it, or from
    `train_presentations`. A judged morning learns from labels that had matured by then, so a
    training presentation still running counts as far as it went; with `ignore_dates` all labels
    count and figures may be optimistic. What crosses contracts, such as a centre's past ruptures,
    is known from both sides as of the morning.

    Raises InputError for folders of another layout, presentations they do not hold, or enrolments
    on both sides; TrainingError when too few withdrawals had matured.
    """
    learned_from, judged_on = read_folder(train), read_folder(test)
    fixed = chosen_presentations(learned_from, train_presentations, where=train)
    earlier = {
        code: fixed
        or [
            other
            for other in present(learned_from)
            if start_of(other) < start_of(code)
            or (ignore_dates and not (train == test and other == code))
        ]
        for code in judged_presentations(judged_on, presentations, where=test)
    }
    judging = [code for code in earlier if earlier[code] or ALL not in presentations]
    for code in judging or list(earlier)[:1]:
        if not earlier[code]:
            raise InputError(
                f"{train}: expected a presentation that begins before {code}, got none; "
                "choose another folder, or ignore the dates"
            )
    tables = {
        name: pd.concat([learned_from[name], judged_on[name]], ignore_index=True).drop_duplicates()
        for name in learned_from
    }
    options: dict[str, Any] = {"ignore_dates": ignore_dates, "jobs": jobs}
    judges, left_out = {}, dict[str, int]()
    for code in judging:
        sides = map_records(learned_from, earlier[code]), map_records(judged_on, [code])
        target = replace(recipe, target=TARGET)
        judges[code] = _judge(*sides, tables=tables, recipe=target, **options)
        for name, number in sides[1].left_out.items():
            left_out[name] = left_out.get(name, 0) + number
    learning = sorted({other for code in judging for other in earlier[code]}, key=start_of)
    return _report(judges, tuple(learning), left_out)


def _judge(learning: Mapped, judging: Mapped, **options: Any) -> Judge:
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
    return Judge(learning.records, pooled, judged, **options)


def _report(
    judges: Mapping[str, Judge], learning: tuple[str, ...], left_out: dict[str, int]
) -> Report:
    parts = [_scored(code, judge) for code, judge in judges.items()]
    chosen = [made.chosen for judge in judges.values() for made in judge.learned.values()]
    return report_of(
        pd.concat(parts, ignore_index=True),
        trained_on=learning,
        judged_on=tuple(judges),
        chosen=tuple(dict.fromkeys(chosen)),
        left_out=left_out,
    )


def _scored(code: str, judge: Judge) -> pd.DataFrame:
    index = Index.of(judge.pooled)
    parts = [_score(judge, index, start_of(code), day) for day in DAYS]
    ends = judge.pooled.outcomes.drop_duplicates("contract_id", keep="last")
    scored = pd.concat(parts, ignore_index=True).assign(presentation=code)
    ended = scored["contract_id"].map(ends.set_index("contract_id")["ended_on"])
    persons = scored["contract_id"].str.split(":").str[2]
    return scored.assign(that_morning=ended == scored["as_of"], person=persons)


def _score(judge: Judge, index: Index, start: pd.Timestamp, day: int) -> pd.DataFrame:
    """Risk, base rate and additivity error of everyone enrolled on a day; NaN if not assessed."""
    as_of = start + pd.Timedelta(days=day)
    learned, cases = judge.learn(as_of), judge.cases(as_of)
    matrix = build_matrix(index, cases)
    assessed = why_not_assessed(matrix).isna().to_numpy()
    X = matrix[CATALOGUE.inputs].to_numpy()[assessed]
    explained = Explainer(learned.model).explain(X)
    shown = log_odds(learned.model.predict_proba(X)[:, 1])
    cases.loc[assessed, "risk"] = explained.risk
    cases.loc[assessed, "base"] = learned.base.predict_proba(X)[:, 1]
    cases.loc[assessed, "additivity_error"] = np.abs(explained.margin - shown)
    plain = reference_risks(learned.references, raw_features(judge.tables, cases))
    cases = cases.assign(**plain)
    return cases.assign(day=day)
