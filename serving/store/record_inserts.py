"""Adding versions of records: for the record writer alone, as an import contract holds."""

from collections.abc import Sequence
from datetime import datetime

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
) -> None:
    """Add versions, in their order."""
    recorded = {"recorded_at": recorded_at, "recorded_by": recorded_by}
    statement = insert(RECORD_TABLES[record_type.name])
    connection.execute(statement, [row._asdict() | recorded for row in rows])
