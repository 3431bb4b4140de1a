"""Interview features: silence, missed and moved ones, who took part."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    Spec(
        "silence is counted from the last interview held or, before any, from the start",
        interviews="""
            held_on    | known_on   | status
            2023-08-30 | 2023-08-30 | held
            2023-10-01 | 2023-10-08 | held
            2023-10-20 | 2023-10-20 | missed
        """,
        expect="""
            as_of      | silence_days | interviews_held
            2023-08-27 | 0            | 0
            2023-09-11 | 10           | 1
            2023-10-08 | 37           | 1
            2023-10-09 | 8            | 2
            2023-10-31 | 30           | 2
        """,
    ),
    Spec(
        "windows hold the days from as_of - w to the day before as_of",
        interviews="""
            held_on    | status
            2023-10-01 | held
            2023-10-31 | missed
            2023-11-30 | held
        """,
        expect="""
            as_of      | interviews_held_30d | interviews_held_90d | interviews_missed_90d
            2023-10-01 | 0                   | 0                   | 0
            2023-10-02 | 1                   | 1                   | 0
            2023-10-31 | 1                   | 1                   | 0
            2023-11-01 | 0                   | 1                   | 1
            2023-12-30 | 1                   | 2                   | 1
            2023-12-31 | 0                   | 1                   | 1
            2024-01-30 | 0                   | 1                   | 0
        """,
    ),
    Spec(
        "missed ones are counted among the last three held or missed, moved ones left out",
        interviews="""
            held_on    | status
            2023-10-01 | missed
            2023-10-08 | held
            2023-10-15 | moved
            2023-10-22 | missed
            2023-10-29 | missed
            2023-11-05 | cancelled
        """,
        expect="""
            as_of      | interviews_due_last_3 | interviews_missed_last_3 | interviews_missed_in_a_row
            2023-10-01 | 0                     | -                        | 0
            2023-10-02 | 1                     | 1                        | 1
            2023-10-09 | 2                     | 1                        | 0
            2023-11-06 | 3                     | 2                        | 2
        """,  # noqa: E501 - a drawn table is as wide as its columns
    ),
    Spec(
        "shares have no value until there is something to share",
        interviews="""
            held_on    | status
            2023-10-01 | moved
            2023-10-08 | held
            2023-10-15 | missed
            2023-10-22 | cancelled
            2023-10-29 | held
        """,
        expect="""
            as_of      | interviews_missed_share | interviews_moved_share
            2023-10-01 | -                       | -
            2023-10-02 | -                       | 1
            2023-10-16 | 1/2                     | 1/3
            2023-11-01 | 1/3                     | 2/5
        """,
    ),
    Spec(
        "who took part counts at interviews held, where it is known",
        interviews="""
            held_on    | status | with_tutor | with_training_centre
            2023-10-01 | held   | true       | false
            2023-10-11 | held   | -          | false
            2023-10-21 | missed | true       | true
            2023-10-31 | held   | false      | -
        """,
        expect="""
            as_of      | days_since_seen_tutor | share_with_tutor
            2023-10-01 | -                     | -
            2023-10-12 | 11                    | 1
            2023-11-10 | 40                    | 1/2
        """,
    ),
    Spec(
        "a training centre never seen is unknown in days and 0 in share",
        interviews="""
            held_on    | with_training_centre
            2023-10-01 | false
            2023-10-11 | true
        """,
        expect="""
            as_of      | days_since_seen_training_centre | share_with_training_centre
            2023-10-01 | -                               | -
            2023-10-02 | -                               | 0
            2023-10-12 | 1                               | 1/2
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_interviews(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
