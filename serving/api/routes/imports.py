"""Importing a file of records."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from serving.api import problem_texts as wording
from serving.api.answers import reply
from serving.api.dependencies import JSON, TheContext
from serving.api.documented import told
from serving.api.parameters import MayWrite
from serving.api.record_models import Day
from serving.api.response_models import Imported as ImportedModel
from serving.api.uploads import FORM, ZIP, received, upload_folder
from serving.operations.imports import Imported, import_records

router = APIRouter(prefix="/v1", tags=["Enregistrer"])
MOST_REJECTS = 1_000
ReceivedOn = Annotated[
    Day | None,
    Query(description="Jour de réception des dossiers dont le nom de fichier ne dit pas de jour."),
]
Full = Annotated[
    bool,
    Query(description="Livraison complète : qui n'y est plus n'est plus transmis par son centre."),
]
Confirm = Annotated[
    bool, Query(description="Accepter une livraison complète sans beaucoup d'alternants.")
]
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        JSON: {"schema": {"type": "array", "items": {"type": "object"}}},
        ZIP: {"schema": FILE},
        FORM: {
            "schema": {
                "type": "object",
                "properties": {"file": FILE},
                "required": ["file"],
            }
        },
    },
}


@router.post(
    "/imports",
    **told(
        "Importer un fichier",
        "Un fichier JSON de dossiers V3, ou un zip de tables (contracts, interviews, events, "
        "outcomes en CSV, Parquet ou NDJSON), en corps ou dans le champ `file` d'un formulaire. "
        "Les bonnes lignes sont gardées, les autres refusées avec leur raison, sans leur valeur ; "
        "importer deux fois le même fichier ne change rien.",
        answers={200: ("Ce que sont devenues les lignes.", ImportedModel)},
        problems=(
            wording.UNUSABLE_INPUT,
            wording.UNSUPPORTED_MEDIA_TYPE,
            wording.STORAGE_FULL,
        ),
    )
    | {"openapi_extra": {"requestBody": BODY}},
)
async def import_file(
    request: Request,
    context: TheContext,
    actor: MayWrite,
    received_on: ReceivedOn = None,
    full: Full = False,
    confirm: Confirm = False,
) -> Response:
    """Read the file, then import it in a thread."""
    with upload_folder() as folder:
        path = await received(request, folder, largest=context.settings.import_limit)
        done = await run_in_threadpool(
            import_records,
            context,
            actor=actor,
            path=path,
            received_on=received_on,
            full=full,
            confirm=confirm,
        )
    return reply(_told(done))


def _told(done: Imported) -> dict[str, Any]:
    shown = ["file", "line", "table", "column", "expected", "reason"]
    return {
        "read": done.read,
        "accepted": done.kept,
        "repeated": done.repeated,
        "refused": done.refused,
        "rejects": done.rejects[shown].head(MOST_REJECTS).to_dict("records"),
        "notes": list(done.notes),
        "contracts": done.contracts,
        "assessed": done.assessed,
        "vanished": done.vanished,
    }
