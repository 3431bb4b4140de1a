"""Contract features: shape, elapsed share, trial period, pay steps."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    Spec(
        "a contract ages by the day, from before its start to its planned end",
        expect="""
            as_of      | elapsed_days | elapsed_share | remaining_days | planned_days
            2023-08-26 | -6           | -6/730        | 736            | 730
            2023-09-01 | 0            | 0             | 730            | 730
            2024-09-01 | 366          | 366/730       | 364            | 730
        """,
    ),
    Spec(
        "a contract planned to end before it starts has no duration",
        contracts="""
            started_on | planned_end_on
            2023-09-01 | 2023-08-31
        """,
        expect="""
            as_of      | planned_days | elapsed_share | training_share
            2023-09-10 | -            | -             | -
        """,
    ),
    Spec(
        "a declared trial period runs to the evening of its last day",
        contracts="""
            trial_end_on
            2023-10-31
        """,
        expect="""
            as_of      | days_since_trial | in_trial
            2023-10-30 | -1               | 1
            2023-10-31 | 0                | 1
            2023-11-01 | 1                | 0
        """,
    ),
    Spec(
        "an apprenticeship is free for 45 days in the company: 15 weeks at 3 days a week",
        contracts="""
            kind           | training_rhythm
            apprenticeship | days_each_week
        """,
        expect="""
            as_of      | days_since_trial | in_trial
            2023-12-15 | 0                | 1
            2023-12-16 | 1                | 0
        """,
    ),
    Spec(
        "the trial period of a contrat de professionnalisation is never presumed",
        contracts="""
            kind               | form
            professionalisation | permanent
        """,
        expect="""
            as_of      | days_since_trial | in_trial | is_professionalisation | is_permanent
            2023-09-15 | -                | -        | 1                      | 1
        """,
    ),
    Spec(
        "an unknown form is unknown, not fixed-term",
        contracts="""
            contract_id | form
            C1          | -
            C2          | fixed_term
        """,
        expect="""
            contract_id | as_of      | is_professionalisation | is_permanent
            C1          | 2023-09-15 | 0                      | -
            C2          | 2023-09-15 | 0                      | 0
        """,
    ),
    Spec(
        "signing early is positive, signing after the start negative, within a year",
        contracts="""
            contract_id | signed_on
            C1          | 2023-08-20
            C2          | 2023-09-05
            C3          | 2021-09-01
            C4          | -
        """,
        expect="""
            contract_id | as_of      | signed_days_before_start
            C1          | 2023-09-15 | 12
            C2          | 2023-09-15 | -4
            C3          | 2023-09-15 | 365
            C4          | 2023-09-15 | -
        """,
    ),
    Spec(
        "the season is August to October",
        contracts="""
            contract_id | started_on
            C1          | 2023-10-31
            C2          | 2023-11-01
        """,
        expect="""
            contract_id | as_of      | started_in_season
            C1          | 2023-11-15 | 1
            C2          | 2023-11-15 | 0
        """,
    ),
    Spec(
        "training takes its share of the paid hours, and never more than all of them",
        contracts="""
            contract_id | started_on | planned_end_on | weekly_hours | training_hours
            C1          | 2023-09-01 | 2024-08-30     | 35           | 455
            C2          | 2023-09-01 | 2024-08-30     | 35           | 5000
            C3          | 2023-09-01 | 2024-08-30     | -            | 455
        """,
        expect="""
            contract_id | as_of      | weekly_hours | training_share
            C1          | 2023-09-15 | 35           | 1/4
            C2          | 2023-09-15 | 35           | 1
            C3          | 2023-09-15 | -            | -
        """,
    ),
    Spec(
        "an amendment counts from the morning after it is known",
        events="""
            happened_on | known_on   | kind
            2023-10-01  | 2023-10-01 | amendment
            2023-10-15  | 2023-11-02 | amendment
            2023-10-16  | 2023-10-16 | warning
        """,
        expect="""
            as_of      | amendments
            2023-10-01 | 0
            2023-11-02 | 1
            2023-11-03 | 2
        """,
    ),
    Spec(
        "the pay floor rises the month after 18, 21 and 26, and as a year of apprenticeship begins",
        contracts="""
            contract_id | kind                | born_on    | pay_percent_smic
            C1          | apprenticeship      | 2003-01-10 | 53
            C2          | apprenticeship      | 2000-01-01 | 61.5
            C3          | professionalisation | 2003-01-10 | 70
            C4          | professionalisation | 2000-01-01 | -
            C5          | apprenticeship      | -          | -
        """,
        expect="""
            contract_id | as_of      | days_to_pay_step | pay_percent_smic
            C1          | 2024-01-01 | 31               | 53
            C1          | 2024-02-01 | 0                | 53
            C1          | 2024-02-02 | 212              | 53
            C1          | 2024-08-01 | 31               | 53
            C1          | 2024-09-01 | 0                | 53
            C2          | 2024-08-01 | 31               | 61.5
            C3          | 2024-01-01 | 31               | 70
            C3          | 2024-02-01 | 0                | 70
            C3          | 2024-08-01 | -                | 70
            C4          | 2024-01-01 | -                | -
            C5          | 2024-08-01 | -                | -
        """,
    ),
    Spec(
        "a birthday on the first is paid for from the next month on, one on 29 February in March",
        contracts="""
            contract_id | kind                | born_on
            C1          | professionalisation | 2003-02-01
            C2          | professionalisation | 2004-02-29
            C3          | professionalisation | 2003-12-31
        """,
        expect="""
            contract_id | as_of      | days_to_pay_step
            C1          | 2024-02-01 | 29
            C2          | 2025-02-01 | 28
            C3          | 2024-12-01 | 31
        """,
    ),
    Spec(
        "the start is no anniversary, and neither is one after the planned end",
        contracts="""
            contract_id | started_on | planned_end_on | born_on
            C1          | 2023-09-20 | 2025-08-31     | 2000-01-01
            C2          | 2023-09-01 | 2024-07-31     | 2000-01-01
        """,
        expect="""
            contract_id | as_of      | days_to_pay_step
            C1          | 2023-09-10 | -
            C2          | 2024-01-01 | -
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_contract(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
