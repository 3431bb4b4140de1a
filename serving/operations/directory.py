"""Keeping the names that the site shows beside identifiers."""

from serving.actors import Actor
from serving.context import House
from serving.store import audit, directory


def name_person(
    house: House, *, actor: Actor, person_id: str, given_name: str, family_name: str
) -> None:
    """Keep a young person's name; models never meet it."""
    with house.store.writing() as connection:
        directory.save_person(
            connection,
            person_id=person_id,
            given_name=given_name,
            family_name=family_name,
            now=house.now(),
        )
        audit.write(
            connection,
            at=house.now(),
            actor=actor.name,
            action="name_person",
            subject=f"person:{person_id}",
        )


def name_organisation(house: House, *, actor: Actor, organisation_id: str, name: str) -> None:
    """Keep the name of an employer (SIRET) or of a training centre (UAI)."""
    with house.store.writing() as connection:
        directory.save_organisation(
            connection, organisation_id=organisation_id, name=name, now=house.now()
        )
        audit.write(
            connection,
            at=house.now(),
            actor=actor.name,
            action="name_organisation",
            details={"organisation_id": organisation_id},
        )


def name_all(
    house: House,
    *,
    actor: Actor,
    persons: dict[str, tuple[str, str]],
    organisations: dict[str, str],
) -> None:
    """Keep many names: (given, family) by person, and a name by SIRET or UAI."""
    with house.store.writing() as connection:
        directory.save_all(connection, people=persons, places=organisations, now=house.now())
        audit.write(
            connection,
            at=house.now(),
            actor=actor.name,
            action="name_all",
            details={"persons": len(persons), "organisations": len(organisations)},
        )
