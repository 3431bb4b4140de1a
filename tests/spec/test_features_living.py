"""Conditions of life: commute and housing."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    Spec(
        "an unknown commute is not a commute of zero minutes",
        contracts="""
            contract_id | commute_minutes | commute_mode
            C1          | 45              | car
            C2          | 0               | walk
            C3          | 30              | two_wheels
            C4          | -               | -
        """,
        expect="""
            contract_id | as_of      | commute_minutes | commutes_on_own
            C1          | 2023-09-15 | 45              | 1
            C2          | 2023-09-15 | 0               | 0
            C3          | 2023-09-15 | 30              | 1
            C4          | 2023-09-15 | -               | -
        """,
    ),
    Spec(
        "departments are compared by number, in Corsica and overseas too",
        contracts="""
            contract_id | home_postcode | training_centre_uai
            C1          | 44000         | 0440001A
            C2          | 85000         | 0440001A
            C3          | 97400         | 9740001A
            C4          | 97100         | 9740001A
            C5          | 20200         | 7200001A
            C6          | -             | 0440001A
            C7          | 44000         | -
        """,
        expect="""
            contract_id | as_of      | from_another_department
            C1          | 2023-09-15 | 0
            C2          | 2023-09-15 | 1
            C3          | 2023-09-15 | 0
            C4          | 2023-09-15 | 1
            C5          | 2023-09-15 | 0
            C6          | 2023-09-15 | -
            C7          | 2023-09-15 | -
        """,
    ),
    Spec(
        "being hosted or without a stable home is unstable housing",
        contracts="""
            contract_id | housing
            C1          | unstable
            C2          | hosted
            C3          | parents
            C4          | -
        """,
        expect="""
            contract_id | as_of      | housing_unstable | housing_hosted | lives_with_parents
            C1          | 2023-09-15 | 1                | 0              | 0
            C2          | 2023-09-15 | 1                | 1              | 0
            C3          | 2023-09-15 | 0                | 0              | 1
            C4          | 2023-09-15 | -                | -              | -
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_living(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
