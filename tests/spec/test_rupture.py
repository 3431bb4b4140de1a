"""What counts as a rupture, rule by rule (domain 1.1 to 1.3), and how long one may leave freely."""

from datetime import date

import pytest

from features.point_in_time.days import days_of
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.rupture import End, RuptureDefinition, classify_ends, trial_end
from features.records.declarations import CONTRACT, OUTCOME
from tests.lib.tables import drawn, number, rows

# A two-year contract from 2023-09-01 to 2025-08-31, unless drawn otherwise.
RULES = """
    rule                                                      | kind                | form       | trial_end_on | training_end_on | ended_on   | how           | motive | new_contract_on | end           | in_trial | net
    leaving before the term is a rupture                      | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 084    | -               | rupture       | 0        | true
    it is one in the trial period too                         | professionalisation | fixed_term | 2023-10-01   | -               | 2023-10-01 | rupture       | 035    | -               | rupture       | 1        | true
    the day after the trial period is out of it               | professionalisation | fixed_term | 2023-10-01   | -               | 2023-10-02 | rupture       | 037    | -               | rupture       | 0        | true
    a trial period nobody wrote down is unknown               | professionalisation | fixed_term | -            | -               | 2023-09-20 | rupture       | 034    | -               | rupture       | -        | true
    an apprentice leaves freely for 45 days in the company    | apprenticeship      | fixed_term | -            | -               | 2023-10-15 | rupture       | -      | -               | rupture       | 1        | true
    the last day of the term is its end, whatever is declared | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-08-31 | rupture       | 037    | -               | completed     | 0        | false
    a permanent contract ends its action at its term          | professionalisation | permanent  | 2023-11-15   | -               | 2026-02-01 | rupture       | 059    | -               | completed     | 0        | false
    leaving a permanent contract during the action breaks it  | professionalisation | permanent  | 2023-11-15   | -               | 2025-08-30 | rupture       | 059    | -               | rupture       | 0        | true
    a diploma obtained early is no rupture                    | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-02-01 | early_success | -      | -               | early_success | 0        | false
    a conversion to a permanent contract is no rupture        | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-06-01 | converted     | -      | -               | converted     | 0        | false
    what ended before its start never started                 | apprenticeship      | fixed_term | 2023-11-15   | -               | 2023-08-31 | rupture       | 084    | -               | not_started   | 1        | false
    what is declared not started never started                | apprenticeship      | fixed_term | 2023-11-15   | -               | 2023-09-01 | not_started   | -      | -               | not_started   | 1        | false
    death of the young person is another end                  | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 066    | -               | other         | 0        | false
    retirement is another end                                 | professionalisation | permanent  | 2023-11-15   | -               | 2024-03-01 | rupture       | 039    | -               | other         | 0        | false
    death of the employer is a rupture like any other cause   | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 065    | -               | rupture       | 0        | true
    completed 60 days before the term is a natural end        | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-07-02 | completed     | -      | -               | completed     | 0        | false
    completed 61 days before it is too early to be clear      | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-07-01 | completed     | -      | -               | unclear       | 0        | false
    a rupture declared 10 days before the term stays one      | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-08-21 | rupture       | 037    | -               | rupture       | 0        | true
    the natural end is counted from the end of the training   | apprenticeship      | fixed_term | 2023-11-15   | 2025-06-30      | 2025-05-01 | completed     | -      | -               | completed     | 0        | false
    61 days before the end of the training is unclear         | apprenticeship      | fixed_term | 2023-11-15   | 2025-06-30      | 2025-04-30 | completed     | -      | -               | unclear       | 0        | false
    a training that outlasts the contract moves nothing       | apprenticeship      | fixed_term | 2023-11-15   | 2025-12-31      | 2025-07-02 | completed     | -      | -               | completed     | 0        | false
    the motive of a natural end near the term is believed     | apprenticeship      | fixed_term | 2023-11-15   | -               | 2025-08-01 | rupture       | 081    | -               | completed     | 0        | false
    the motive of a natural end far from the term is unclear  | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 031    | -               | unclear       | 0        | false
    a new contract within 180 days makes a rupture gross only | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 084    | 2024-08-28      | rupture       | 0        | false
    a new contract on the 181st day is too late               | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 084    | 2024-08-29      | rupture       | 0        | true
    a new contract signed before the end counts too           | apprenticeship      | fixed_term | 2023-11-15   | -               | 2024-03-01 | rupture       | 084    | 2024-02-15      | rupture       | 0        | false
"""  # noqa: E501 - a drawn table is as wide as its columns
TABLE = rows(RULES)
OF_CONTRACT = ["kind", "form", "trial_end_on", "training_end_on"]
OF_OUTCOME = ["ended_on", "how", "motive", "new_contract_on"]


