"""Names that the site shows beside identifiers, and the erasure of a person."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from serving.api import examples
from serving.api import problem_texts as wording
from serving.api.dependencies import TheContext, body_of
from serving.api.documented import documented
from serving.api.parameters import MayAdminister, MayWrite, OrganisationId, PersonId
from serving.api.request_models import OrganisationName, PersonName
from serving.api.response_models import Erased
from serving.api.responses import reply
from serving.operations.directory import name_organisation, name_person
from serving.operations.privacy import erase_person

router = APIRouter(prefix="/v1", tags=["Personnes"])


@router.put(
    "/persons/{person_id:path}",
    status_code=204,
    **documented(
        "Donner le nom d'une personne",
        "Pour que le conseiller la reconnaisse ; les modèles ne voient jamais de nom.",
        responses={204: ("Le nom est gardé.", None)},
        problems=(wording.INVALID_REQUEST,),
        body=PersonName,
        examples={"personne": examples.PERSON},
    ),
)
def put_person(
    context: TheContext,
    actor: MayWrite,
    person_id: PersonId,
    body: Annotated[PersonName, body_of(PersonName)],
) -> Response:
    """Keep a person's name."""
    name_person(
        context,
        actor=actor,
        person_id=person_id,
        given_name=body.given_name,
        family_name=body.family_name,
    )
    return Response(status_code=204)


@router.put(
    "/organisations/{organisation_id:path}",
    status_code=204,
    **documented(
        "Donner le nom d'un employeur ou d'un centre de formation",
        "Par son SIRET ou son UAI, pour l'affichage.",
        responses={204: ("Le nom est gardé.", None)},
        problems=(wording.INVALID_REQUEST,),
        body=OrganisationName,
        examples={"employeur": examples.ORGANISATION},
    ),
)
def put_organisation(
    context: TheContext,
    actor: MayWrite,
    organisation_id: OrganisationId,
    body: Annotated[OrganisationName, body_of(OrganisationName)],
) -> Response:
    """Keep the name of an organisation."""
    name_organisation(context, actor=actor, organisation_id=organisation_id, name=body.name)
    return Response(status_code=204)


@router.delete(
    "/persons/{person_id:path}",
    **documented(
        "Effacer une personne",
        "Efface ses enregistrements, ses évaluations et son nom ; l'audit garde que c'est fait.",
        responses={200: ("Ce qui a été effacé.", Erased)},
        problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
    ),
)
def delete_person(context: TheContext, actor: MayAdminister, person_id: PersonId) -> Response:
    """Erase a person."""
    erased = erase_person(context, actor=actor, person_id=person_id)
    return reply({"persons": erased.persons, "counts": erased.counts})
