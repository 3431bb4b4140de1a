"""Every version of every record, to carry out of the service."""

from itertools import chain
from typing import Any

from sqlalchemy import Connection, select

from features.programme.records import PROGRAMME_TYPES
from features.records.declarations import RECORD_TYPES
from features.records.rows import rows_from
from serving.store.snapshots import freeze, stream
from serving.store.tables import PROGRAMME_TABLES, RECORD_TABLES


def all_versions(connection: Connection) -> dict[str, list[Any]]:
    """Return typed rows by table, in the order they were stored, as of one moment.

    Those of programmes are plain tuples in the order of their declared columns. Call it before
    other queries.
    """
    freeze(connection)
    found = {}
    for record_type in RECORD_TYPES:
        table = RECORD_TABLES[record_type.name]
        query = select(*(table.c[name] for name in record_type.names)).order_by(table.c.seq)
        rows = chain.from_iterable(stream(connection, query))
        found[record_type.name] = rows_from(record_type, rows)
    for record_type in PROGRAMME_TYPES:
        table = PROGRAMME_TABLES[record_type.name]
        query = select(*(table.c[name] for name in record_type.names)).order_by(table.c.seq)
        found[record_type.name] = list(chain.from_iterable(stream(connection, query)))
    return found
