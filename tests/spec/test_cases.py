"""Which (contract, as_of) pairs there are to describe."""

import pandas as pd
import pytest

from features.common.errors import InputError
from features.point_in_time.cases import cases_along, known_versions, open_cases
from tests.lib.tables import records_of, rows

OPEN = rows(
    """
    rule                                          | contract                           | outcome                 | open
    a contract that runs is open                  | 2023-09-01, 2025-08-31, 2023-08-25 | -                       | yes
    one that was known that very day is not       | 2023-09-01, 2025-08-31, 2024-01-01 | -                       | no
    one that has not begun is open                | 2024-02-01, 2025-08-31, 2023-12-31 | -                       | yes
    one whose planned end is that day is over     | 2023-09-01, 2024-01-01, 2023-08-25 | -                       | no
    one planned to end the next day is open       | 2023-09-01, 2024-01-02, 2023-08-25 | -                       | yes
    one known to have ended is over               | 2023-09-01, 2025-08-31, 2023-08-25 | 2023-12-01, 2023-12-31  | no
    one whose announced end lies ahead is open    | 2023-09-01, 2025-08-31, 2023-08-25 | 2024-02-01, 2023-12-31  | yes
    one announced to end that very day is open    | 2023-09-01, 2025-08-31, 2023-08-25 | 2024-01-01, 2023-12-31  | yes
    one that ended, though nobody knew, is open   | 2023-09-01, 2025-08-31, 2023-08-25 | 2023-12-01, 2024-01-01  | yes
    """  # noqa: E501 - a drawn table is as wide as its columns
)
AS_OF = pd.Timestamp("2024-01-01")


def one(header: str, cell: str) -> str:
    """Draw a table of one row, or none."""
    return f"{header}\n{cell}".replace(",", "|") if cell else ""


@pytest.mark.parametrize("row", OPEN, ids=lambda row: row["rule"])
def test_open(row: dict[str, str]) -> None:
    """A contract is open on the morning of 2024-01-01 when the table says so."""
    other = "2023-09-01, 2025-08-31, 2023-08-25, C2"
    records = records_of(
        contracts=one(
            "started_on, planned_end_on, known_on, contract_id",
            f"{row['contract']}, C1\n{other}",
        ),
        outcomes=one("ended_on, known_on", row["outcome"]),
    )

    cases = open_cases(records, as_of=AS_OF)

    assert cases["contract_id"].tolist() == (["C1", "C2"] if row["open"] == "yes" else ["C2"])
    assert (cases["as_of"] == AS_OF).all()


def test_no_open_contract_is_refused_with_what_to_do() -> None:
    """An as_of before every contract says so, with the number of contracts."""
    with pytest.raises(InputError, match="got none of 1; choose a date inside the extract"):
        open_cases(records_of(), as_of=pd.Timestamp("2020-01-01"))


def mornings(*, until: str, every_days: int = 30, **tables: str) -> list[str]:
    """Mornings on which C1 is described."""
    cases = cases_along(records_of(**tables), every_days=every_days, until=pd.Timestamp(until))
    assert (cases["contract_id"] == "C1").all()
    return [str(morning.date()) for morning in cases["as_of"]]


def test_a_contract_is_described_on_day_0_then_every_30_days() -> None:
    """Mornings are before `until`, which is left out."""
    assert mornings(until="2023-10-31") == ["2023-09-01", "2023-10-01"]
    assert mornings(until="2023-11-01") == ["2023-09-01", "2023-10-01", "2023-10-31"]


def test_mornings_stop_before_the_planned_end() -> None:
    """A contract is not described on the day it is planned to end."""
    contracts = "planned_end_on\n2023-10-01"
    assert mornings(until="2030-01-01", contracts=contracts) == ["2023-09-01"]


def test_mornings_stop_once_the_end_is_known() -> None:
    """The morning of the day the end is learnt still stands, as it would have in service."""
    outcomes = "ended_on | known_on\n2023-09-10 | 2023-10-01"
    assert mornings(until="2030-01-01", outcomes=outcomes) == ["2023-09-01", "2023-10-01"]


def test_a_contract_learnt_late_has_no_early_mornings() -> None:
    """Mornings on which the contract was not known are left out."""
    contracts = "known_on\n2023-10-01"
    assert mornings(until="2023-11-15", contracts=contracts) == ["2023-10-31"]


def test_a_contract_known_too_late_has_no_morning_at_all() -> None:
    """Nothing known, nothing described, and no error."""
    assert mornings(until="2023-08-25") == []


def test_the_version_known_is_the_last_one_before_that_morning() -> None:
    """Rows known on the morning itself do not count."""
    contracts = records_of(
        contracts="""
            contract_id | weekly_hours | known_on
            C1          | 30           | 2023-09-02
            C1          | 35           | 2023-09-01
            C1          | 39           | 2023-09-03
        """
    ).contracts
    known = known_versions(contracts, "contract_id", before=pd.Timestamp("2023-09-03"))
    assert known["weekly_hours"].tolist() == [30]


def test_a_withdrawn_contract_is_not_open_and_an_end_that_is_withdrawn_is_none() -> None:
    contracts = """
        contract_id | known_on   | withdrawn
        C1          | 2023-08-25 | false
        C1          | 2023-12-01 | true
        C2          | 2023-08-25 | false
    """
    outcomes = """
        contract_id | ended_on   | known_on   | withdrawn
        C2          | 2023-11-01 | 2023-11-02 | false
        C2          | 2023-11-01 | 2023-12-02 | true
    """
    records = records_of(contracts=contracts, outcomes=outcomes)

    def opened(day: str) -> list[str]:
        return open_cases(records, as_of=pd.Timestamp(day))["contract_id"].tolist()

    assert opened("2023-10-01") == ["C1", "C2"]
    assert opened("2023-11-15") == ["C1"]
    assert opened("2024-01-01") == ["C2"]


def test_from_the_day_an_end_is_announced_no_case_is_learned_from() -> None:
    """A withdrawn announcement lets the cases come back."""
    outcomes = """
        ended_on   | known_on   | withdrawn
        2024-06-01 | 2023-11-15 | false
        2024-06-01 | 2024-01-15 | true
    """
    found = mornings(until="2024-03-01", outcomes=outcomes)
    assert found == ["2023-09-01", "2023-10-01", "2023-10-31", "2024-01-29", "2024-02-28"]
