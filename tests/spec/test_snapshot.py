"""What was known of a case on its morning: rows known before it, in their last version."""

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from features.matrix import build_matrix
from features.point_in_time.days import to_days
from features.point_in_time.snapshot import Index, Snapshot, take_snapshot
from tests.lib.tables import cases_of, records_of, rows

EVENTS = """
    event_id | happened_on | known_on   | kind    | value
    E1       | 2023-10-01  | 2023-10-01 | warning | 1
    E2       | 2023-09-10  | 2023-10-10 | warning | 2
    E1       | 2023-10-01  | 2023-10-20 | warning | 3
    E1       | 2023-09-05  | 2023-10-30 | warning | 4
"""
SEEN = rows(
    """
    rule                                               | as_of      | values
    a row is unknown on the morning of the day         | 2023-10-01 | -
    and known the morning after                        | 2023-10-02 | 1
    however early it happened, it waits to be known    | 2023-10-10 | 1
    then takes its place by the day it happened        | 2023-10-11 | 2 1
    a correction is not known on its own morning       | 2023-10-20 | 2 1
    the morning after, it replaces what it corrects    | 2023-10-21 | 2 3
    a second correction replaces the first, and moves  | 2023-10-31 | 4 2
    """
)


def snapshot_of(index: Index, cases: pd.DataFrame) -> Snapshot:
    """Cut at these cases."""
    return take_snapshot(
        index, contract_ids=cases["contract_id"].tolist(), as_of=to_days(cases["as_of"])
    )


@pytest.mark.parametrize("row", SEEN, ids=lambda row: row["rule"])
def test_visible_events(row: dict[str, str]) -> None:
    """On each morning the events are those the table says, in order of the day they happened."""
    index = Index.of(records_of(events=EVENTS))
    snapshot = snapshot_of(index, cases_of(("C1", row["as_of"])))
    assert snapshot.events.number("value").tolist() == [float(v) for v in row["values"].split()]


def test_the_contract_is_the_version_known_that_morning() -> None:
    """A correction of the contract counts from the morning after it is known, all columns of it."""
    records = records_of(
        contracts="""
            weekly_hours | commute_minutes | known_on
            35           | 20              | 2023-08-25
            30           | -               | 2023-10-01
        """
    )
    cases = cases_of(("C1", "2023-10-02"), ("C1", "2023-10-01"), ("C1", "2023-08-26"))

    contracts = snapshot_of(Index.of(records), cases).contracts

    assert contracts.number("weekly_hours").tolist() == [30, 35, 35]
    np.testing.assert_array_equal(contracts.number("commute_minutes"), [np.nan, 20, 20])


def test_the_order_of_the_cases_is_preserved() -> None:
    """Cases of several contracts and mornings come out as they were asked for."""
    records = records_of(
        contracts="contract_id | weekly_hours\nC1 | 10\nC2 | 20\nC3 | 30",
        events="contract_id | happened_on | kind | value\nC3 | 2023-10-01 | warning | 3",
    )
    cases = cases_of(("C3", "2023-11-01"), ("C1", "2023-11-01"), ("C3", "2023-09-15"))

    snapshot = snapshot_of(Index.of(records), cases)

    assert snapshot.contracts.number("weekly_hours").tolist() == [30, 10, 30]
    assert snapshot.events.case.tolist() == [0]
    assert len(snapshot) == 3


@pytest.mark.parametrize("contract_id", ["C1", "C9"], ids=["known later", "never known"])
def test_a_contract_that_was_not_known_is_refused(contract_id: str) -> None:
    """A case that cannot be described is refused, never dropped: the sentence counts them."""
    cases = cases_of((contract_id, "2023-08-25"), ("C2", "2023-09-15"))
    records = records_of(contracts="contract_id\nC1\nC2")
    with pytest.raises(InputError, match="got 1 of 2 that were not"):
        snapshot_of(Index.of(records), cases)


def test_no_case_gives_no_row_and_every_column() -> None:
    """An empty batch is a matrix without rows."""
    matrix = build_matrix(Index.of(records_of()), cases_of())
    assert matrix.shape == (0, matrix.shape[1])
    assert matrix.index.names == ["contract_id", "as_of"]
