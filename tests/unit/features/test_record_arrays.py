"""RecordArrays: the same from tables as from rows, missing as missing, converted when asked for."""

from datetime import date

import numpy as np
import pytest

from features.common.errors import InputError
from features.point_in_time.record_arrays import RecordArrays, factorize, spread
from features.records.declarations import CONTRACT, EVENT, OUTCOME, RECORD_TYPES
from features.records.schema import RecordType
from tests.lib.random_records import draw
from tests.lib.typed_records import typed_rows

RECORDS = draw(3, contracts=20).records


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda kind: kind.name)
def test_tables_mappings_and_sequences_give_the_same_columns(record_type: RecordType) -> None:
    table = getattr(RECORDS, record_type.name)
    rows = typed_rows(record_type, table)
    present = [{name: v for name, v in row.items() if v is not None} for row in rows]
    sequences = [tuple(row.values()) for row in rows]
    assert len(table) > 5

    of_table = RecordArrays.of_frame(table, record_type)

    for other in (present, sequences):
        columns = RecordArrays.of_rows(other, record_type)
        assert len(columns) == len(of_table)
        for name in record_type.names:
            np.testing.assert_array_equal(columns[name], of_table[name])
            assert columns[name].dtype == of_table[name].dtype


def test_rows_of_some_columns_leave_the_others_missing() -> None:
    columns = RecordArrays.of_rows(
        [("E1", date(1970, 1, 3)), ("E2", None)], EVENT, names=("event_id", "happened_on")
    )
    np.testing.assert_array_equal(columns["happened_on"], [2.0, np.nan])
    np.testing.assert_array_equal(columns["value"], [np.nan, np.nan])
    assert columns["kind"].tolist() == [-1, -1]
    assert columns["contract_id"].tolist() == [None, None]


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda kind: kind.name)
def test_no_row_gives_empty_columns_of_their_types(record_type: RecordType) -> None:
    none, table = (
        RecordArrays.of_rows([], record_type),
        RecordArrays.of_frame(record_type.empty(), record_type),
    )
    for name in record_type.names:
        assert none[name].shape == table[name].shape == (0,)
        assert none[name].dtype == table[name].dtype


def test_a_code_that_is_not_in_its_list_is_refused_without_being_quoted() -> None:
    columns = RecordArrays.of_rows([{"how": "vanished"}], OUTCOME)
    with pytest.raises(InputError, match=r"^how: expected a code of the list") as refusal:
        columns.read("how")
    assert "vanished" not in str(refusal.value)


def test_categories_in_another_order_are_the_same_codes() -> None:
    """A table that was filtered or merged may list its categories otherwise."""
    table = RECORDS.contracts.astype({"kind": "str"}).astype({"kind": "category"})
    recoded = RecordArrays.of_frame(table, CONTRACT)["kind"]
    np.testing.assert_array_equal(
        recoded, RecordArrays.of_frame(RECORDS.contracts, CONTRACT)["kind"]
    )


def test_what_a_code_stands_for() -> None:
    columns = RecordArrays.of_rows([{"kind": "warning"}, {"kind": "mediator"}, {}], EVENT)
    np.testing.assert_array_equal(columns.mapped("kind", {"warning": 7.0}), [7, np.nan, np.nan])
    assert columns.mapped("kind", {"warning": 7.0}, default=1.0).tolist() == [7, 1, 1]
    with pytest.raises(TypeError, match="expected a column of codes"):
        columns.mapped("value", {})


def test_rows_are_taken_in_any_order_and_more_than_once() -> None:
    columns = RecordArrays.of_rows([{"value": 1.0}, {"value": 2.0}], EVENT)
    assert columns.take(np.array([1, 1, 0]))["value"].tolist() == [2, 2, 1]
    assert columns.take(np.array([1, 0])).take(np.array([0]))["value"].tolist() == [2]
    assert columns.take(np.array([0, 1])) is columns


def test_values_are_numbered_in_order_of_appearance() -> None:
    codes, positions = factorize(np.array(["b", None, "a", "b"], dtype=object))
    assert codes.tolist() == [0, 1, 2, 0]
    assert positions == {"b": 0, None: 1, "a": 2}


def test_ranges_are_laid_out_one_after_the_other() -> None:
    owner, position = spread(np.array([5, 9, 2]), np.array([2, 0, 3]))
    assert owner.tolist() == [0, 0, 2, 2, 2]
    assert position.tolist() == [5, 6, 2, 3, 4]
