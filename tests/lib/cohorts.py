"""Cohorts of a programme drawn from rows: contracts, ends, enrolments."""

from pathlib import Path
from typing import Any

import pandas as pd

from features.programme.plan import Programme
from features.programme.plan_file import read_programme
from features.records.declarations import Records
from training.effect.cohort import Cohort, build_cohort
from training.effect.enrolments import Enrolments, read_enrolments
from training.effect.outcomes import read_outcome

PLAN = read_programme(Path(__file__).parents[2] / "programmes" / "agir.toml")
AS_OF = pd.Timestamp("2026-01-01").as_unit("s")
DRAWN = "2023-09-10"


def changed(**changes: Any) -> Programme:
    """The plan of AGIR with some sections changed."""
    return Programme.model_validate(PLAN.model_dump() | changes)


def contract(number: int, **changes: Any) -> dict[str, Any]:
    """A contract of a year from September 2023."""
    return {
        "contract_id": f"C{number}",
        "person_id": f"P{number}",
        "kind": "professionalisation",
        "started_on": pd.Timestamp("2023-09-15"),
        "planned_end_on": pd.Timestamp("2024-09-14"),
        "born_on": pd.Timestamp("2003-01-01"),
        "level_prepared": 4.0,
        "employer_naf": "4711D",
        "known_on": pd.Timestamp("2023-09-16"),
    } | changes


def outcome(number: int, how: str, ended: str, **changes: Any) -> dict[str, Any]:
    """An end that was learnt ten days after."""
    day = pd.Timestamp(ended)
    known = day + pd.Timedelta(days=10)
    row = {"contract_id": f"C{number}", "how": how, "ended_on": day, "known_on": known}
    return row | changes


def enrolment(number: int, arm: str | None, **changes: Any) -> dict[str, Any]:
    """An enrolment, drawn into `arm`, or declined."""
    return {
        "enrolment_id": f"E{number}",
        "programme": "agir",
        "person_id": f"P{number}",
        "contract_id": f"C{number}",
        "site": "S1" if number % 2 else "S2",
        "status": "drawn" if arm else "declined",
        "informed_on": "2023-09-01",
        "drawn_on": DRAWN if arm else None,
        "stratum": "level_4/trade_services/nantes",
        "arm": arm,
        "plan_hash": PLAN.hash,
        "known_on": DRAWN,
    } | changes


def enrolled(tmp_path: Path, rows: list[dict[str, Any]], follow_ups: Any = ()) -> Enrolments:
    """Enrolments read back from the files that hold them."""
    pd.DataFrame(rows).to_csv(tmp_path / "enrolments.csv", index=False)
    if follow_ups:
        pd.DataFrame(follow_ups).to_csv(tmp_path / "follow_ups.csv", index=False)
    return read_enrolments(tmp_path, programme="agir", as_of=AS_OF)


def records(contracts: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> Records:
    """Records of these contracts and ends."""
    return Records.of(contracts=pd.DataFrame(contracts), outcomes=pd.DataFrame(outcomes))


def cohort(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    contracts: list[dict[str, Any]],
    outcomes: list[dict[str, Any]],
    plan: Programme = PLAN,
) -> Cohort:
    """The cohort of these rows, analysed on AS_OF."""
    made = records(contracts, outcomes)
    return build_cohort(made, enrolled(tmp_path, rows), plan, as_of=AS_OF)


def codes(found: Cohort) -> dict[str, int]:
    """What was found about a cohort, with its counts."""
    return {f.code.value: f.params.get("count", 0) for f in found.findings}


def value(found: Cohort, place: int, follow_ups: Any = (), employed: Any = None) -> list[float]:
    """What an outcome of the plan is for each person, in order."""
    frame = pd.DataFrame(
        list(follow_ups),
        columns=[
            "person_id",
            "moment",
            "asked_on",
            "answer",
            "situation",
            "job_related",
            "known_on",
        ],
    )
    known = pd.Series(employed or {}, dtype="float64")
    read = read_outcome(found, PLAN.outcomes[place], follow_ups=frame, employed=known)
    return list(read.value)


TWO = [enrolment(1, "supported"), enrolment(2, "comparison")]
CONTRACTS = [contract(1), contract(2)]
ENDS = [outcome(1, "rupture", "2023-12-01"), outcome(2, "completed", "2024-09-14")]
