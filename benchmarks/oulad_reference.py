"""What a careful analyst would make of the same tables without Vigie: the plain reference.

Boosted trees and a logistic regression on features made directly from the raw tables, learned and
judged on the very rows of Vigie. Sex, disability and neighbourhood are left out of both.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks.oulad_records import AGE_YEARS, DIPLOMA, start_of

Array = npt.NDArray[np.float64]
COURSE = "code_module"
KEY = ["code_module", "code_presentation", "id_student"]
EDUCATION = {name: rank for rank, name in enumerate(DIPLOMA)}
OF_ENROLMENT = (
    *("day", "module_presentation_length", "registered_days_before", "education", "age"),
    *("num_of_prev_attempts", "studied_credits"),
)
OF_WORK = (
    *("due", "due_weight", "handed_in", "missed", "missed_weight", "missed_share", "late"),
    *("mean_days_late", "mark_mean", "mark_weighted", "mark_lowest", "mark_last"),
    *("days_since_handed_in", "days_to_next_due"),
)
FEATURES = (COURSE, *OF_ENROLMENT, *OF_WORK)


def raw_features(tables: Mapping[str, pd.DataFrame], cases: pd.DataFrame) -> pd.DataFrame:
    """Return FEATURES of each case (columns contract_id, as_of), in the order of `cases`.

    Of marks and days of submission only those before `as_of` are read; when an assessment falls
    due is in the calendar of the course, which everyone knows from the first day on.
    """
    keys = cases["contract_id"].str.split(":", expand=True).set_axis(KEY, axis=1)
    keys["id_student"] = keys["id_student"].astype("int64")
    starts = {code: start_of(code) for code in keys["code_presentation"].unique()}
    first = keys["code_presentation"].map(starts)
    rows = keys.assign(
        row=np.arange(len(keys)), day=(cases["as_of"].to_numpy() - first).dt.days.to_numpy()
    )
    people = tables["studentInfo"].merge(tables["studentRegistration"], on=KEY)
    rows = rows.merge(people, on=KEY, how="left").merge(tables["courses"], on=KEY[:2], how="left")
    rows = rows.assign(
        registered_days_before=-rows["date_registration"],
        education=rows["highest_education"].map(EDUCATION),
        age=rows["age_band"].map(AGE_YEARS),
    )
    rows = rows.sort_values("row").set_index("row")
    return rows[[COURSE, *OF_ENROLMENT]].join(_of_work(tables, rows))[list(FEATURES)]


def _of_work(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    work = rows[[*KEY, "day"]].reset_index().merge(tables["assessments"], on=KEY[:2])
    work = work.merge(tables["studentAssessment"], on=["id_student", "id_assessment"], how="left")
    work = work[(work["is_banked"] != 1) & (work["assessment_type"] != "Exam")]
    work = work.sort_values(["row", "date_submitted"], kind="stable")
    due = work["date"] < work["day"]
    done = work["date_submitted"] < work["day"]
    late = (work["date_submitted"] - work["date"]).where(done)
    mark, weight = work["score"].where(done), work["weight"].fillna(0.0)
    weighted = weight.where(mark.notna())
    parts = pd.DataFrame(
        {
            "row": work["row"],
            "due": due * 1.0,
            "due_weight": weight.where(due, 0.0),
            "handed_in": done * 1.0,
            "missed": (due & ~done) * 1.0,
            "missed_weight": weight.where(due & ~done, 0.0),
            "late": (late > 0) * 1.0,
            "days_late": late,
            "mark": mark,
            "marked_weight": weighted,
            "mark_weight": mark * weighted,
            "since": (work["day"] - work["date_submitted"]).where(done),
            "next": (work["date"] - work["day"]).where(work["date"] >= work["day"]),
        }
    )
    by_row = parts.groupby("row")
    counted = ["due", "due_weight", "handed_in", "missed", "missed_weight", "late"]
    found = (
        by_row[counted]
        .sum()
        .assign(
            mean_days_late=by_row["days_late"].mean(),
            mark_mean=by_row["mark"].mean(),
            mark_lowest=by_row["mark"].min(),
            mark_last=by_row["mark"].last(),
            days_since_handed_in=by_row["since"].min(),
            days_to_next_due=by_row["next"].min(),
        )
    )
    totals = by_row[["mark_weight", "marked_weight"]].sum()
    found["mark_weighted"] = totals["mark_weight"] / totals["marked_weight"].replace(0.0, np.nan)
    found["missed_share"] = found["missed"] / found["due"].replace(0.0, np.nan)
    return found.reindex(rows.index)


def _trees(seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=150,
        max_leaf_nodes=8,
        min_samples_leaf=50,
        early_stopping=False,
        categorical_features=[COURSE],
        random_state=seed,
    )


def _regression(_seed: int) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    course = OneHotEncoder(handle_unknown="ignore")
    columns = ColumnTransformer(
        [("numbers", numbers, [*OF_ENROLMENT, *OF_WORK]), ("course", course, [COURSE])]
    )
    return make_pipeline(columns, LogisticRegression(C=0.1, max_iter=2000))


MODELS: dict[str, Callable[[int], Any]] = {"trees": _trees, "logistic": _regression}


def fit_references(X: pd.DataFrame, y: Array, *, seed: int) -> dict[str, Any]:
    """Return every model of MODELS fitted on features X (n rows) and labels y (n,)."""
    X = X.assign(**{COURSE: X[COURSE].astype("category")})
    return {name: make(seed).fit(X, y) for name, make in MODELS.items()}


def reference_risks(models: Mapping[str, Any], X: pd.DataFrame) -> dict[str, Array]:
    """Return the risk (n,) that each fitted model gives the features X (n rows)."""
    return {name: model.predict_proba(X)[:, 1] for name, model in models.items()}
