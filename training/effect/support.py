"""What support was given, by arm and phase, beside what was planned."""

from typing import Any

import numpy as np
import pandas as pd

from features.point_in_time.cases import known_versions
from features.records.codes import THEME
from features.records.declarations import Records
from training.effect.cohort import Cohort
from training.effect.estimators.estimate import Flags, Floats

PHASES = ("before", "during", "after")
PARTIES = ("with_young_person", "with_tutor", "with_training_centre")
DOSES = ((0, 0), (1, 3), (4, 7), (8, None))  # interviews held: groups of the table of doses


def read_support(cohort: Cohort, records: Records) -> pd.DataFrame:
    """Return one row per person of the cohort: interviews held and missed by phase, actions, dose.

    Counted from the draw on. Columns `held_<phase>`, `missed`, `with_...`, `theme_...`, `actions`,
    `held` and `received`: at least the plan's share of the planned interviews, those during the
    contract in proportion to how long it has lasted.
    """
    interviews = _of_cohort(records.interviews, "interview_id", "held_on", cohort)
    held = interviews[interviews["status"].astype("str") == "held"]
    phase = held["phase"].astype("str").where(held["phase"].notna(), "during")
    columns = {f"held_{name}": _count(held[phase == name], cohort) for name in PHASES}
    columns["missed"] = _count(interviews[interviews["status"].astype("str") == "missed"], cohort)
    for name in (*PARTIES, *(f"theme_{code}" for code in THEME.codes)):
        columns[name] = _count(held[held[name].eq(1.0)], cohort)
    events = _of_cohort(records.events, "event_id", "happened_on", cohort)
    columns["actions"] = _count(events[events["kind"].astype("str") == "support_action"], cohort)
    made = pd.DataFrame(columns)
    made["held"] = made[[f"held_{name}" for name in PHASES]].sum(axis=1)
    share = cohort.plan.analysis.protocol_share
    made["received"] = made["held"] >= np.maximum(np.ceil(share * _due(cohort)), 1.0)
    return made


def describe_support(support: pd.DataFrame, cohort: Cohort) -> dict[str, Any]:
    """Return means by arm and phase beside the plan, parties, themes, doses and contamination."""
    arms = {"supported": cohort.supported, "comparison": ~cohort.supported}
    planned = cohort.plan.support
    return {
        "phases": [
            {
                "phase": phase,
                "planned": getattr(planned, phase),
                **{arm: _mean(support[f"held_{phase}"], rows) for arm, rows in arms.items()},
            }
            for phase in PHASES
        ],
        "parties": _means(support, PARTIES, arms),
        "themes": _means(support, [f"theme_{code}" for code in THEME.codes], arms),
        "other": _means(support, ["missed", "actions"], arms),
        "doses": [_dose(support["held"], arms, *bounds) for bounds in DOSES],
        "received": {
            arm: {"count": int(support["received"][rows].sum()), "of": int(rows.sum())}
            for arm, rows in arms.items()
        },
        "protocol_share": cohort.plan.analysis.protocol_share,
    }


def _of_cohort(table: pd.DataFrame, key: str, day: str, cohort: Cohort) -> pd.DataFrame:
    """Rows of the cohort's contracts, as known that morning, from each person's draw on."""
    ours = table[table["contract_id"].isin(cohort.persons["contract_id"])]
    known = known_versions(ours, key, before=cohort.as_of)
    drawn = cohort.persons.set_index("contract_id")["drawn_on"]
    return known[known[day] >= known["contract_id"].map(drawn)]


def _count(rows: pd.DataFrame, cohort: Cohort) -> "pd.Series[float]":
    counts = rows["contract_id"].value_counts()
    found = counts.reindex(cohort.persons["contract_id"]).fillna(0.0)
    return found.astype("float64").reset_index(drop=True)


def _due(cohort: Cohort) -> Floats:
    """Interviews planned by the morning of the analysis: those during the contract pro rata."""
    persons, plan = cohort.persons, cohort.plan.support
    ended = persons["ended_on"].fillna(cohort.as_of)
    last = ended.where(ended < cohort.as_of, cohort.as_of)
    length = (persons["planned_end_on"] - persons["started_on"]).dt.days.clip(lower=1)
    elapsed = ((last - persons["started_on"]).dt.days / length).clip(0.0, 1.0)
    return np.asarray(plan.during * elapsed.to_numpy("float64"))


def _mean(values: pd.Series, rows: Flags) -> float:
    return float(values[rows].mean()) if rows.any() else np.nan


def _means(
    support: pd.DataFrame, names: "tuple[str, ...] | list[str]", arms: dict[str, Flags]
) -> list[dict[str, Any]]:
    return [
        {"name": name, **{arm: _mean(support[name], rows) for arm, rows in arms.items()}}
        for name in names
    ]


def _dose(held: pd.Series, arms: dict[str, Flags], low: int, high: int | None) -> dict[str, Any]:
    inside = held.between(low, np.inf if high is None else high).to_numpy()
    counts = {arm: int((inside & rows).sum()) for arm, rows in arms.items()}
    return {"low": low, "high": high, **counts}
