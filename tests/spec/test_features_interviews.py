"""Interview features: silence, missed and moved ones, who took part, needs, declared risk."""

import pytest

from tests.lib.specs import Spec

NEEDS = ("mobility", "housing", "money", "family", "reorientation", "job_search")

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
    Spec(
        "needs are open until they are met; the oldest open one is dated by when it was raised",
        interviews="""
            held_on    | need_money | need_health_access | need_other
            2023-10-01 | open       | -                  | -
            2023-10-11 | open       | open               | -
            2023-10-21 | met        | -                  | -
            2023-10-31 | open       | met                | -
        """,
        expect="""
            as_of      | open_needs | oldest_open_need_days
            2023-10-01 | -          | -
            2023-10-02 | 1          | 1
            2023-10-12 | 2          | 11
            2023-10-22 | 1          | 11
            2023-11-01 | 1          | 1
        """,
    ),
    Spec(
        "a need raised and met on one day is as the last state says, and just as old",
        interviews="""
            held_on    | known_on   | need_money
            2023-10-01 | 2023-10-01 | met
            2023-10-01 | 2023-10-02 | open
        """,
        expect="""
            as_of      | need_money_open | open_needs | oldest_open_need_days
            2023-10-02 | 0               | 0          | -
            2023-10-03 | 1               | 1          | 2
        """,
    ),
    *(
        Spec(
            f"the need {need} is unknown until raised, then open, then met",
            interviews=f"""
                held_on    | need_{need}
                2023-10-01 | open
                2023-10-11 | -
                2023-10-21 | met
            """,
            expect=f"""
                as_of      | need_{need}_open
                2023-10-01 | -
                2023-10-12 | 1
                2023-10-22 | 0
            """,
        )
        for need in NEEDS
    ),
    Spec(
        "the declared risk is that of the last interview where it was asked",
        interviews="""
            held_on    | declared_risk
            2023-10-01 | not_asked
            2023-10-11 | yes
            2023-10-21 | no
            2023-10-31 | not_asked
        """,
        expect="""
            as_of      | risk_declared_last | risk_declared_count
            2023-10-02 | -                  | 0
            2023-10-12 | 1                  | 1
            2023-11-01 | 0                  | 1
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_interviews(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
