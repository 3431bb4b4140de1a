"""The Open University's learning analytics data as Vigie's records.

An enrolment becomes a contract, a withdrawal a rupture, an assessment an event, each known on the
day the university knew it. Source: Kuzilek, Hlosta and Zdrahal, Open University Learning Analytics
dataset, Scientific Data 4:170171, 2017. Days in its files count from the start of a presentation.
"""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.records.declarations import Records

ENROLMENT = ["code_module", "code_presentation", "id_student"]
COLUMNS = {
    "courses": [*ENROLMENT[:2], "module_presentation_length"],
    "assessments": [*ENROLMENT[:2], "id_assessment", "assessment_type", "date", "weight"],
    "studentInfo": [
        *ENROLMENT,
        *("gender", "highest_education", "imd_band", "age_band", "num_of_prev_attempts"),
        *("studied_credits", "disability", "final_result"),
    ],
    "studentRegistration": [*ENROLMENT, "date_registration", "date_unregistration"],
    "studentAssessment": ["id_assessment", "id_student", "date_submitted", "is_banked", "score"],
}
START_MONTH = {"B": 2, "J": 10}
# Highest education as the CERFA 12434 code of the nearest French level.
DIPLOMA = {
    "No Formal quals": "60",
    "Lower Than A Level": "59",
    "A Level or Equivalent": "49",
    "HE Qualification": "39",
    "Post Graduate Qualification": "19",
}
# A birth date is only given by band: an age near the middle of each.
AGE_YEARS = {"0-35": 27, "35-55": 45, "55<=": 60}
MOST_DEPRIVED = ("0-10%", "10-20", "10-20%")
HOURS_PER_CREDIT, MOST_HOURS, MOST_PREVIOUS = 10, 6000, 20
MOST_LATE_HOURS = 1000
MARK_SCALE = 5  # scores are out of 100, marks out of 20


@dataclass(frozen=True)
class Mapped:
    """Records of some presentations, and how many enrolments were left out for which reason."""

    records: Records
    left_out: dict[str, int]


