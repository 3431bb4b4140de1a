"""Training centre features: its past ruptures as of the morning, rhythm, hours and distance."""

import pytest

from tests.lib.specs import Spec

# As for employers, a centre counting for 10 years of the rate of all contracts.
RAN, BROKE = 182 / 365.25, 1
OVERALL = (BROKE + 50 * 0.25) / (RAN + 50)
CENTRE = (BROKE + 10 * OVERALL) / (RAN + 10)

SPECS = [
    Spec(
        "the past ruptures of a centre are known by its UAI or else its SIRET, as of the morning",
        contracts="""
            contract_id | training_centre_uai | training_centre_siret | started_on | planned_end_on
            C0          | 0440001A            | -                     | 2022-01-01 | 2024-01-01
            C1          | 0440001A            | 00000000000009        | 2023-09-01 | 2025-08-31
            C2          | -                   | 00000000000009        | 2023-09-01 | 2025-08-31
            C3          | -                   | -                     | 2023-09-01 | 2025-08-31
        """,
        outcomes="""
            contract_id | ended_on   | known_on
            C0          | 2022-07-02 | 2022-07-10
        """,
        expect=f"""
            contract_id | as_of      | centre_rupture_rate         | centre_contracts
            C1          | 2023-09-01 | {CENTRE}                    | 1
            C2          | 2023-09-01 | {OVERALL}                   | 0
            C3          | 2023-09-01 | -                           | -
        """,
    ),
    Spec(
        "distance, hours and rhythm are what was declared",
        contracts="""
            contract_id | distance_learning | training_hours | training_rhythm
            C1          | true              | 450            | blocks
            C2          | false             | 1              | one_week_in_two
            C3          | -                 | -              | -
        """,
        expect="""
            contract_id | as_of      | distance_learning | training_hours | training_in_blocks
            C1          | 2023-09-15 | 1                 | 450            | 1
            C2          | 2023-09-15 | 0                 | 1              | 0
            C3          | 2023-09-15 | -                 | -              | -
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_training_centre(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
