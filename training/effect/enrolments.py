"""Enrolments, follow-ups and weekly lists of an extract, as the service exports them.

`features.programme.records` declares them with all that the service stores; an analysis needs the
columns below. They are tables beside the records: `enrolments`, `follow_ups` and `week_lists`, as
CSV, Parquet or NDJSON. Every row is a version, with the day it became known; the last one known
before the analysis counts.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.intake.formats.tabular import SUFFIXES, read_table
from features.point_in_time.cases import known_versions
from features.programme.records import ANSWER, DRAWN_ARM, MOMENT, SITUATION, STATUS

ENROLMENTS = {
    "enrolment_id": "str",
    "programme": "str",
    "person_id": "str",
    "contract_id": "str",
    "site": "str",
    "status": "str",
    "informed_on": "date",
    "drawn_on": "date",
    "stratum": "str",
    "arm": "str",
    "plan_hash": "str",
    "known_on": "date",
}
FOLLOW_UPS = {
    "follow_up_id": "str",
    "person_id": "str",
    "contract_id": "str",
    "moment": "str",
    "asked_on": "date",
    "answer": "str",
    "situation": "str",
    "job_related": "flag",
    "known_on": "date",
}
WEEK_LISTS = {
    "advisor_id": "str",
    "contract_id": "str",
    "week": "date",
    "drawn": "flag",
    "probability": "number",
    "known_on": "date",
    "rank": "number",
    "risk": "number",
}
OF_A_LINE = ("advisor_id", "contract_id", "week", "drawn", "probability", "known_on")
ARMS = DRAWN_ARM.codes
LISTS = {
    "status": STATUS.codes,
    "moment": MOMENT.codes,
    "situation": SITUATION.codes,
    "answer": ANSWER.codes,
}
FLAGS = {"true": 1.0, "1": 1.0, "1.0": 1.0, "false": 0.0, "0": 0.0, "0.0": 0.0}


@dataclass(frozen=True)
class Enrolments:
    """What was known on a morning: every version of enrolments, the last one of follow-ups."""

    enrolments: pd.DataFrame
    follow_ups: pd.DataFrame


def read_enrolments(folder: Path, *, programme: str, as_of: pd.Timestamp) -> Enrolments:
    """Return the enrolments of a programme and all follow-ups known before the morning `as_of`.

    Follow-ups may be missing, enrolments may not. Raises InputError naming the table, the column
    and how many rows are faulty; never a value.
    """
    enrolments = _read(folder, "enrolments", ENROLMENTS)
    if enrolments is None:
        raise InputError(f"{folder}: expected a table of enrolments, got none; enrol persons first")
    ours = enrolments[enrolments["programme"] == programme]
    ours = ours[ours["known_on"] < as_of].sort_values(["enrolment_id", "known_on"])
    if ours.empty:
        raise InputError(
            f"{folder}: expected enrolments of {programme} known before {as_of.date()}, got none "
            f"among {len(enrolments)} rows"
        )
    _refuse_arms(ours)
    follow_ups = _read(folder, "follow_ups", FOLLOW_UPS)
    if follow_ups is None:
        follow_ups = _typed(pd.DataFrame(columns=list(FOLLOW_UPS)), "follow_ups", FOLLOW_UPS)
    follow_ups = follow_ups.assign(withdrawn=0.0)  # no follow-up can be taken back yet
    return Enrolments(
        ours.reset_index(drop=True), known_versions(follow_ups, "follow_up_id", before=as_of)
    )


def read_week_lists(folder: Path, *, as_of: pd.Timestamp) -> pd.DataFrame | None:
    """Return the lines of weekly lists known before the morning `as_of`; None without the table.

    Raises InputError naming the table, the column and how many rows are faulty; never a value.
    """
    lines = _read(folder, "week_lists", WEEK_LISTS, needed=OF_A_LINE)
    return None if lines is None else lines[lines["known_on"] < as_of].reset_index(drop=True)


def _read(
    folder: Path, table: str, columns: dict[str, str], *, needed: tuple[str, ...] = ()
) -> pd.DataFrame | None:
    single = [folder / f"{table}{suffix}" for suffix in SUFFIXES]
    paths = [path for path in single if path.is_file()] or sorted((folder / table).glob("*.*"))
    if not paths:
        return None
    frames = [read_table(path, table=table).frame for path in paths]
    return _typed(pd.concat(frames, ignore_index=True), table, columns, needed=needed)


def _typed(
    frame: pd.DataFrame, table: str, columns: dict[str, str], *, needed: tuple[str, ...] = ()
) -> pd.DataFrame:
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(f"{table}: expected the column {missing[0]}, got none of that name")
    typed = {name: _column(frame[name], kind, f"{table}.{name}") for name, kind in columns.items()}
    made = pd.DataFrame(typed)
    for name in needed or ("known_on", next(iter(columns)), "person_id"):
        empty = int(made[name].isna().sum())
        if empty:
            raise InputError(f"{table}.{name}: expected a value in every row, got {empty} without")
    return made


def _column(values: pd.Series, kind: str, where: str) -> pd.Series:
    words = values.astype("str").where(values.notna())
    made: pd.Series
    match kind:
        case "date":
            dates = pd.to_datetime(values, errors="coerce", format="ISO8601")
            made = dates.astype("datetime64[s]")
        case "flag":
            made = words.str.lower().map(FLAGS).astype("float64")
        case "number":
            made = pd.to_numeric(values, errors="coerce").astype("float64")
        case _:
            made = words.astype("str")
            made = made.where(_listed(made, where.partition(".")[2]))
    faulty = int((values.notna() & made.isna()).sum())
    if faulty:
        raise InputError(f"{where}: expected {_expected(kind, where)}, got {faulty} other values")
    return made


def _listed(words: pd.Series, name: str) -> pd.Series:
    return words.isin(LISTS[name]) if name in LISTS else words.notna()


def _expected(kind: str, where: str) -> str:
    name = where.partition(".")[2]
    if name in LISTS:
        return f"one of {', '.join(LISTS[name])}"
    return {"date": "dates YYYY-MM-DD", "flag": "true or false", "number": "numbers"}[kind]


def _refuse_arms(enrolments: pd.DataFrame) -> None:
    drawn = enrolments[enrolments["drawn_on"].notna()]
    wrong = int((~drawn["arm"].isin(ARMS)).sum())
    if wrong:
        raise InputError(
            f"enrolments.arm: expected {' or '.join(ARMS)} for every person drawn, got {wrong} "
            "rows with another arm or none"
        )
