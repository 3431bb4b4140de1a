"""Adding versions of records: for the record writer alone, as an import contract holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from features.records.rows import Row
from features.records.schema import RecordType
from serving.store.tables import RECORD_TABLES


def add(
    connection: Connection,
    record_type: RecordType,
    rows: Sequence[Row],
    *,
    recorded_at: datetime,
    recorded_by: str,
    delivered: bool = False,
) -> None:
    """Add versions, in their order; `delivered` says that a training centre sent them."""
    table = RECORD_TABLES[record_type.name]
    recorded: dict[str, Any] = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    if "delivered" in table.c:
        recorded["delivered"] = delivered
    statement = insert(table)
    connection.execute(statement, [row._asdict() | recorded for row in rows])
