"""Names to show beside identifiers: of young persons and of organisations."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Table, delete, insert, select

from serving.store.records import slices
from serving.store.tables import organisations, persons


def save_all(
    connection: Connection,
    *,
    people: dict[str, tuple[str, str]],
    places: dict[str, str],
    now: datetime,
) -> None:
    """Keep many names at once; those already stored are replaced."""
    _forget(connection, persons, "person_id", list(people))
    _forget(connection, organisations, "organisation_id", list(places))
    if people:
        rows = [
            {"person_id": i, "given_name": given, "family_name": family, "recorded_at": now}
            for i, (given, family) in people.items()
        ]
        connection.execute(insert(persons), rows)
    if places:
        named = [{"organisation_id": i, "name": n, "recorded_at": now} for i, n in places.items()]
        connection.execute(insert(organisations), named)


def save_person(
    connection: Connection, *, person_id: str, given_name: str, family_name: str, now: datetime
) -> None:
    """Keep a young person's name; the last one counts."""
    values = {"given_name": given_name, "family_name": family_name, "recorded_at": now}
    _replace(connection, persons, "person_id", person_id, values)


def save_organisation(
    connection: Connection, *, organisation_id: str, name: str, now: datetime
) -> None:
    """Keep the name of an employer (SIRET) or training centre (UAI)."""
    values = {"name": name, "recorded_at": now}
    _replace(connection, organisations, "organisation_id", organisation_id, values)


def names_of_persons(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(given name, family name) by person."""
    t = persons.c
    query = select(t.person_id, t.given_name, t.family_name).where(t.person_id.in_(list(ids)))
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def names_of_organisations(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Name by SIRET or UAI."""
    t = organisations.c
    query = select(t.organisation_id, t.name).where(t.organisation_id.in_(list(ids)))
    return {row[0]: row[1] for row in connection.execute(query)}


def _replace(
    connection: Connection, table: Table, key: str, name: str, values: dict[str, object]
) -> None:
    _forget(connection, table, key, [name])
    connection.execute(insert(table), {key: name, **values})


def _forget(connection: Connection, table: Table, key: str, names: list[str]) -> None:
    for part in slices(names):
        connection.execute(delete(table).where(table.c[key].in_(part)))
