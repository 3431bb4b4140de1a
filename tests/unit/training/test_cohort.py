"""A programme's cohort from drawn tables: who is in, what is known, what is marked or refused."""

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
    TWO,
    changed,
    codes,
    cohort,
    contract,
    enrolled,
    enrolment,
    outcome,
    value,
)
from training.effect.enrolments import read_enrolments


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
    assert found.persons["age"].tolist() == [20, 20]  # whole years


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


def test_a_changed_plan_and_a_missing_draw_are_stated_first(tmp_path: Path) -> None:
    rows = [TWO[0] | {"plan_hash": "other"}, TWO[1]]
    found = cohort(tmp_path, rows, CONTRACTS, ENDS, changed(design="matched", draw=None))
    assert list(codes(found)) == ["not_randomised", "plan_changed"]


REFUSED = [
    ([enrolment(1, "other")], "enrolments.arm: expected supported or comparison"),
    ([enrolment(1, "supported", status="won")], "enrolments.status: expected one of informed"),
    ([enrolment(1, "supported", known_on="soon")], "enrolments.known_on: expected dates"),
    ([enrolment(1, "supported", person_id=None)], "enrolments.person_id: expected a value in"),
    ([enrolment(1, "supported", programme="x")], "expected enrolments of agir known before"),
]


@pytest.mark.parametrize(("rows", "message"), REFUSED)
def test_enrolments_that_cannot_be_used_are_refused(
    rows: list[dict[str, Any]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        enrolled(tmp_path, rows)
    assert "P1" not in str(refusal.value)


def test_an_extract_without_enrolments_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a table of enrolments, got none"):
        read_enrolments(tmp_path, programme="agir", as_of=AS_OF)
