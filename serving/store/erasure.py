"""Removing a person: every row that concerns them, in every table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, text, update

from serving.store.tables import (
    audit,
    contract_summaries,
    contracts,
    draws,
    enrolments,
    follow_ups,
    history_steps,
    metadata,
    persons,
    rescores,
)

# The log of draws is not among them: its lines stay, under an alias.
OF_CONTRACTS = tuple(
    table for table in metadata.sorted_tables if "contract_id" in table.c and table is not draws
)


@dataclass(frozen=True)
class DuePerson:
    """A person whose last contact is older than the retention period."""

    person_id: str
    contracts: int
    last_contact_on: date


def due_persons(
    connection: Connection, *, before: date, person_ids: Sequence[str] | None = None
) -> list[DuePerson]:
    """Persons all of whose contracts had their last contact before a day, by id.

    Whom a programme met or asked since is not among them.
    """
    t = contract_summaries.c
    last = func.max(t.last_contact_on)
    query = select(t.person_id, func.count(), last).group_by(t.person_id).having(last < before)
    for table in (enrolments, follow_ups):
        met = select(table.c.seq).where(
            table.c.person_id == t.person_id, table.c.known_on >= before
        )
        query = query.where(~met.exists())
    if person_ids is not None:
        query = query.where(t.person_id.in_(person_ids))
    rows = connection.execute(query.order_by(t.person_id))
    return [DuePerson(*row) for row in rows]


def forgotten_names(connection: Connection, *, before: datetime) -> list[str]:
    """Persons of whom only a name is stored, written before a moment."""
    known = select(contracts.c.seq).where(contracts.c.person_id == persons.c.person_id)
    query = select(persons.c.person_id).where(persons.c.recorded_at < before, ~known.exists())
    return list(connection.execute(query.order_by(persons.c.person_id)).scalars())


def contracts_of(connection: Connection, person_ids: Sequence[str]) -> list[str]:
    """Contracts of persons in the order in which to lock them."""
    query = select(contracts.c.contract_id).where(contracts.c.person_id.in_(person_ids))
    return sorted(connection.execute(query.distinct()).scalars())


def delete_rows(
    connection: Connection, *, person_ids: Sequence[str], contract_ids: Sequence[str]
) -> dict[str, int]:
    """Delete every row of these persons and contracts and return how many by table.

    The steps of employers, sectors and centres are left: subtract the contracts' share first.
    """
    if connection.dialect.name == "sqlite":
        # Overwrite what is deleted with zeros, or it stays readable in the file.
        connection.execute(text("PRAGMA secure_delete=ON"))
    counts = {
        table.name: _delete(connection, table, table.c.contract_id.in_(contract_ids))
        for table in OF_CONTRACTS
    }
    counts[persons.name] = _delete(connection, persons, persons.c.person_id.in_(person_ids))
    for entity, keys in (("person", person_ids), ("contract", contract_ids)):
        t = history_steps.c
        _delete(connection, history_steps, (t.entity == entity) & t.key.in_(keys))
    # A rescoring that stopped there begins anew, and finds what is already done unchanged.
    stopped = update(rescores).where(rescores.c.last_contract_id.in_(contract_ids))
    connection.execute(stopped.values(last_contract_id=None))
    return counts


def rename_in_draws(
    connection: Connection,
    person_id: str,
    contract_ids: Sequence[str],
    *,
    alias: Callable[[str], str],
) -> int:
    """Give an erased person's lines of the log of draws their alias and return how many."""
    lines = update(draws).where(draws.c.person_id == person_id)
    for contract_id in contract_ids:
        one = update(draws).where(draws.c.contract_id == contract_id)
        connection.execute(one.values(contract_id=alias(f"contract:{contract_id}")))
    return connection.execute(lines.values(person_id=alias(f"person:{person_id}"))).rowcount


def rename_in_audit(
    connection: Connection, subjects: Iterable[str], *, alias: Callable[[str], str]
) -> None:
    """Give the audit's lines of erased subjects their alias; nothing else of a line changes."""
    for subject in subjects:
        lines = update(audit).where(audit.c.subject == subject)
        connection.execute(lines.values(subject=alias(subject)))


def _delete(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(which)).rowcount
