"""What an advisor answers to an assessment."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from serving.api import examples
from serving.api import problem_texts as wording
from serving.api.dependencies import TheContext, body_of
from serving.api.documented import documented
from serving.api.parameters import ContractId, MayAnswer
from serving.api.request_models import Feedback
from serving.api.response_models import Given
from serving.api.responses import reply
from serving.operations.feedback import give_feedback

router = APIRouter(prefix="/v1", tags=["Répondre"])


@router.post(
    "/contracts/{contract_id:path}/feedback",
    **documented(
        "Répondre à une évaluation",
        "Garde l'accord, le désaccord (avec sa raison), l'action menée ou le report ; l'évaluation "
        "n'en est pas changée.",
        responses={201: ("La réponse est gardée.", Given)},
        problems=(wording.NOT_FOUND, wording.UNUSABLE_INPUT, wording.INVALID_REQUEST),
        body=Feedback,
        examples={"désaccord": examples.FEEDBACK},
    ),
)
def answer(
    context: TheContext,
    actor: MayAnswer,
    contract_id: ContractId,
    body: Annotated[Feedback, body_of(Feedback)],
) -> Response:
    """Keep an answer to the assessment in force."""
    number = give_feedback(
        context,
        actor=actor,
        contract_id=contract_id,
        kind=body.kind,
        reason=body.reason,
        comment=body.comment,
        until=body.until,
    )
    return reply({"id": number}, status=201)
