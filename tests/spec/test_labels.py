"""What happened in [as_of, as_of + 90 days), once the window and the 60 days of delay are over."""

import pandas as pd
import pytest

from tests.lib.tables import cases_of, number, records_of, rows
from training.labels import LABELS, State, known_ends, label_cases
from training.recipe import Target

# as_of is 2024-01-01: the window ends before 2024-03-31 and the label matures on 2024-05-30.
MATURE = "2024-05-30"
TABLE = rows(
    """
    rule                                            | ended_on   | known_on   | how           | known_by   | state         | label
    a rupture on the first morning is in            | 2024-01-01 | 2024-01-10 | rupture       | 2024-05-30 | rupture       | 1
    a rupture on the last day of the window is in   | 2024-03-30 | 2024-04-10 | rupture       | 2024-05-30 | rupture       | 1
    a rupture 90 days ahead is out                  | 2024-03-31 | 2024-04-10 | rupture       | 2024-05-30 | running       | 0
    an end the day before was already there         | 2023-12-31 | 2024-01-10 | rupture       | 2024-05-30 | already_ended | -
    a completed contract is a competing end         | 2024-02-01 | 2024-02-01 | converted     | 2024-05-30 | other_end     | 0
    so is a diploma obtained early                  | 2024-02-01 | 2024-02-01 | early_success | 2024-05-30 | other_end     | 0
    no outcome at all is a running contract         | -          | -          | -             | 2024-05-30 | running       | 0
    nothing is known until the delay is over        | -          | -          | -             | 2024-05-29 | immature      | -
    not even a rupture already seen                 | 2024-01-02 | 2024-01-10 | rupture       | 2024-05-29 | immature      | -
    a rupture declared on the last day of the delay | 2024-03-30 | 2024-05-29 | rupture       | 2024-05-30 | rupture       | 1
    one declared the day after makes no 1           | 2024-03-30 | 2024-05-30 | rupture       | 2024-05-30 | running       | 0
    but is a 1 for whoever looks a day later        | 2024-03-30 | 2024-05-30 | rupture       | 2024-05-31 | rupture       | 1
    completed far too early contradicts itself      | 2024-02-01 | 2024-02-01 | completed     | 2024-05-30 | unclear       | -
    a contradiction after the window is no matter   | 2024-04-01 | 2024-04-01 | completed     | 2024-05-30 | running       | 0
    a contract that never started has no label      | 2024-02-01 | 2024-02-01 | not_started   | 2024-05-30 | unclear       | -
    """  # noqa: E501 - a drawn table is as wide as its columns
)
CASES = cases_of(("C1", "2024-01-01"))


def outcome(row: dict[str, str]) -> str:
    """Draw the outcome of a row of the table, none where it did not end."""
    columns = ["ended_on", "known_on", "how"]
    lines = [columns, [row[column] for column in columns]]
    return "\n".join(map(" | ".join, lines)) if row["ended_on"] else ""


def label(outcomes: str, *, known_by: str, contracts: str = "", net: bool = False) -> pd.Series:
    """Label the one case of these records."""
    records = records_of(contracts=contracts, outcomes=outcomes)
    labels = label_cases(
        CASES, records, known_by=pd.Timestamp(known_by), target=Target(90, 60, net=net)
    )
    return labels.iloc[0]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["rule"])
def test_label(row: dict[str, str]) -> None:
    """A case has the state and the label its drawn row says."""
    found = label(outcome(row), known_by=row["known_by"])

    assert found["state"] == row["state"]
    assert found["label"] == pytest.approx(number(row["label"]), nan_ok=True)


def test_every_state_is_drawn() -> None:
    """A new state needs a row in the table."""
    assert {row["state"] for row in TABLE} == set(State) - {State.WITHDRAWN}


def test_a_contract_withdrawn_since_has_no_label() -> None:
    """It turned out to be a mistake: what followed is neither a rupture nor none."""
    contracts = """
        contract_id | known_on   | withdrawn
        C1          | 2023-08-25 | false
        C1          | 2024-03-01 | true
    """
    found = label("", known_by=MATURE, contracts=contracts)
    assert found["state"] == State.WITHDRAWN
    assert pd.isna(found["label"])


def test_an_end_withdrawn_since_is_none() -> None:
    outcomes = """
        ended_on   | known_on   | how     | withdrawn
        2024-02-01 | 2024-02-10 | rupture | false
        2024-02-01 | 2024-04-10 | rupture | true
    """
    assert label(outcomes, known_by=MATURE)["state"] == State.RUNNING


def test_a_net_rupture_has_no_next_contract_wherever_it_was_declared() -> None:
    """Another contract of the same person within 180 days: the rupture is a change of employer."""
    contracts = """
        contract_id | person_id | started_on | planned_end_on | known_on
        C1          | P1        | 2023-09-01 | 2025-08-31     | 2023-08-25
        C2          | P1        | {start}    | 2025-08-31     | {start}
    """
    outcomes = "contract_id | ended_on | known_on\nC1 | 2024-02-01 | 2024-02-10"
    for start, net in (("2024-04-01", False), ("2024-12-01", True), ("2024-01-02", True)):
        records = records_of(contracts=contracts.format(start=start), outcomes=outcomes)
        ends = known_ends(records, known_by=pd.Timestamp("2025-06-01"))
        assert bool(ends.loc["C1", "net"]) is net, start


