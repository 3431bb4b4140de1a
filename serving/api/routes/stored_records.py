"""Reading a record with its versions, and withdrawing one that was wrong."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.schema import RecordType
from serving.actors import Actor
from serving.api import problem_texts as wording
from serving.api.dependencies import ReadRequest, TheContext, TheLanguage
from serving.api.documented import documented
from serving.api.parameters import MayReadRecords, MayRecord, MayWrite, RecordId
from serving.api.record_models import Day
from serving.api.response_models import SavedRecord, Stored
from serving.api.responses import reply
from serving.api.routes.records import stored_response
from serving.context import AppContext
from serving.operations.records import withdraw_record
from serving.operations.views import record_reading
from serving.queries.stored_records import record_versions

router = APIRouter(prefix="/v1", tags=["Enregistrer"])
KnownOn = Annotated[
    Day | None,
    Query(description="Jour où l'on a su que l'enregistrement était faux ; aujourd'hui sinon."),
]
LABELS = {
    CONTRACT.name: "un contrat",
    INTERVIEW.name: "un entretien",
    EVENT.name: "un évènement",
    OUTCOME.name: "une fin de contrat",
}


def _reading(record_type: RecordType) -> None:
    @router.get(
        f"/{record_type.name}/{{key:path}}",
        name=f"read_{record_type.name}",
        operation_id=f"read_{record_type.name}",
        **documented(
            f"Lire {LABELS[record_type.name]}",
            "Avec toutes ses versions, retraits compris. La lecture est inscrite au journal.",
            responses={200: ("L'enregistrement et ses versions.", Stored)},
            problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
        ),
    )
    def read(context: TheContext, asked: MayReadRecords, key: RecordId) -> Response:
        """Return every version of a record."""
        return _read(context, asked, record_type, key)


def _withdrawal(record_type: RecordType, may: type[Actor]) -> None:
    @router.delete(
        f"/{record_type.name}/{{key:path}}",
        name=f"withdraw_{record_type.name}",
        operation_id=f"withdraw_{record_type.name}",
        **documented(
            f"Retirer {LABELS[record_type.name]}",
            "Ajoute une version qui dit que l'enregistrement était faux : dès ce jour il n'est ni "
            "montré ni compté. Rien n'est effacé ; l'enregistrer à nouveau annule le retrait.",
            responses={
                200: ("Déjà retiré : rien n'a changé.", SavedRecord),
                201: ("Le retrait est enregistré.", SavedRecord),
            },
            problems=(
                wording.NOT_FOUND,
                wording.CONFLICT,
                wording.UNUSABLE_INPUT,
                wording.INVALID_REQUEST,
            ),
        ),
    )
    def withdraw(
        context: TheContext,
        actor: may,  # type: ignore[valid-type]  # who may differs by record type
        key: RecordId,
        language: TheLanguage,
        known_on: KnownOn = None,
    ) -> Response:
        """Store that a record was wrong."""
        done = withdraw_record(
            context, actor=actor, record_type=record_type, key=key, known_on=known_on
        )
        return stored_response(done, language)


def _read(context: AppContext, asked: ReadRequest, record_type: RecordType, key: str) -> Response:
    with asked.reading() as reads:
        versions = record_versions(reads, record_type=record_type, key=key)
    last = versions[-1].row
    record_reading(
        context,
        actor=reads.actor,
        record_type=record_type,
        contract_id=last.contract_id,
        versions=len(versions),
    )
    content = {
        "record": record_type.name,
        "withdrawn": last.withdrawn,
        "versions": [
            {**v.row._asdict(), "recorded_at": v.recorded_at, "recorded_by": v.recorded_by}
            for v in versions
        ],
    }
    return reply(content, headers={"Cache-Control": "private, no-store"})


for kind, who in ((CONTRACT, MayWrite), (INTERVIEW, MayRecord), (EVENT, MayRecord)):
    _withdrawal(kind, who)
_withdrawal(OUTCOME, MayWrite)
for kind in (CONTRACT, INTERVIEW, EVENT, OUTCOME):
    _reading(kind)
