"""Accepted tables as typed rows, the way the store takes them."""

from typing import Any

import pandas as pd

from features.records.schema import Kind, RecordType
from serving.store.records import Row


def rows_by_contract(record_type: RecordType, frame: pd.DataFrame) -> dict[str, list[Row]]:
    """Typed rows of each contract, in the order of the file."""
    columns = [_typed(frame[c.name], c.kind) for c in record_type.columns]
    found: dict[str, list[Row]] = {}
    for values in zip(*columns, strict=True):
        row = dict(zip(record_type.names, values, strict=True))
        found.setdefault(row["contract_id"], []).append(row)
    return found


def _typed(values: pd.Series, kind: Kind) -> list[Any]:
    """Python values as the store takes them, None where missing."""
    match kind:
        case Kind.DATE:
            typed = values.dt.date
        case Kind.FLAG:
            typed = values.map({1.0: True, 0.0: False})
        case _:
            typed = values
    return [None if missing else v for v, missing in zip(typed, values.isna(), strict=True)]
