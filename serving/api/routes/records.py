"""Storing records: each is stored, its contract assessed again, and the assessment answered."""

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from serving.actors import Language
from serving.api import examples
from serving.api import problem_texts as wording
from serving.api.dependencies import TheContext, TheLanguage, body_of
from serving.api.documented import documented
from serving.api.parameters import ContractId, MayRecord, MayWrite
from serving.api.problem_texts import INVALID_RECORD
from serving.api.problems import Fault, ProblemError
from serving.api.record_models import ContractToKeep, Event, Interview, OutcomeToKeep
from serving.api.request_models import row_of
from serving.api.response_models import SavedRecord
from serving.api.responses import IN_LANGUAGE, assessment_content, reason_in, reply
from serving.operations import records

router = APIRouter(prefix="/v1", tags=["Enregistrer"])
RESPONSES: dict[int, tuple[str, Any]] = {
    200: ("Déjà connu : rien n'a changé.", SavedRecord),
    201: ("Une version de plus est enregistrée.", SavedRecord),
}
PROBLEMS = (
    wording.NOT_FOUND,
    wording.CONFLICT,
    wording.UNUSABLE_INPUT,
    wording.INVALID_REQUEST,
)
REPEAT = (
    " Les identifiants sont ceux de l'appelant : répéter le même envoi ne change rien et rend la "
    "même évaluation. Un envoi différent est une correction ; les versions d'avant sont gardées."
)


@router.put(
    "/contracts/{contract_id:path}",
    **documented(
        "Enregistrer un contrat",
        "Garde un contrat ou sa correction, et l'évalue pour demain matin." + REPEAT,
        responses=RESPONSES,
        problems=PROBLEMS,
        body=ContractToKeep,
        examples={"contrat": examples.CONTRACT},
    ),
)
def keep_contract(
    context: TheContext,
    actor: MayWrite,
    language: TheLanguage,
    contract_id: ContractId,
    body: Annotated[Any, body_of(ContractToKeep)],
) -> Response:
    """Keep a contract under the id of the address."""
    return stored_response(
        records.keep_contract(context, actor=actor, record=_row(body, contract_id)), language
    )


@router.post(
    "/interviews",
    **documented(
        "Enregistrer un entretien",
        "Garde un entretien ou sa correction, et réévalue son contrat." + REPEAT,
        responses=RESPONSES,
        problems=PROBLEMS,
        body=Interview,
        examples={"entretien": {**examples.OF_CONTRACT, **examples.INTERVIEW}},
    ),
)
def keep_interview(
    context: TheContext,
    actor: MayRecord,
    language: TheLanguage,
    body: Annotated[Any, body_of(Interview)],
) -> Response:
    """Keep an interview."""
    return stored_response(
        records.keep_interview(context, actor=actor, record=row_of(body)), language
    )


@router.post(
    "/events",
    **documented(
        "Enregistrer un évènement",
        "Garde un évènement ou sa correction, et réévalue son contrat." + REPEAT,
        responses=RESPONSES,
        problems=PROBLEMS,
        body=Event,
        examples={"évènement": {**examples.OF_CONTRACT, **examples.EVENT}},
    ),
)
def keep_event(
    context: TheContext,
    actor: MayRecord,
    language: TheLanguage,
    body: Annotated[Any, body_of(Event)],
) -> Response:
    """Keep an event."""
    return stored_response(records.keep_event(context, actor=actor, record=row_of(body)), language)


@router.put(
    "/outcomes/{contract_id:path}",
    **documented(
        "Enregistrer une fin de contrat",
        "Garde la fin d'un contrat ou sa correction ; un contrat fini n'est plus évalué." + REPEAT,
        responses=RESPONSES,
        problems=PROBLEMS,
        body=OutcomeToKeep,
        examples={"rupture": examples.OUTCOME},
    ),
)
def keep_outcome(
    context: TheContext,
    actor: MayWrite,
    language: TheLanguage,
    contract_id: ContractId,
    body: Annotated[Any, body_of(OutcomeToKeep)],
) -> Response:
    """Keep the end of the contract of the address."""
    return stored_response(
        records.keep_outcome(context, actor=actor, record=_row(body, contract_id)), language
    )


def _row(body: Any, contract_id: str) -> dict[str, Any]:
    row = row_of(body)
    if row["contract_id"] not in (None, contract_id):
        fault = Fault("/contract_id", "other_contract", value=row["contract_id"])
        raise ProblemError(INVALID_RECORD, faults=(fault,))
    return {**row, "contract_id": contract_id}


def stored_response(done: records.SavedRecord, language: Language) -> Response:
    """Return what became of a record, and the assessment that follows."""
    content = {
        "changed": done.changed,
        "assessment": done.assessment and assessment_content(done.assessment, language=language),
        **reason_in(language, done.why_not, detail=done.why_not_detail, name="why_no_assessment"),
    }
    return reply(content, status=201 if done.changed else 200, headers=IN_LANGUAGE[language])
