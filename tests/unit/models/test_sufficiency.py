"""A case with too little known is not assessed, and the reason says what to fill in."""

import pandas as pd
import pytest

from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from models.sufficiency import NotAssessed, why_not_assessed
from tests.lib.tables import cases_of, records_of

TWO_FACTS = "pay_percent_smic | employer_headcount\n53 | 12"


def reason(as_of: str, **tables: str) -> str:
    """Why the case of C1 is not assessed that morning; empty where it is."""
    matrix = build_matrix(Index.of(records_of(**tables)), cases_of(("C1", as_of)))
    return str(why_not_assessed(matrix).fillna("").iloc[0])


@pytest.mark.parametrize(
    ("as_of", "code"),
    [("2023-08-31", NotAssessed.NOT_STARTED), ("2025-08-31", NotAssessed.TERM_PASSED)],
)
def test_only_a_contract_that_runs_is_assessed(as_of: str, code: NotAssessed) -> None:
    assert reason(as_of, contracts=TWO_FACTS) == code


@pytest.mark.parametrize("as_of", ["2023-09-01", "2025-08-30"])
def test_two_facts_are_enough_from_the_first_day_to_the_last(as_of: str) -> None:
    assert reason(as_of, contracts=TWO_FACTS) == ""


def test_one_fact_is_not_enough() -> None:
    code = reason("2023-10-01", contracts="pay_percent_smic\n53")
    assert code == NotAssessed.TOO_LITTLE_KNOWN


def test_an_interview_held_is_enough_and_a_missed_one_is_not() -> None:
    held = "held_on | status\n2023-09-20 | held"
    assert reason("2023-10-01", interviews=held) == ""
    assert reason("2023-10-01", interviews=held.replace("| held", "| missed")) != ""


def test_the_reasons_are_aligned_with_the_matrix() -> None:
    records = records_of(contracts="contract_id | pay_percent_smic | level_prepared\nC1 | 53 | 4")
    matrix = build_matrix(Index.of(records), cases_of(("C1", "2023-08-30"), ("C1", "2023-10-01")))
    reasons = why_not_assessed(matrix)
    pd.testing.assert_index_equal(reasons.index, matrix.index)
    assert reasons.isna().tolist() == [False, True]
