"""A tiny programme, drawn once and never changed: the values of its matrix are frozen beside it."""

import pandas as pd

from features.matrix import build_matrix
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, Records
from tests.lib.tables import cases_of, cells, drawn, records_of

# Drawn on its side: one column a version of a contract.
CONTRACTS = """
    contract_id            | C0              | C1             | C1             | C2                  | C3
    person_id              | P0              | P1             | P1             | P2                  | P1
    known_on               | 2022-08-25      | 2023-08-25     | 2024-03-01     | 2023-09-20          | 2021-08-25
    kind                   | apprenticeship  | apprenticeship | apprenticeship | professionalisation | apprenticeship
    form                   | fixed_term      | fixed_term     | fixed_term     | permanent           | fixed_term
    signed_on              | 2022-08-20      | 2023-08-20     | 2023-08-20     | 2023-09-20          | 2021-08-20
    started_on             | 2022-09-01      | 2023-09-01     | 2023-09-01     | 2023-09-18          | 2021-09-01
    planned_end_on         | 2024-08-31      | 2025-08-31     | 2025-08-31     | 2024-09-17          | 2023-08-31
    trial_end_on           | -               | -              | -              | 2023-11-17          | -
    pay_percent_smic       | 43              | 53             | 61             | 70                  | 27
    weekly_hours           | 35              | 35             | 35             | 39                  | 35
    training_hours         | 800             | 900            | 900            | 300                 | 800
    training_rhythm        | one_week_in_two | blocks         | blocks         | days_each_week      | blocks
    distance_learning      | false           | false          | false          | true                | false
    employer_siret         | 00000000000001  | 00000000000001 | 00000000000001 | 00000000000002      | 00000000000003
    employer_naf           | 56.10A          | 56.10A         | 56.10A         | 96.02A              | 4511Z
    employer_headcount     | 8               | 8              | 9              | 3                   | 250
    employer_kind          | 12              | 12             | 12             | 22                  | 12
    tutor_experience_years | 4               | 2              | 10             | 0                   | 4
    tutor_learners         | 1               | 2              | 1              | -                   | 1
    training_centre_uai    | 0440001A        | 0440001A       | 0440001A       | -                   | 0850001B
    training_centre_siret  | -               | -              | -              | 00000000000009      | -
    born_on                | 2004-02-03      | 2003-05-20     | 2003-05-20     | 1999-11-02          | 2003-05-20
    level_prepared         | 3               | 5              | 5              | 4                   | 3
    diploma_12434          | -               | -              | -              | 60                  | -
    diploma_10103          | 13              | 41             | 41             | -                   | 13
    situation_12434        | -               | -              | -              | 9                   | -
    situation_10103        | 1               | 8              | 8              | -                   | 1
    home_postcode          | 44000           | 85000          | 85000          | 44100               | 85000
    commute_minutes        | 10              | 25             | 50             | -                   | 15
    commute_mode           | walk            | car            | car            | public_transport    | lift
    housing                | parents         | parents        | hosted         | -                   | parents
    previous_ruptures      | 0               | -              | -              | 0                   | 0
    programme_arm          | none            | supported      | supported      | comparison          | -
"""  # noqa: E501 - a drawn table is as wide as its columns
OUTCOMES = """
    contract_id | ended_on   | known_on   | how
    C0          | 2023-03-01 | 2023-03-20 | rupture
    C3          | 2022-03-01 | 2023-12-15 | rupture
"""
INTERVIEWS = """
    contract_id | held_on    | known_on   | status    | with_tutor | with_training_centre | declared_risk
    C1          | 2023-09-15 | 2023-09-15 | held      | true       | -                    | not_asked
    C1          | 2023-10-16 | 2023-10-20 | held      | true       | true                 | no
    C1          | 2023-11-20 | 2023-11-20 | moved     | -          | -                    | -
    C1          | 2023-12-04 | 2023-12-04 | held      | false      | false                | yes
    C1          | 2024-01-08 | 2024-01-08 | missed    | -          | -                    | -
    C2          | 2023-10-02 | 2023-10-02 | cancelled | -          | -                    | -
"""  # noqa: E501 - a drawn table is as wide as its columns
RATINGS = """
    motivation | tutor | conditions | fit | content | wellbeing | project
    5          | 4     | 4          | 3   | 4       | 4         | 3
    4          | 4     | 3          | 4   | 4       | 3         | 4
    -          | -     | -          | -   | -       | -         | -
    4          | 2     | 2          | 4   | 5       | 1         | 5
    -          | -     | -          | -   | -       | -         | -
    -          | -     | -          | -   | -       | -         | -
"""
NEEDS = """
    mobility | housing | money | family | reorientation | job_search | theme_guidance | theme_information
    open     | -       | open  | -      | -             | -          | true           | false
    met      | open    | -     | open   | -             | open       | -              | true
    -        | -       | -     | -      | -             | -          | -              | -
    -        | met     | -     | open   | open          | met        | false          | true
    -        | -       | -     | -      | -             | -          | -              | -
    -        | -       | -     | -      | -             | -          | -              | -
"""  # noqa: E501 - a drawn table is as wide as its columns
EVENTS = """
    contract_id | happened_on | known_on   | kind              | value | theme
    C1          | 2023-09-20  | 2023-09-20 | absence_class     | 7     | -
    C1          | 2023-10-18  | 2023-10-25 | absence_work      | 3.5   | -
    C1          | 2023-10-19  | 2023-10-25 | absence_work      | 7     | -
    C1          | 2023-12-20  | 2023-12-21 | absence_work      | 14    | -
    C1          | 2024-01-03  | 2024-01-03 | absence_class     | 4     | -
    C1          | 2023-11-02  | 2023-11-02 | lateness_work     | 0.5   | -
    C1          | 2024-01-04  | 2024-01-04 | lateness_class    | 1     | -
    C1          | 2023-12-21  | 2023-12-28 | warning           | -     | -
    C1          | 2023-11-13  | 2023-11-20 | sick_leave        | 3     | -
    C1          | 2023-11-06  | 2023-11-06 | tutor_change      | -     | -
    C1          | 2023-12-01  | 2023-12-01 | complaint         | -     | -
    C1          | 2024-02-01  | 2024-02-02 | mediator          | -     | -
    C1          | 2023-10-01  | 2023-10-05 | amendment         | -     | -
    C1          | 2023-10-10  | 2023-10-20 | assessment        | 8     | -
    C1          | 2023-12-10  | 2023-12-20 | assessment        | 12.5  | -
    C1          | 2023-12-12  | 2023-12-20 | assessment_missed | -     | -
    C1          | 2024-01-10  | 2024-01-10 | missed_call       | -     | -
    C1          | 2023-09-25  | 2023-09-25 | support_action    | -     | information
    C1          | 2023-10-05  | 2023-10-05 | support_action    | -     | guidance
    C1          | 2023-10-12  | 2023-10-12 | support_action    | -     | pedagogical_support
    C1          | 2023-11-15  | 2023-11-15 | support_action    | -     | psychosocial_support
    C1          | 2023-12-05  | 2023-12-05 | support_action    | -     | career_project
    C1          | 2023-12-22  | 2023-12-22 | support_action    | -     | securing_the_path
    C1          | 2024-01-09  | 2024-01-09 | support_action    | -     | staying_in_employment
"""
CASES = cases_of(
    ("C1", "2023-09-01"), ("C1", "2024-01-15"), ("C1", "2024-05-01"), ("C2", "2024-01-15")
)


def programme() -> Records:
    """Draw the records of the programme."""
    base = records_of(interviews=_beside(), events=EVENTS, outcomes=OUTCOMES)
    return Records.of(
        contracts=drawn(CONTRACT, _upright(CONTRACTS)),
        interviews=base.interviews,
        events=base.events,
        outcomes=base.outcomes,
    )


def matrix() -> pd.DataFrame:
    """Build the matrix of the programme's cases."""
    return build_matrix(Index.of(programme()), CASES)


def _upright(text: str) -> str:
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return "\n".join(" | ".join(row) for row in zip(*rows, strict=True))


def _beside() -> str:
    """Draw interviews with their ratings and needs, drawn in tables of their own."""
    ratings, needs = cells(RATINGS).add_prefix("rating_"), cells(NEEDS)
    needs.columns = [c if c.startswith("theme_") else f"need_{c}" for c in map(str, needs)]
    whole = pd.concat([cells(INTERVIEWS), ratings, needs], axis=1).fillna("-")
    return "\n".join(" | ".join(row) for row in [list(whole), *whole.to_numpy().tolist()])
