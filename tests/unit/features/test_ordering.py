"""The order of rows, and which version counts: by day and content, by id never."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.point_in_time.days import days_of
from features.point_in_time.ordering import canonical_order, superseded_on
from features.point_in_time.record_arrays import RecordArrays, factorize
from features.point_in_time.snapshot import Table
from features.records.declarations import EVENT, INTERVIEW
from features.records.schema import Privacy, RecordType
from tests.lib.random_records import draw
from tests.lib.tables import drawn


def order_by_pandas(table: pd.DataFrame, record_type: RecordType) -> list[int]:
    """Positions by contract, days, then what may be seen as declared; codes as in their list."""
    content = [c.name for c in record_type.columns if c.privacy is Privacy.NONE]
    content.remove("withdrawn")
    keys = ["contract_id", str(record_type.happened), "known_on", *content]
    sorted_rows = table.sort_values(keys, key=_position_of_code)
    return [int(str(position)) for position in sorted_rows.index]


def _position_of_code(values: pd.Series) -> pd.Series:
    return values.cat.codes if isinstance(values.dtype, pd.CategoricalDtype) else values


@pytest.mark.parametrize("record_type", [INTERVIEW, EVENT], ids=lambda kind: kind.name)
def test_ties_are_broken_by_what_may_be_seen(record_type: RecordType) -> None:
    """All rows of a contract on one day, a quarter of the cells missing: order is by content."""
    table = getattr(draw(5, contracts=25).records, record_type.name).sort_values(
        "contract_id", ignore_index=True
    )
    day = pd.Timestamp("2024-01-10")
    table = table.assign(**{str(record_type.happened): day, "known_on": day})
    columns = RecordArrays.of_frame(record_type.conform(table), record_type)
    days = np.zeros(len(table))
    assert len(table) > 100

    order = canonical_order(columns, factorize(columns["contract_id"])[0], days, days)

    expected = order_by_pandas(record_type.conform(table), record_type)
    content = [c.name for c in record_type.columns if c.privacy is Privacy.NONE]
    pd.testing.assert_frame_equal(
        table.loc[order, content].reset_index(drop=True),
        table.loc[expected, content].reset_index(drop=True),
    )


def test_a_version_is_superseded_on_the_day_the_next_one_became_known() -> None:
    keys = np.array(["a", "b", "a", "a"], dtype=object)
    known = np.array([30.0, 5.0, 10.0, 20.0])
    assert superseded_on(keys, known).tolist() == [np.inf, np.inf, 20, 30]


@pytest.mark.parametrize(("values", "expected"), [("1 2", 2.0), ("2 1", 1.0)])
def test_of_two_versions_reported_on_one_day_the_later_row_counts(
    values: str, expected: float
) -> None:
    """An afternoon's correction replaces that morning's, and both are never seen."""
    first, second = values.split()
    events = drawn(
        EVENT,
        f"""
        event_id | happened_on | kind    | value
        E1       | 2023-10-01  | warning | {first}
        E1       | 2023-10-01  | warning | {second}
        """,
    )
    table = Table.of(RecordArrays.of_frame(events, EVENT))

    row, _ = table.visible(["C1"], days_of([date(2023, 10, 2)]))

    assert table.columns["value"][row].tolist() == [expected]