def read_folder(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the five tables of a folder of this layout, one frame each.

    Raises InputError: a file is missing or unreadable, or lacks a column.
    """
    return {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}


def start_of(presentation: str) -> pd.Timestamp:
    """First day of a presentation: 2013B starts in February 2013, 2013J in October.

    Raises InputError: another form of code.
    """
    if not re.fullmatch(r"[0-9]{4}[BJ]", presentation):
        raise InputError(f"code_presentation: expected a code like 2013B, got {presentation!r}")
    month = START_MONTH[presentation[4]]
    return pd.Timestamp(year=int(presentation[:4]), month=month, day=1).as_unit("s")


def map_records(tables: dict[str, pd.DataFrame], presentations: Sequence[str]) -> Mapped:
    """Records of these presentations.

    Left out, because nobody can say what was known when: a withdrawal without a date (its label is
    unknown) and an enrolment without a registration date (nor is the day it became known).
    """
    wanted = {
        name: table[table["code_presentation"].isin(presentations)]
        for name, table in tables.items()
        if name != "studentAssessment"
    }
    people = _enrolments(wanted)
    undated_end = (people["final_result"] == "Withdrawn") & people["date_unregistration"].isna()
    undated_start = people["date_registration"].isna() & ~undated_end
    left_out = {
        "withdrawn on an unknown day": int(undated_end.sum()),
        "registered on an unknown day": int(undated_start.sum()),
    }
    people = people[~(undated_end | undated_start)].reset_index(drop=True)
    work = _work(people, wanted["assessments"], tables["studentAssessment"])
    records = Records.of(
        contracts=_contracts(people),
        events=pd.concat([_missed(work), _submitted(work), _late(work)], ignore_index=True),
        outcomes=_outcomes(people),
    )
    return Mapped(records, left_out)


def _read(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a readable CSV table, got {error}") from error
    missing = [name for name in columns if name not in table]
    if missing:
        raise InputError(f"{path}: expected the columns {', '.join(columns)}, got no {missing[0]}")
    return table[columns]


def _enrolments(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row per enrolment with its registration, its module's length and its first day."""
    people = tables["studentInfo"].merge(tables["studentRegistration"], on=ENROLMENT)
    people = people.merge(tables["courses"], on=ENROLMENT[:2])
    parts = people[ENROLMENT].astype("str")
    starts = {code: start_of(code) for code in parts["code_presentation"].unique()}
    return people.assign(
        contract_id=parts["code_module"]
        + ":"
        + parts["code_presentation"]
        + ":"
        + parts["id_student"],
        person_id=parts["id_student"],
        start=parts["code_presentation"].map(starts).astype("datetime64[s]"),
    )


def _contracts(people: pd.DataFrame) -> pd.DataFrame:
    """Enrolments as fixed-term contracts, known from the day of registration."""
    start, born_years = people["start"], people["age_band"].map(AGE_YEARS)
    hours = people["studied_credits"] * HOURS_PER_CREDIT
    registered = _on(start, people["date_registration"])
    return pd.DataFrame(
        {
            "contract_id": people["contract_id"],
            "person_id": people["person_id"],
            "kind": "professionalisation",
            "form": "fixed_term",
            "signed_on": registered,
            "started_on": start,
            "planned_end_on": _on(start, people["module_presentation_length"]),
            "training_hours": hours.where(hours > 0).clip(upper=MOST_HOURS),
            "training_centre_uai": people["code_module"].map(_centre_code),
            "distance_learning": 1.0,
            "born_on": _on(start, (-365.25 * born_years).round()),
            "diploma_12434": people["highest_education"].map(DIPLOMA),
            "previous_ruptures": people["num_of_prev_attempts"].clip(upper=MOST_PREVIOUS),
            "sex": people["gender"],
            "rqth": people["disability"].map({"Y": 1.0, "N": 0.0}),
            "qpv": people["imd_band"].isin(MOST_DEPRIVED).where(people["imd_band"].notna()),
            "known_on": registered,
        }
    )


def _outcomes(people: pd.DataFrame) -> pd.DataFrame:
    """Withdrawals, known the same day; by the first day at the latest, the course never started."""
    gone = people[people["date_unregistration"].notna()]
    ended = _on(gone["start"], gone["date_unregistration"])
    how = (gone["date_unregistration"] <= 0).map({True: "not_started", False: "rupture"})
    return pd.DataFrame(
        {"contract_id": gone["contract_id"], "ended_on": ended, "how": how, "known_on": ended}
    )


def _work(
    people: pd.DataFrame, assessments: pd.DataFrame, submissions: pd.DataFrame
) -> pd.DataFrame:
    """Return every assessment of every enrolment, handed in or not.

    Banked ones, no news, are left out.
    """
    enrolled = people[
        [*ENROLMENT, "contract_id", "start", "date_registration", "date_unregistration"]
    ]
    work = enrolled.merge(assessments, on=ENROLMENT[:2])
    work = work.merge(submissions, on=["id_student", "id_assessment"], how="left")
    return work[work["is_banked"] != 1].reset_index(drop=True)


def _submitted(work: pd.DataFrame) -> pd.DataFrame:
    """Assessments handed in, with their mark out of 20."""
    done = work[work["date_submitted"].notna()]
    return _events(done, kind="assessment", day="date_submitted", value=done["score"] / MARK_SCALE)


def _missed(work: pd.DataFrame) -> pd.DataFrame:
    """Assessments not handed in by their due day, while enrolled as known that day.

    One that is handed in late is corrected by its submission, a later version of the same event.
    Exams are left out: most modules keep them elsewhere, and their absence would tell nothing.
    """
    due = work["date"]
    absent = due.notna() & (work["assessment_type"] != "Exam") & ~(work["date_submitted"] <= due)
    enrolled = (work["date_registration"] <= due) & ~(work["date_unregistration"] <= due)
    return _events(work[absent & enrolled], kind="assessment_missed", day="date")


def _late(work: pd.DataFrame) -> pd.DataFrame:
    """Assessments handed in after their due day: lateness in class, in hours."""
    late = work[work["date_submitted"] > work["date"]]
    hours = (24.0 * (late["date_submitted"] - late["date"])).clip(upper=MOST_LATE_HOURS)
    events = _events(late, kind="lateness_class", day="date_submitted", value=hours)
    return events.assign(event_id=events["event_id"] + ":late")


def _events(
    work: pd.DataFrame, *, kind: str, day: str, value: "pd.Series | float" = float("nan")
) -> pd.DataFrame:
    happened = _on(work["start"], work[day])
    return pd.DataFrame(
        {
            "event_id": work["contract_id"] + ":" + work["id_assessment"].astype("str"),
            "contract_id": work["contract_id"],
            "happened_on": happened,
            "kind": kind,
            "value": value,
            "known_on": happened,
        }
    )


def _on(start: pd.Series, days: pd.Series) -> pd.Series:
    """Return the date so many days after the start; NaT where unknown."""
    return (start + pd.to_timedelta(days, unit="D")).astype("datetime64[s]")


def _centre_code(module: str) -> str:
    """Return a centre identifier of the official form, the same for a module in any folder."""
    code = zlib.crc32(module.encode())
    return f"{code % 10**7:07d}{chr(ord('A') + code // 10**7 % 26)}"
