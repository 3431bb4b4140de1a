"""Reading assessments: the last one, the history, the feed of what changed."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from models.levels import Level
from serving.api import cursors
from serving.api import problem_texts as wording
from serving.api.dependencies import TheContext, TheLanguage
from serving.api.documented import documented
from serving.api.parameters import ContractId, MayRead
from serving.api.request_models import Id
from serving.api.response_models import Assessment, Feed, History
from serving.api.responses import IN_LANGUAGE, assessment_content, reply
from serving.operations.views import is_view_due, record_view
from serving.queries.assessments import assessment_history, changed_assessments, latest_assessment

router = APIRouter(prefix="/v1", tags=["Lire"])
NO_CACHE = {"Cache-Control": "private, no-cache"}  # kept by the caller, asked again each time


class FeedQuery(BaseModel):
    """What of the feed is wanted."""

    model_config = ConfigDict(extra="forbid")

    changed_since: str = Field(
        cursors.BEGINNING, max_length=40, description="Curseur `next` de la page d'avant."
    )
    level: Level | None = Field(None, description="Niveau.")
    advisor: Id | None = Field(None, description="Identifiant du conseiller.")
    site: str | None = Field(None, max_length=200, pattern=r"^[^\u0000]*$", description="Site.")
    limit: int = Field(100, ge=1, le=1000, description="Nombre d'évaluations au plus.")


@router.get(
    "/contracts/{contract_id:path}/assessment",
    **documented(
        "Lire la dernière évaluation d'un contrat",
        "Avec ses raisons et ses contributions. `ETag` et `If-None-Match` évitent de la relire "
        "quand rien n'a changé.",
        responses={
            200: ("L'évaluation en vigueur.", Assessment),
            304: ("Rien de nouveau depuis l'ETag présenté.", None),
        },
        problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
    ),
)
def read_assessment(
    context: TheContext,
    asked: MayRead,
    contract_id: ContractId,
    language: TheLanguage,
    if_none_match: Annotated[str | None, Header(description="ETag déjà reçu.")] = None,
) -> Response:
    """Return the assessment in force, or 304 to who has it."""
    with asked.reading() as reads:
        found = latest_assessment(reads, contract_id=contract_id)
        due = is_view_due(reads, contract_id=contract_id)
    if due:
        record_view(context, actor=reads.actor, contract_id=contract_id)
    tag = f'"{found.id}-{found.status}{"" if language == "fr" else f"-{language}"}"'
    headers = {"ETag": f"W/{tag}", **NO_CACHE, **IN_LANGUAGE[language]}
    if if_none_match is not None and (if_none_match.strip() == "*" or tag in if_none_match):
        return Response(status_code=304, headers=headers)
    return reply(assessment_content(found, language=language), headers=headers)


@router.get(
    "/contracts/{contract_id:path}/assessments",
    **documented(
        "Lire l'historique des évaluations d'un contrat",
        "Toutes les évaluations, la dernière d'abord, avec leurs raisons.",
        responses={200: ("L'historique.", History)},
        problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
    ),
)
def read_history(
    context: TheContext, asked: MayRead, contract_id: ContractId, language: TheLanguage
) -> Response:
    """Return every assessment of a contract."""
    with asked.reading() as reads:
        found = assessment_history(reads, contract_id=contract_id)
        due = is_view_due(reads, contract_id=contract_id)
    if due:
        record_view(context, actor=reads.actor, contract_id=contract_id)
    items = [assessment_content(assessment, language=language, whole=False) for assessment in found]
    return reply({"items": items}, headers=IN_LANGUAGE[language])


@router.get(
    "/assessments",
    **documented(
        "Suivre les évaluations qui changent",
        "Un fil : chaque page donne `next`, à rendre comme `changed_since`. Sans curseur, le fil "
        "commence au début. Une évaluation paraît une fois, dans l'ordre ; aucune n'est sautée.",
        responses={200: ("Une page du fil.", Feed)},
        problems=(wording.INVALID_REQUEST,),
    ),
)
def read_feed(
    request: Request,
    asked: MayRead,
    language: TheLanguage,
    wanted: Annotated[FeedQuery, Query()],
) -> Response:
    """Return a page of the feed and the cursor of the next."""
    with asked.reading() as reads:
        after_id = cursors.read(wanted.changed_since)
        found = changed_assessments(
            reads,
            after_id=after_id,
            limit=wanted.limit,
            level=wanted.level,
            advisor_id=wanted.advisor,
            site=wanted.site,
        )
    following = cursors.write(found[-1].id if found else after_id)
    content = {
        "items": [
            assessment_content(assessment, language=language, whole=False) for assessment in found
        ],
        "next": following,
        "more": len(found) == wanted.limit,
    }
    next_query = wanted.model_copy(update={"changed_since": following}).model_dump(
        exclude_none=True
    )
    link = f'<{request.url.path}?{urlencode(next_query)}>; rel="next"'
    return reply(content, headers={"Link": link, **IN_LANGUAGE[language]})
