"""A programme's cohort from drawn tables: who is in, what is known, what is marked or refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from features.programme.plan import Programme
from features.programme.plan_file import read_programme
from features.records.declarations import Records
from training.effect.cohort import Cohort, build_cohort
from training.effect.enrolments import Enrolments, read_enrolments
from training.effect.looks import look_days
from training.effect.outcomes import read_outcome, read_times
from training.effect.programme_effect import conclusions, programme_effect

PLAN = read_programme(Path(__file__).parents[3] / "programmes" / "agir.toml")
AS_OF = pd.Timestamp("2026-01-01").as_unit("s")
DRAWN = "2023-09-10"


def changed(**changes: Any) -> Programme:
    """The plan of AGIR with some sections changed."""
    return Programme.model_validate(PLAN.model_dump() | changes)


def contract(number: int, **changes: Any) -> dict[str, Any]:
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
    day = pd.Timestamp(ended)
    known = day + pd.Timedelta(days=10)
    row = {"contract_id": f"C{number}", "how": how, "ended_on": day, "known_on": known}
    return row | changes


def enrolment(number: int, arm: str | None, **changes: Any) -> dict[str, Any]:
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
    pd.DataFrame(rows).to_csv(tmp_path / "enrolments.csv", index=False)
    if follow_ups:
        pd.DataFrame(follow_ups).to_csv(tmp_path / "follow_ups.csv", index=False)
    return read_enrolments(tmp_path, programme="agir", as_of=AS_OF)


def records(contracts: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> Records:
    return Records.of(contracts=pd.DataFrame(contracts), outcomes=pd.DataFrame(outcomes))


def cohort(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    contracts: list[dict[str, Any]],
    outcomes: list[dict[str, Any]],
    plan: Programme = PLAN,
) -> Cohort:
    made = records(contracts, outcomes)
    return build_cohort(made, enrolled(tmp_path, rows), plan, as_of=AS_OF)


def codes(found: Cohort) -> dict[str, int]:
    return {f.code.value: f.params.get("count", 0) for f in found.findings}


TWO = [enrolment(1, "supported"), enrolment(2, "comparison")]
CONTRACTS = [contract(1), contract(2)]
ENDS = [outcome(1, "rupture", "2023-12-01"), outcome(2, "completed", "2024-09-14")]


def test_an_ordinary_cohort_has_nothing_to_say(tmp_path: Path) -> None:
    found = cohort(tmp_path, [*TWO, enrolment(3, None)], CONTRACTS, ENDS)
    assert found.findings == ()
    assert found.screened == {
        "met": 3,
        "informed_only": 0,
        "declined": 1,
        "waiting": 0,
        "withdrawn": 0,
        "drawn": 2,
    }
    assert found.persons["age"].round().tolist() == [21, 21]


def test_a_person_who_moved_stays_in_the_arm_of_the_first_draw(tmp_path: Path) -> None:
    moved = enrolment(1, "comparison", known_on="2023-11-01")
    again = enrolment(2, "comparison", enrolment_id="E9", site="S3", drawn_on="2023-10-01")
    found = cohort(tmp_path, [*TWO, moved, again], CONTRACTS, ENDS)
    assert found.supported.tolist() == [True, False]
    assert codes(found) == {"drawn_twice": 1, "arm_moved": 1, "several_sites": 1}


def test_what_was_known_later_changes_nothing(tmp_path: Path) -> None:
    later = enrolment(1, "comparison", known_on="2026-01-01")
    late_end = outcome(2, "rupture", "2024-01-01", known_on=AS_OF)
    found = cohort(tmp_path, [*TWO, later], CONTRACTS, [*ENDS, late_end])
    assert codes(found) == {}
    assert found.persons["end"].tolist() == ["rupture", "completed"]


def test_an_end_before_the_draw_is_counted_apart(tmp_path: Path) -> None:
    ended = outcome(1, "rupture", "2023-09-05", known_on=pd.Timestamp("2023-09-20"))
    early = contract(1, started_on=pd.Timestamp("2023-09-01"))
    found = cohort(tmp_path, TWO, [early, contract(2)], [ended, ENDS[1]])
    assert found.persons["person_id"].tolist() == ["P2"]
    assert found.left_out["end_before_draw"] == {"supported": 1, "comparison": 0}
    assert codes(found) == {"end_before_draw": 1}


def test_a_contract_that_never_started_stays_in_and_is_counted_apart(tmp_path: Path) -> None:
    never = outcome(1, "not_started", "2023-09-12")
    found = cohort(tmp_path, TWO, CONTRACTS, [never, ENDS[1]])
    assert codes(found) == {"never_started": 1}
    assert len(found.persons) == 2
    assert value(found, 2)[0] == 0.0


def test_a_person_without_a_contract_cannot_be_analysed(tmp_path: Path) -> None:
    found = cohort(tmp_path, TWO, [contract(2)], [ENDS[1]])
    assert found.left_out["contract_unknown"] == {"supported": 1, "comparison": 0}


def test_a_site_that_declared_nothing_is_unknown_and_not_without_rupture(tmp_path: Path) -> None:
    rows = [enrolment(n, "supported" if n < 4 else "comparison", site="silent") for n in (1, 3, 5)]
    rows += [enrolment(2, "comparison", site="speaks")]
    found = cohort(tmp_path, rows, [contract(n) for n in (1, 2, 3, 5)], [ENDS[1]])
    assert codes(found) == {"site_without_outcomes": 1}
    values = dict(zip(found.persons["person_id"], value(found, 2), strict=True))
    assert np.isnan([values[p] for p in ("P1", "P3", "P5")]).all()
    assert values["P2"] == 0.0


def test_a_changed_plan_and_a_missing_draw_are_said_first(tmp_path: Path) -> None:
    rows = [TWO[0] | {"plan_hash": "other"}, TWO[1]]
    found = cohort(tmp_path, rows, CONTRACTS, ENDS, changed(design="matched", draw=None))
    assert list(codes(found)) == ["not_randomised", "plan_changed"]


def value(found: Cohort, place: int, follow_ups: Any = (), employed: Any = None) -> list[float]:
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


RUPTURES = [
    (outcome(1, "rupture", "2023-12-01"), 1.0, 1.0),
    (outcome(1, "rupture", "2023-12-01", new_contract_on=pd.Timestamp("2024-02-01")), 1.0, 0.0),
    (outcome(1, "rupture", "2023-12-01", new_contract_on=pd.Timestamp("2024-08-01")), 1.0, 1.0),
    (outcome(1, "rupture", "2024-09-13"), 0.0, 0.0),  # 369 days after the draw
    (outcome(1, "completed", "2024-09-14"), 0.0, 0.0),
    (outcome(1, "early_success", "2024-06-01"), 0.0, 0.0),
    (outcome(1, "completed", "2024-01-10"), np.nan, np.nan),  # contradicts the planned end
]


@pytest.mark.parametrize(("end", "gross", "net"), RUPTURES)
def test_gross_and_net_ruptures(
    end: dict[str, Any], gross: float, net: float, tmp_path: Path
) -> None:
    found = cohort(tmp_path, TWO, CONTRACTS, [end, ENDS[1]])
    assert value(found, 2)[0] == pytest.approx(gross, nan_ok=True)
    assert value(found, 0)[0] == pytest.approx(net, nan_ok=True)


ANSWERS = [
    ("answered", "job", 1.0),
    ("answered", "apprenticeship", 1.0),
    ("answered", "job_seeking", 0.0),
    ("answered", "training", 0.0),
    ("unreachable", None, np.nan),
]


@pytest.mark.parametrize(("answer", "situation", "expected"), ANSWERS)
def test_employment_is_what_was_answered(
    answer: str, situation: str | None, expected: float, tmp_path: Path
) -> None:
    found = cohort(tmp_path, TWO, CONTRACTS, ENDS)
    day = pd.Timestamp("2025-03-20")
    asked = ("P1", "6_months", day, answer, situation, np.nan, day)
    assert value(found, 1, [asked])[0] == pytest.approx(expected, nan_ok=True)


def test_employment_of_who_was_not_asked_is_that_of_the_record(tmp_path: Path) -> None:
    found = cohort(tmp_path, TWO, CONTRACTS, ENDS)
    assert value(found, 1, employed={"C2": 1.0})[1] == 1.0


def test_times_stop_where_declarations_are_no_longer_complete(tmp_path: Path) -> None:
    late = enrolment(2, "comparison", drawn_on="2025-09-01")
    found = cohort(tmp_path, [TWO[0], late], CONTRACTS, [ENDS[0]])
    times = read_times(found, within=365)
    assert times.time.tolist() == [82.0, 62.0]  # 2 November is 60 days before the analysis
    assert times.cause.tolist() == [1, 0]


REFUSED = [
    ([enrolment(1, "other")], "enrolments.arm: expected supported or comparison"),
    ([enrolment(1, "supported", status="won")], "enrolments.status: expected one of informed"),
    ([enrolment(1, "supported", known_on="soon")], "enrolments.known_on: expected dates"),
    ([enrolment(1, "supported", person_id=None)], "enrolments.person_id: expected a value in"),
    ([enrolment(1, "supported", programme="x")], "expected enrolments of agir known before"),
]


@pytest.mark.parametrize(("rows", "said"), REFUSED)
def test_enrolments_that_cannot_be_used_are_refused(
    rows: list[dict[str, Any]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said) as refusal:
        enrolled(tmp_path, rows)
    assert "P1" not in str(refusal.value)


def test_an_extract_without_enrolments_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a table of enrolments, got none"):
        read_enrolments(tmp_path, programme="agir", as_of=AS_OF)


def test_an_analysis_before_the_first_outcome_is_due_says_from_when(tmp_path: Path) -> None:
    made = enrolled(tmp_path, TWO)
    early = pd.Timestamp("2024-10-01").as_unit("s")
    with pytest.raises(InputError, match="got none on 2024-10-01; that is from 2025-05-07 on"):
        programme_effect(records(CONTRACTS, ENDS), made, PLAN, as_of=early, source="s", digest="d")


def test_two_persons_make_a_report_that_concludes_nothing(tmp_path: Path) -> None:
    asked = {
        "follow_up_id": "F1",
        "person_id": "stranger",
        "contract_id": "C9",
        "moment": "6_months",
        "asked_on": "2025-03-20",
        "answer": "answered",
        "situation": "job",
        "job_related": True,
        "known_on": "2025-03-21",
    }
    made = enrolled(tmp_path, TWO, [asked])
    found = programme_effect(
        records(CONTRACTS, ENDS), made, PLAN, as_of=AS_OF, source="s", digest="d"
    )
    assert found["outcomes"][0]["sequence"]["verdict"] == "below_floor"
    assert [row["verdict"] for row in found["conclusions"]] == [
        "below_floor",
        "not_tested",
        "not_tested",
    ]
    assert {f["code"] for f in found["findings"]} >= {"follow_up_of_unknown", "below_floor"}
    assert "P1" not in str(found)


def test_an_outcome_is_tested_only_when_the_one_before_was_concluded() -> None:
    outcomes = [
        {"code": code, "sequence": {"verdict": verdict}}
        for code, verdict in (("a", "fewer"), ("b", "none"), ("c", "more"))
    ]
    assert [row["verdict"] for row in conclusions(outcomes)] == ["fewer", "none", "not_tested"]


def test_looks_are_those_of_the_plan() -> None:
    from datetime import date

    fixed = changed(looks=PLAN.looks.model_dump() | {"method": "alpha_spending"})
    first = date(2024, 1, 1)
    assert [str(d) for d in look_days(PLAN, first_draw=first, until=date(2024, 1, 20))] == [
        "2024-01-08",
        "2024-01-15",
        "2024-01-20",
    ]
    with pytest.raises(InputError, match="the last on 2024-01-15 and the next on 2024-01-22"):
        look_days(fixed, first_draw=first, until=date(2024, 1, 20))
    with pytest.raises(InputError, match="expected an analysis from 2024-01-08 on"):
        look_days(PLAN, first_draw=first, until=date(2024, 1, 7))
    once = changed(looks=PLAN.looks.model_dump() | {"method": "none"})
    with pytest.raises(InputError, match="from 2026-12-31 on"):
        look_days(once, first_draw=first, until=date(2026, 12, 30))
