"""Typed rows are what the declarations say: names, order, types, what may be missing."""

from datetime import date
from typing import get_type_hints

import pytest

from features.records.declarations import CONTRACT, INTERVIEW, RECORD_TYPES
from features.records.rows import ROW_CLASSES, InterviewRow, in_force, row_from, rows_from
from features.records.schema import Kind, RecordType

TYPES = {Kind.DATE: date, Kind.INTEGER: float, Kind.NUMBER: float, Kind.FLAG: bool}


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.name)
def test_a_row_class_has_the_declared_columns_in_their_order(record_type: RecordType) -> None:
    assert list(ROW_CLASSES[record_type.name]._fields) == record_type.names


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda t: t.name)
def test_an_attribute_has_the_type_of_its_column(record_type: RecordType) -> None:
    hints = get_type_hints(ROW_CLASSES[record_type.name])
    for column in record_type.columns:
        plain = TYPES.get(column.kind, str)
        filled = column.required or column.default is not None
        assert hints[column.name] == (plain if filled else plain | None), column.name


def test_a_row_is_made_from_values_by_name_or_in_order() -> None:
    values = {"interview_id": "I1", "contract_id": "C1", "known_on": date(2026, 1, 2)}
    row: InterviewRow = row_from(INTERVIEW, values)
    assert row.contract_id == "C1"
    assert row.note is None
    assert rows_from(INTERVIEW, [list(row)]) == [row]


def test_the_last_of_several_versions_is_in_force() -> None:
    first = row_from(CONTRACT, {"contract_id": "C1", "known_on": date(2026, 1, 2)})
    second = first._replace(known_on=date(2026, 2, 3))
    other = first._replace(contract_id="C2")
    assert in_force([first, other, second], "contract_id") == [second, other]
