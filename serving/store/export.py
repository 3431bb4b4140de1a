"""Every version of every record, to carry out of the service."""

from itertools import chain

from sqlalchemy import Connection, select

from features.records.declarations import RECORD_TYPES
from serving.store.records import Row
from serving.store.snapshots import freeze, stream
from serving.store.tables import RECORD_TABLES


def all_versions(connection: Connection) -> dict[str, list[Row]]:
    """Rows by table as of one moment, in the order they were kept; call it before other queries."""
    freeze(connection)
    found = {}
    for record_type in RECORD_TYPES:
        table = RECORD_TABLES[record_type.name]
        query = select(*(table.c[name] for name in record_type.names)).order_by(table.c.seq)
        rows = chain.from_iterable(stream(connection, query))
        found[record_type.name] = [dict(row._mapping) for row in rows]
    return found
