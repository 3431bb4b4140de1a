"""The outcomes of a plan, read off a cohort: due or not yet, known or not, 0 or 1."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from features.point_in_time.rupture import End
from features.programme.plan import OutcomeCode, PlannedOutcome
from training.effect.cohort import Cohort
from training.effect.curves import Times
from training.effect.estimators.estimate import Floats
from training.effect.findings import Code, Finding, counted
from training.effect.looks import Days, as_days

EMPLOYED = ("job", "apprenticeship")
MOMENTS = {
    OutcomeCode.EMPLOYED_AT_6_MONTHS: "6_months",
    OutcomeCode.EMPLOYED_AT_12_MONTHS: "12_months",
    OutcomeCode.JOB_RELATED_AT_6_MONTHS: "6_months",
}
DECLARATION_DAYS = 60  # beyond which an end that happened is nearly always known
CAUSES = ("rupture", "completed", "early_success", "converted", "other")


class Outcome(NamedTuple):
    """One value per person: 1.0, 0.0, or NaN for unknown; and the day it is due."""

    value: Floats
    due_on: Days


def read_outcome(
    cohort: Cohort, planned: PlannedOutcome, *, follow_ups: pd.DataFrame, employed: pd.Series
) -> Outcome:
    """Return the outcome of each person of the cohort, aligned with `cohort.persons`.

    A value is due once its horizon and the wait after it are over, also when a rupture is already
    seen: else only ruptures would enter the last months. `employed` is employment at 6 months as
    the records of ends have it, by contract, for who was not followed up.
    """
    if planned.code in MOMENTS:
        start, value = "planned_end_on", _employment(cohort, planned.code, follow_ups, employed)
    else:
        start, value = "drawn_on", _rupture(cohort.persons, planned)
    wait = pd.Timedelta(days=planned.horizon_days + planned.wait_days)
    return Outcome(value, as_days(cohort.persons[start] + wait))


def _rupture(persons: pd.DataFrame, planned: PlannedOutcome) -> Floats:
    """Rupture within the horizon of the draw; a contract that never started is not one.

    An end that contradicts itself, and a site that declared nothing, leave it unknown.
    """
    days = (persons["ended_on"] - persons["drawn_on"]).dt.days
    within = days < planned.horizon_days
    ruptured = persons["end"].eq(End.RUPTURE)
    if planned.code is OutcomeCode.NET_RUPTURE:
        ruptured &= persons["net"]
    unknown = (persons["end"].eq(End.UNCLEAR) & within) | persons["silent_site"]
    return np.where(unknown, np.nan, (ruptured & within).to_numpy("float64"))


def _employment(
    cohort: Cohort, code: OutcomeCode, follow_ups: pd.DataFrame, employed: pd.Series
) -> Floats:
    """What the person answered, else what the record of the end says; unreachable is unknown."""
    answered = follow_ups[follow_ups["answer"].eq("answered") & follow_ups["situation"].notna()]
    asked = answered[answered["moment"] == MOMENTS[code]]
    last = asked.sort_values(["asked_on", "known_on"]).drop_duplicates("person_id", keep="last")
    of_person = last.set_index("person_id").reindex(cohort.persons["person_id"])
    works = of_person["situation"].isin(EMPLOYED).where(of_person["situation"].notna())
    value = works.astype("float64").to_numpy()
    if code is OutcomeCode.JOB_RELATED_AT_6_MONTHS:
        related = of_person["job_related"].to_numpy("float64")
        return np.where(value == 0.0, 0.0, related)
    if code is OutcomeCode.EMPLOYED_AT_6_MONTHS:
        recorded = employed.reindex(cohort.persons["contract_id"]).to_numpy("float64")
        return np.where(np.isnan(value), recorded, value)
    return np.asarray(value)


def read_times(cohort: Cohort, *, within: int) -> Times:
    """Return days from the draw to the end, by cause.

    Censored at `within` days or when declarations stop being complete, whichever comes first.
    Persons drawn after that, and those whose end is unknown, are left out.
    """
    persons = cohort.persons
    complete = cohort.as_of - pd.Timedelta(days=DECLARATION_DAYS)
    censored = np.minimum((complete - persons["drawn_on"]).dt.days.to_numpy("float64"), within)
    days = (persons["ended_on"] - persons["drawn_on"]).dt.days.to_numpy("float64")
    days = np.maximum(days, 0.0)
    ended = np.isfinite(days) & (days <= censored)
    cause = np.where(ended, persons["end"].map(_cause).fillna(0).to_numpy(), 0)
    rows = (censored > 0) & ~persons["silent_site"].to_numpy()
    rows &= ~(persons["end"].eq(End.UNCLEAR).to_numpy() & ended)
    time = np.where(ended, days, censored)
    return Times(
        time[rows], cause[rows].astype(np.int64), cohort.supported[rows], censored[rows], CAUSES
    )


def _cause(end: str) -> int:
    return CAUSES.index(end) + 1 if end in CAUSES else len(CAUSES)


def unknown_persons(follow_ups: pd.DataFrame, *, enrolled: pd.Series) -> tuple[Finding, ...]:
    """Return a finding of the follow-ups of persons nobody enrolled; they are set aside."""
    strangers = ~follow_ups["person_id"].isin(set(enrolled))
    return counted(Code.FOLLOW_UP_OF_UNKNOWN, int(strangers.sum()))
