"""Results in training: marks, and assessments that were not handed in."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    Spec(
        "marks are averaged where one was given",
        events="""
            happened_on | kind       | value
            2023-10-01  | assessment | 8
            2023-10-11  | assessment | 15
            2023-10-21  | assessment | -
            2023-10-22  | warning    | 2
        """,
        expect="""
            as_of      | mark_mean | mark_last | marks_below_ten | days_since_assessment
            2023-10-01 | -         | -         | -               | -
            2023-10-02 | 8         | 8         | 1               | 1
            2023-10-12 | 11.5      | 15        | 1/2             | 1
            2023-10-31 | 11.5      | 15        | 1/2             | 10
        """,
    ),
    Spec(
        "assessments not handed in are counted among all those that were due",
        events="""
            happened_on | kind
            2023-10-01  | assessment
            2023-10-11  | assessment_missed
            2024-02-01  | assessment_missed
        """,
        expect="""
            as_of      | assessments_missed | assessments_missed_90d | assessments_missed_share
            2023-10-01 | 0                  | 0                      | -
            2023-10-12 | 1                  | 1                      | 1/2
            2024-02-02 | 2                  | 1                      | 2/3
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_results(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