def text(columns: list[str], *drawings: dict[str, str]) -> str:
    """Draw the named columns of these rows again."""
    lines = [columns, *([row[column] for column in columns] for row in drawings)]
    return "\n".join(map(" | ".join, lines))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["rule"])
def test_rule(row: dict[str, str]) -> None:
    """Each rule of the definition reads a declared outcome as the table says."""
    contracts, outcomes = (
        drawn(CONTRACT, text(OF_CONTRACT, row)),
        drawn(OUTCOME, text(OF_OUTCOME, row)),
    )

    end = classify_ends(contracts, outcomes).iloc[0]

    assert end["end"] == row["end"]
    assert end["in_trial"] == pytest.approx(number(row["in_trial"]), nan_ok=True)
    assert end["net"] == (row["net"] == "true")


def test_rows_are_read_together_as_they_are_one_by_one() -> None:
    """The definition is applied row by row: a batch reads each outcome as it would alone."""
    contracts = drawn(CONTRACT, text(OF_CONTRACT, *TABLE))
    outcomes = drawn(OUTCOME, text(OF_OUTCOME, *TABLE))

    together = classify_ends(contracts, outcomes)

    assert together["end"].tolist() == [row["end"] for row in TABLE]
    assert together["net"].tolist() == [row["net"] == "true" for row in TABLE]


def test_every_end_is_drawn() -> None:
    """A new end needs a row in the table."""
    assert {row["end"] for row in TABLE} == set(End)


def test_thresholds_belong_to_the_definition() -> None:
    """Another version of the definition may count other days."""
    contracts = drawn(CONTRACT, "planned_end_on\n2025-08-31")
    outcomes = drawn(
        OUTCOME,
        """
        ended_on   | how       | new_contract_on
        2025-08-01 | completed | -
        """,
    )
    strict = RuptureDefinition(version="test", natural_end_days=10)
    assert classify_ends(contracts, outcomes, definition=strict)["end"].tolist() == ["unclear"]


@pytest.mark.parametrize(
    ("rhythm", "last_day"),
    [
        ("days_each_week", "2023-12-15"),  # 3 days a week: 15 weeks
        ("one_week_in_two", "2024-01-05"),  # 18 weeks
        ("one_week_in_three", "2023-12-05"),  # 2 weeks of 3 in the company: 13.5 weeks
        ("one_week_in_four", "2023-11-24"),  # 3 weeks of 4: 12 weeks
        ("blocks", "2023-12-05"),  # as for an unknown rhythm
        ("-", "2023-12-05"),
    ],
)
def test_forty_five_days_in_the_company_are_spread_by_the_rhythm(
    rhythm: str, last_day: str
) -> None:
    """An apprenticeship without a declared trial period follows L6222-18 at its own rhythm."""
    contracts = drawn(CONTRACT, f"kind | training_rhythm\napprenticeship | {rhythm}")
    day = trial_end(RecordArrays.of_frame(contracts, CONTRACT))
    assert day.tolist() == days_of([date.fromisoformat(last_day)]).tolist()
