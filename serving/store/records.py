"""Records as they were sent: every version is a row, the last of a day is the one that counts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Table, bindparam, func, select, text

from features.records.declarations import RECORD_TYPES
from features.records.rows import Row, Versions, rows_from
from features.records.schema import RecordType
from serving.store.tables import RECORD_TABLES, contracts, outcomes

# Values named in one statement: SQLite (32,766) and PostgreSQL (65,535) both take more.
SOME = 10_000
# PostgreSQL keeps all locks of all transactions in one table of some 10,000: an import of a region
# would fill it with a lock for each contract. Two things that share a lock only wait a little more.
LOCKS = 2_048


def lock(
    connection: Connection,
    contract_ids: Iterable[str],
    record_ids: Iterable[tuple[RecordType, str]] = (),
) -> None:
    """Make other writers of these contracts and records wait for the end of the transaction.

    They share LOCKS locks, taken in one order: call it once, with all that is going to be written,
    so that no two writers wait for each other. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    wanted = {(0, _number(contract_id)) for contract_id in contract_ids}
    wanted |= {(1, _number(f"{of_type.name}:{key}")) for of_type, key in record_ids}
    kinds, numbers = zip(*sorted(wanted), strict=True) if wanted else ((), ())
    connection.execute(_LOCK, {"kinds": list(kinds), "numbers": list(numbers)})


def lock_contract(connection: Connection, contract_id: str) -> None:
    """`lock` of one contract."""
    lock(connection, [contract_id])


def _number(name: str) -> int:
    return crc32(name.encode()) % LOCKS


def versions(connection: Connection, contract_ids: Sequence[str]) -> Versions:
    """Return every version of every record of these contracts: one query per table.

    In the order (known_on, seq); not more contracts than one statement may name.
    """
    return Versions.by_type({t.name: of_type(connection, t, contract_ids) for t in RECORD_TYPES})


def of_type(
    connection: Connection, record_type: RecordType, contract_ids: Sequence[str]
) -> list[Any]:
    """Return every version of the records of one type; otherwise as `versions`."""
    wanted = {"contract_ids": list(contract_ids)}
    return rows_from(record_type, connection.execute(_OF_TYPE[record_type.name], wanted))


@dataclass(frozen=True)
class StoredVersion:
    """A version with when, and by whom, it was stored."""

    row: Row
    recorded_at: datetime
    recorded_by: str


def stored_versions(
    connection: Connection, record_type: RecordType, key: str
) -> list[StoredVersion]:
    """Return every version of one record, in the order (known_on, seq)."""
    table = RECORD_TABLES[record_type.name]
    query = (
        select(*_declared(record_type, table), table.c.recorded_at, table.c.recorded_by)
        .where(table.c[record_type.key] == key)
        .order_by(table.c.known_on, table.c.seq)
    )
    found = [tuple(row) for row in connection.execute(query)]
    rows = rows_from(record_type, (values[:-2] for values in found))
    return [StoredVersion(row, *values[-2:]) for row, values in zip(rows, found, strict=True)]


def slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """Keys in their order, as many at once as one statement may name."""
    return (keys[start : start + SOME] for start in range(0, len(keys), SOME))


def owners(connection: Connection, record_type: RecordType, keys: Sequence[str]) -> dict[str, str]:
    """Return the contract of each record that is stored, by key."""
    table = RECORD_TABLES[record_type.name]
    found: dict[str, str] = {}
    for part in slices(keys):
        some = table.c[record_type.key].in_(part)
        rows = connection.execute(select(table.c[record_type.key], table.c.contract_id).where(some))
        found.update((row[0], row[1]) for row in rows)
    return found


def contracts_of_person(connection: Connection, person_id: str) -> list[str]:
    """Contracts of a person, in the order they became known."""
    query = select(contracts.c.contract_id).where(contracts.c.person_id == person_id)
    return list(dict.fromkeys(connection.execute(query.order_by(contracts.c.seq)).scalars()))


def history_seq(connection: Connection) -> int:
    """Grows whenever a contract or an outcome is stored: what crosses contracts may change."""
    query = select(
        func.coalesce(select(func.max(contracts.c.seq)).scalar_subquery(), 0)
        + func.coalesce(select(func.max(outcomes.c.seq)).scalar_subquery(), 0)
    )
    return int(connection.execute(query).scalar_one())


def _declared(record_type: RecordType, table: Table) -> list[Any]:
    return [table.c[name] for name in record_type.names]


def _query_of_type(record_type: RecordType) -> Any:
    table = RECORD_TABLES[record_type.name]
    some = table.c.contract_id.in_(bindparam("contract_ids", expanding=True))
    columns = _declared(record_type, table)
    return select(*columns).where(some).order_by(table.c.known_on, table.c.seq)


_LOCK = text(
    "SELECT pg_advisory_xact_lock(kind, number)"
    " FROM unnest(CAST(:kinds AS int[]), CAST(:numbers AS int[])) AS wanted(kind, number)"
)
# Built once: composing a statement of forty columns costs more than running it.
_OF_TYPE = {t.name: _query_of_type(t) for t in RECORD_TYPES}
