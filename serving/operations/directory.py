"""Keeping the names that the site shows beside identifiers."""

from serving.actors import Actor
from serving.context import AppContext
from serving.store import audit, directory
from serving.store.audit import Action


def name_person(
    context: AppContext, *, actor: Actor, person_id: str, given_name: str, family_name: str
) -> None:
    """Keep a young person's name; models never meet it."""
    with context.store.writing() as connection:
        directory.save_person(
            connection,
            person_id=person_id,
            given_name=given_name,
            family_name=family_name,
            now=context.now(),
        )
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.NAME_PERSON,
            subject=f"person:{person_id}",
        )


def name_organisation(
    context: AppContext, *, actor: Actor, organisation_id: str, name: str
) -> None:
    """Keep the name of an employer (SIRET) or of a training centre (UAI)."""
    with context.store.writing() as connection:
        directory.save_organisation(
            connection, organisation_id=organisation_id, name=name, now=context.now()
        )
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.NAME_ORGANISATION,
            details={"organisation_id": organisation_id},
        )


def name_all(
    context: AppContext,
    *,
    actor: Actor,
    persons: dict[str, tuple[str, str]],
    organisations: dict[str, str],
) -> None:
    """Keep many names: (given, family) by person, and a name by SIRET or UAI."""
    with context.store.writing() as connection:
        directory.save_all(connection, people=persons, places=organisations, now=context.now())
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.NAME_ALL,
            details={"persons": len(persons), "organisations": len(organisations)},
        )