def test_a_next_contract_that_never_began_is_no_return() -> None:
    contracts = """
        contract_id | person_id | started_on | planned_end_on | known_on
        C1          | P1        | 2023-09-01 | 2025-08-31     | 2023-08-25
        C2          | P1        | 2024-04-01 | 2025-08-31     | 2024-03-20
    """
    outcomes = """
        contract_id | ended_on   | known_on   | how
        C1          | 2024-02-01 | 2024-02-10 | rupture
        C2          | 2024-03-30 | 2024-04-10 | not_started
    """
    records = records_of(contracts=contracts, outcomes=outcomes)
    for known_by, net in (("2024-03-20", True), ("2024-03-21", False), ("2024-04-11", True)):
        ends = known_ends(records, known_by=pd.Timestamp(known_by))
        assert bool(ends.loc["C1", "net"]) is net, known_by


def test_a_net_rupture_of_one_centre_is_none_once_the_contract_of_another_is_known() -> None:
    """The label of a case follows what was known by then: never a contract declared later."""
    contracts = """
        contract_id | person_id | started_on | training_centre_uai | known_on
        C1          | P1        | 2023-09-01 | 0440001A            | 2023-08-25
        C2          | P1        | 2024-05-01 | 0850001B            | 2024-12-01
    """
    outcomes = "contract_id | ended_on | known_on\nC1 | 2024-02-01 | 2024-02-10"
    for known_by, state in (("2024-12-01", State.RUPTURE), ("2024-12-02", State.OTHER_END)):
        records = records_of(contracts=contracts, outcomes=outcomes)
        found = label_cases(
            CASES, records, known_by=pd.Timestamp(known_by), target=Target(90, 60, net=True)
        )
        assert found["state"].tolist() == [state], known_by


def test_only_what_happened_in_the_window_is_a_label() -> None:
    """A state that says nothing of the window has no label, never a 0."""
    unknown = {State.IMMATURE, State.ALREADY_ENDED, State.UNCLEAR, State.WITHDRAWN}
    assert set(LABELS) == set(State) - unknown


def test_the_last_version_known_that_morning_decides() -> None:
    """A correction of the outcome changes the label from the morning after it is known."""
    outcomes = """
        ended_on   | known_on   | how
        2024-02-01 | 2024-02-01 | rupture
        2024-02-01 | 2024-06-10 | converted
    """
    assert label(outcomes, known_by="2024-06-10")["state"] == State.RUPTURE
    assert label(outcomes, known_by="2024-06-11")["state"] == State.OTHER_END


def test_a_correction_of_the_contract_moves_its_term() -> None:
    """A shortened term turns the same end into a natural one."""
    contracts = """
        planned_end_on | known_on
        2025-08-31     | 2023-08-25
        2024-02-15     | 2024-06-10
    """
    outcomes = "ended_on | known_on | how\n2024-02-15 | 2024-02-16 | rupture"
    assert label(outcomes, contracts=contracts, known_by="2024-06-10")["label"] == 1.0
    assert label(outcomes, contracts=contracts, known_by="2024-06-11")["label"] == 0.0


NET = rows(
    """
    rule                                     | new_contract_on | known_by   | state     | label
    without a new contract it is net         | -               | 2024-11-26 | rupture   | 1
    a new contract in time makes it gross    | 2024-07-30      | 2024-11-26 | other_end | 0
    one after 180 days does not              | 2024-07-31      | 2024-11-26 | rupture   | 1
    the 180 days are waited for              | -               | 2024-11-25 | immature  | -
    """
)


@pytest.mark.parametrize("row", NET, ids=lambda row: row["rule"])
def test_net_label(row: dict[str, str]) -> None:
    """The net target waits for the re-entry window and forgives those who signed again."""
    signed = row["new_contract_on"]
    outcomes = f"ended_on | known_on | new_contract_on\n2024-02-01 | 2024-08-05 | {signed}"

    found = label(outcomes, known_by=row["known_by"], net=True)

    assert found["state"] == row["state"]
    assert found["label"] == pytest.approx(number(row["label"]), nan_ok=True)


def test_labels_are_aligned_with_the_cases() -> None:
    """Cases keep their index and their order, several to a contract."""
    records = records_of(outcomes="ended_on | known_on\n2024-02-01 | 2024-02-02")
    cases = cases_of(("C1", "2024-03-01"), ("C1", "2024-01-01"), ("C1", "2023-09-15"))
    cases.index = pd.Index([7, 3, 5])

    labels = label_cases(cases, records, known_by=pd.Timestamp("2025-01-01"), target=Target())

    assert labels.index.tolist() == [7, 3, 5]
    assert labels["state"].tolist() == ["already_ended", "rupture", "running"]


def test_an_outcome_of_a_contract_not_yet_known_is_not_read() -> None:
    """Ends are those of contracts known that morning."""
    records = records_of(
        contracts="contract_id | known_on\nC1 | 2023-08-25\nC2 | 2024-06-01",
        outcomes="contract_id | ended_on\nC1 | 2024-02-01\nC2 | 2024-02-01",
    )
    assert known_ends(records, known_by=pd.Timestamp(MATURE)).index.tolist() == ["C1"]
