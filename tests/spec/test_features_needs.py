"""Needs and declared risk: open, met, raised again, asked or not."""

import pytest

from tests.lib.specs import Spec

NEEDS = ("mobility", "housing", "money", "family", "reorientation", "job_search")

SPECS = [
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
def test_needs(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
