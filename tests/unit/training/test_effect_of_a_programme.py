"""Outcomes of a cohort, and what the report concludes from them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from tests.lib.cohorts import (
    AS_OF,
    CONTRACTS,
    ENDS,
    PLAN,
    TWO,
    changed,
    cohort,
    enrolled,
    enrolment,
    outcome,
    records,
    value,
)
from training.effect.looks import look_days
from training.effect.outcomes import read_times
from training.effect.programme_effect import conclusions, programme_effect

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


FOLLOW_UPS = [
    ("answered", "job", 1.0),
    ("answered", "apprenticeship", 1.0),
    ("answered", "job_seeking", 0.0),
    ("answered", "training", 0.0),
    ("unreachable", None, np.nan),
]


@pytest.mark.parametrize(("answer", "situation", "expected"), FOLLOW_UPS)
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
