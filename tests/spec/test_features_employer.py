"""Employer features: size, sector, tutor, and past ruptures as of the morning."""

import pytest

from tests.lib.specs import Spec

# C0 was at risk from 2022-01-01 to its rupture on 2022-07-02. The prior of 0.25 a year counts
# for 50 years overall; the rate one level up for 50 years in a sector, for 4 at an employer.
RAN, BROKE = 182 / 365.25, 1
OVERALL = (BROKE + 50 * 0.25) / (RAN + 50)
SECTOR = (BROKE + 50 * OVERALL) / (RAN + 50)
EMPLOYER = (BROKE + 4 * SECTOR) / (RAN + 4)
# The morning it became known, C0 still counted as running, for 190 days.
STILL = 190 / 365.25
OVERALL_BEFORE = 50 * 0.25 / (STILL + 50)
SECTOR_BEFORE = 50 * OVERALL_BEFORE / (STILL + 50)
EMPLOYER_BEFORE = 4 * SECTOR_BEFORE / (STILL + 4)

NAF = {
    "agriculture": "01.11Z",
    "food_industry": "10.71C",
    "industry": "25.11Z",
    "construction": "43.21A",
    "trade": "4520A",
    "transport": "49.41A",
    "hospitality": "56.10A",
    "hair_and_beauty": "96.02A",
    "information": "62.01Z",
    "finance": "65.12Z",
    "business_services": "69.20Z",
    "public_services": "86.10Z",
    "other_services": "95.11Z",
}

SPECS = [
    Spec(
        "past ruptures count from the morning after they are known, the case's own left out",
        contracts="""
            contract_id | employer_siret | employer_naf | started_on | planned_end_on | known_on
            C0          | 00000000000001 | 56.10A       | 2022-01-01 | 2024-01-01     | 2021-12-01
            C1          | 00000000000001 | 5610A        | 2022-03-01 | 2024-03-01     | 2021-12-01
            C2          | 00000000000002 | 55.10Z       | 2022-07-20 | 2024-03-01     | 2021-12-01
            C3          | -              | -            | 2022-07-20 | 2024-03-01     | 2021-12-01
        """,
        outcomes="""
            contract_id | ended_on   | known_on
            C0          | 2022-07-02 | 2022-07-10
            C1          | 2022-07-12 | 2022-07-13
        """,
        expect=f"""
            as_of      | sector_rupture_rate | employer_rupture_rate | employer_contracts
            2022-07-10 | {SECTOR_BEFORE}     | {EMPLOYER_BEFORE}     | 1
            2022-07-11 | {SECTOR}            | {EMPLOYER}            | 1
            2022-07-14 | {SECTOR}            | {EMPLOYER}            | 1
        """,
    ),
    Spec(
        "without any past, a rate is the prior; without an employer, it is unknown",
        contracts="""
            contract_id | employer_siret | employer_naf
            C1          | 00000000000001 | 56.10A
            C2          | -              | -
        """,
        expect="""
            contract_id | as_of      | sector_rupture_rate | employer_rupture_rate
            C1          | 2023-09-01 | 1/4                 | 1/4
            C2          | 2023-09-01 | -                   | -
        """,
    ),
    *(
        Spec(
            f"an employer of NAF {naf} is in the sector {sector} and in no other",
            contracts=f"""
                contract_id | employer_naf
                C1          | {naf}
                C2          | 00.00Z
                C3          | -
            """,
            expect=f"""
                contract_id | as_of      | sector_{sector} | sector_{other}
                C1          | 2023-09-15 | 1               | 0
                C2          | 2023-09-15 | 0               | 0
                C3          | 2023-09-15 | -               | -
            """,
        )
        for (sector, naf), other in zip(NAF.items(), [*list(NAF)[1:], next(iter(NAF))], strict=True)
    ),
    Spec(
        "an activity keeps its sector under the code that NAF 2025 gives it",
        contracts="""
            contract_id | employer_naf
            C1          | 45.20A
            C2          | 95.31G
            C3          | 9531Z
            C4          | 95.11Z
            C5          | 9602B
            C6          | 96.22Y
            C7          | 4110A
            C8          | 6812Y
            C9          | 6820A
        """,
        expect="""
            contract_id | as_of      | sector_trade | sector_hair_and_beauty | sector_construction
            C1          | 2023-09-15 | 1            | 0                      | 0
            C2          | 2023-09-15 | 1            | 0                      | 0
            C3          | 2023-09-15 | 1            | 0                      | 0
            C4          | 2023-09-15 | 0            | 0                      | 0
            C5          | 2023-09-15 | 0            | 1                      | 0
            C6          | 2023-09-15 | 0            | 1                      | 0
            C7          | 2023-09-15 | 0            | 0                      | 1
            C8          | 2023-09-15 | 0            | 0                      | 1
            C9          | 2023-09-15 | 0            | 0                      | 0
        """,
    ),
    Spec(
        "a garage keeps its past when it is known by its code of 2025",
        contracts="""
            contract_id | employer_siret | employer_naf | started_on | planned_end_on | known_on
            C0          | 00000000000001 | 45.20A       | 2022-01-01 | 2024-01-01     | 2021-12-01
            C1          | 00000000000001 | 95.31G       | 2022-07-20 | 2024-03-01     | 2021-12-01
        """,
        outcomes="""
            contract_id | ended_on   | known_on
            C0          | 2022-07-02 | 2022-07-10
        """,
        expect=f"""
            as_of      | sector_rupture_rate
            2022-07-11 | {SECTOR}
        """,
    ),
    Spec(
        "an employer that is not identified has no number of contracts",
        contracts="""
            contract_id | employer_siret
            C1          | 00000000000001
            C2          | -
        """,
        expect="""
            contract_id | as_of      | employer_contracts
            C1          | 2023-09-02 | 0
            C2          | 2023-09-02 | -
        """,
    ),
    Spec(
        "size and kind of the employer are what was declared",
        contracts="""
            contract_id | employer_headcount | employer_kind
            C1          | 12                 | 21
            C2          | 0                  | 12
            C3          | -                  | -
        """,
        expect="""
            contract_id | as_of      | employer_headcount | employer_is_public
            C1          | 2023-09-15 | 12                 | 1
            C2          | 2023-09-15 | 0                  | 0
            C3          | 2023-09-15 | -                  | -
        """,
    ),
    Spec(
        "a correction of the tutor replaces what was known before",
        contracts="""
            contract_id | tutor_experience_years | tutor_learners | known_on
            C1          | 2                      | 1              | 2023-08-25
            C1          | 12.5                   | -              | 2023-10-01
        """,
        expect="""
            as_of      | tutor_experience_years | tutor_learners
            2023-10-01 | 2                      | 1
            2023-10-02 | 12.5                   | -
        """,
    ),
    Spec(
        "a change of tutor is counted, and the latest one is dated",
        events="""
            happened_on | kind
            2023-10-01  | tutor_change
            2023-12-01  | tutor_change
            2023-12-05  | complaint
        """,
        expect="""
            as_of      | tutor_changes | days_since_tutor_change
            2023-10-01 | 0             | -
            2023-10-02 | 1             | 1
            2023-12-11 | 2             | 10
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_employer(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
