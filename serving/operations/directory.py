"""Keeping the names that the site shows beside identifiers."""

from serving.actors import Actor
from serving.context import AppContext
from serving.store import directory
from serving.store.audit import Action


def name_person(
    context: AppContext, *, actor: Actor, person_id: str, given_name: str, family_name: str
) -> None:
    """Keep a young person's name; models never meet it."""
    with context.audited(actor, Action.NAME_PERSON, subject=f"person:{person_id}") as write:
        directory.save_person(
            write.connection,
            person_id=person_id,
            given_name=given_name,
            family_name=family_name,
            now=context.now(),
        )


def name_organisation(
    context: AppContext, *, actor: Actor, organisation_id: str, name: str
) -> None:
    """Keep the name of an employer (SIRET) or of a training centre (UAI)."""
    with context.audited(actor, Action.NAME_ORGANISATION) as write:
        write.details = {"organisation_id": organisation_id}
        directory.save_organisation(
            write.connection, organisation_id=organisation_id, name=name, now=context.now()
        )


def name_all(
    context: AppContext,
    *,
    actor: Actor,
    persons: dict[str, tuple[str, str]],
    organisations: dict[str, str],
) -> None:
    """Keep many names: (given, family) by person, and a name by SIRET or UAI."""
    with context.audited(actor, Action.NAME_ALL) as write:
        write.details = {"persons": len(persons), "organisations": len(organisations)}
        directory.save_all(
            write.connection, people=persons, places=organisations, now=context.now()
        )
