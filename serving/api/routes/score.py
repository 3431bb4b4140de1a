"""Scoring one case that is sent."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from serving.api import examples
from serving.api import problem_texts as wording
from serving.api.assessment_counts import count_assessment
from serving.api.cases import rows_of
from serving.api.dependencies import TheContext, TheLanguage, body_of
from serving.api.documented import documented
from serving.api.parameters import MayScore
from serving.api.request_models import Case
from serving.api.response_models import Score
from serving.api.responses import IN_LANGUAGE, reply, score_of
from serving.scoring.micro_batching import ScoringQueue

router = APIRouter(prefix="/v1", tags=["Évaluer"])


@router.post(
    "/score",
    **documented(
        "Évaluer un dossier",
        "Évalue le dossier du corps sans rien en garder, sinon une ligne d'audit. Un champ inconnu "
        "est refusé. Sans `as_of`, l'évaluation vaut pour demain matin : tout compte.",
        responses={200: ("L'évaluation, avec ses raisons.", Score)},
        problems=(wording.UNUSABLE_INPUT, wording.NO_MODEL),
        body=Case,
        examples={"dossier": examples.CASE},
    ),
)
async def score(
    request: Request,
    context: TheContext,
    actor: MayScore,
    language: TheLanguage,
    case: Annotated[Case, body_of(Case)],
) -> Response:
    """Score a case."""
    rows = rows_of(case, today=context.today)
    queue: ScoringQueue = request.app.state.scoring_queue
    assessment = await queue.score(rows, actor=actor)
    count_assessment(request, assessment)
    return reply(
        score_of(
            assessment,
            contract_id=rows.contract_id,
            as_of=rows.as_of,
            valid_days=context.settings.valid_days,
            language=language,
        ),
        headers=IN_LANGUAGE[language],
    )
