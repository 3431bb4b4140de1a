"""Records as a request or a database gives them: rows of typed values, None where missing."""

from typing import Any

import pandas as pd

from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, Records
from features.records.schema import Kind, RecordType


def typed_rows(record_type: RecordType, table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of an accepted table: dates as date, codes as str, numbers and flags as float."""
    dates = {c.name for c in record_type.columns if c.kind is Kind.DATE}
    return [
        {
            str(name): None if pd.isna(value) else value.date() if name in dates else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def typed_index(records: Records, *, history: History) -> Index:
    """An index made of rows, without any table."""
    tables = {
        kind.name: RecordArrays.of_rows(typed_rows(kind, getattr(records, kind.name)), kind)
        for kind in (CONTRACT, INTERVIEW, EVENT)
    }
    return Index.of_columns(**tables, history=history)
