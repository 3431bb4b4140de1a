"""Person features: age, diploma, situation before the contract, previous ruptures."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    Spec(
        "age is whole years on the day the contract starts; an impossible one is unknown",
        contracts="""
            contract_id | born_on    | level_prepared
            C1          | 2005-09-01 | 4
            C2          | 2015-09-01 | 4
            C3          | -          | 4
            C4          | 2005-09-01 | -
            C5          | 2005-09-02 | 4
            C6          | 2004-02-29 | 4
        """,
        expect="""
            contract_id | as_of      | age_years | years_over_usual_age
            C1          | 2023-09-15 | 18        | 1
            C1          | 2024-09-15 | 18        | 1
            C2          | 2023-09-15 | -         | -
            C3          | 2023-09-15 | -         | -
            C4          | 2023-09-15 | 18        | -
            C5          | 2023-09-15 | 17        | 0
            C6          | 2023-09-15 | 19        | 2
        """,
    ),
    Spec(
        "the same diploma has its own code on each form",
        contracts="""
            contract_id | diploma_12434 | diploma_10103 | level_prepared
            C1          | 51            | -             | 5
            C2          | -             | 33            | 3
            C3          | -             | 54            | 4
            C4          | -             | -             | 4
            C5          | 60            | -             | 3
        """,
        expect="""
            contract_id | as_of      | level_held | level_prepared | level_gap
            C1          | 2023-09-15 | 3          | 5              | 2
            C2          | 2023-09-15 | 3          | 3              | 0
            C3          | 2023-09-15 | 5          | 4              | -1
            C4          | 2023-09-15 | -          | 4              | -
            C5          | 2023-09-15 | 2          | 3              | 1
        """,
    ),
    Spec(
        "code 9 is a jobseeker on the form 12434, read first, and a trainee on the form 10103",
        contracts="""
            contract_id | situation_12434 | situation_10103
            C1          | 9               | -
            C2          | -               | 9
            C3          | -               | 11
            C4          | 7               | -
            C5          | -               | -
            C6          | 8               | 11
        """,
        expect="""
            contract_id | as_of      | was_seeking_work | was_trainee
            C1          | 2023-09-15 | 1                | 0
            C2          | 2023-09-15 | 0                | 1
            C3          | 2023-09-15 | 1                | 0
            C4          | 2023-09-15 | 0                | 1
            C5          | 2023-09-15 | -                | -
            C6          | 2023-09-15 | 0                | 0
        """,
    ),
    Spec(
        "pupils and students, people in work-study and inactive people are told apart",
        contracts="""
            contract_id | situation_12434 | situation_10103
            C1          | 1               | -
            C2          | -               | 3
            C3          | 4               | -
            C4          | -               | 8
            C5          | 10              | -
            C6          | -               | 12
            C7          | -               | -
        """,
        expect="""
            contract_id | as_of      | was_studying | was_in_work_study | was_inactive
            C1          | 2023-09-15 | 1            | 0                 | 0
            C2          | 2023-09-15 | 1            | 0                 | 0
            C3          | 2023-09-15 | 0            | 1                 | 0
            C4          | 2023-09-15 | 0            | 1                 | 0
            C5          | 2023-09-15 | 0            | 0                 | 1
            C6          | 2023-09-15 | 0            | 0                 | 1
            C7          | 2023-09-15 | -            | -                 | -
        """,
    ),
    Spec(
        "previous ruptures are declared, or told by the type of the contract",
        contracts="""
            contract_id | previous_ruptures | contract_type_10103
            C1          | 2                 | -
            C2          | -                 | 23
            C3          | 0                 | 11
            C4          | -                 | -
        """,
        expect="""
            contract_id | as_of      | previous_ruptures
            C1          | 2023-09-15 | 2
            C2          | 2023-09-15 | 1
            C3          | 2023-09-15 | 0
            C4          | 2023-09-15 | -
        """,
    ),
    Spec(
        "a rupture of the same person's earlier contract counts once it is known",
        contracts="""
            contract_id | person_id | started_on | planned_end_on | known_on
            C0          | P1        | 2022-09-01 | 2023-08-31     | 2022-09-01
            C1          | P1        | 2023-09-01 | 2025-08-31     | 2023-08-25
        """,
        outcomes="""
            contract_id | ended_on   | known_on
            C0          | 2023-02-01 | 2023-09-20
            C1          | 2023-11-01 | 2023-11-02
        """,
        expect="""
            as_of      | previous_ruptures
            2023-09-20 | -
            2023-09-21 | 1
            2023-11-10 | 1
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_person(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
