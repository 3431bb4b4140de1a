"""Importing a file of records: a job with an address of its own, or at once for a small file."""

import asyncio
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from features.common.errors import StoreError
from serving.actors import Actor
from serving.api import problem_texts as wording
from serving.api.dependencies import JSON, TheContext
from serving.api.documented import documented
from serving.api.import_models import Imported as ImportedModel
from serving.api.import_models import ImportJob as ImportJobModel
from serving.api.import_responses import address_of, job_content, problem_of_job
from serving.api.parameters import ImportId, Known, MayWrite
from serving.api.prefer import seconds_to_wait
from serving.api.problems import ProblemError
from serving.api.record_models import Day
from serving.api.responses import reply
from serving.api.uploads import CSV, FORM, XLSX, ZIP, received
from serving.context import AppContext
from serving.operations import import_jobs
from serving.operations.import_jobs import ImportJob, ImportStatus, result_of
from serving.operations.import_limits import FileSize, size_of
from serving.operations.imports import import_records
from serving.runtime.import_process import ImportTask, Options
from serving.runtime.import_runner import ImportRunner
from serving.runtime.upload_folders import upload_folder

router = APIRouter(prefix="/v1", tags=["Enregistrer"])
SMALL = FileSize(2_000_000, 5_000)  # read at once for who prefers to wait
UNFOLDED = 10  # times the limit of a sent file, once a workbook is unpacked
PRIVATE = {"Cache-Control": "private, no-store"}
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
        **{media_type: {"schema": FILE} for media_type in (ZIP, CSV, XLSX)},
        FORM: {
            "schema": {
                "type": "object",
                "properties": {"file": FILE},
                "required": ["file"],
            }
        },
    },
}


class TableResponse(Response):
    """A table for a spreadsheet."""

    media_type = CSV


@router.post(
    "/imports",
    **documented(
        "Importer un fichier",
        "Un fichier JSON de dossiers V3, une table ou le modèle national (CSV ou xlsx), ou un zip "
        "de tables (contracts, interviews, events, outcomes), en corps ou dans le champ `file` "
        "d'un formulaire. Le fichier est lu à part : la réponse est l'adresse où suivre l'import. "
        "Avec l'en-tête `Prefer: wait=N` (RFC 7240), la fin est attendue N secondes au plus, et un "
        "petit fichier est lu tout de suite. Les bonnes lignes sont "
        "gardées, les autres refusées avec leur raison, sans leur valeur ; importer deux fois le "
        "même fichier ne change rien.",
        responses={
            200: ("Ce que sont devenues les lignes.", ImportedModel),
            202: ("Le fichier est reçu ; `Location` dit où suivre l'import.", ImportJobModel),
        },
        problems=(
            wording.UNUSABLE_INPUT,
            wording.CONFLICT,
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
    """Receive the file, then read it at once or let a process of its own do so."""
    options = Options(received_on, full, confirm)
    wait = seconds_to_wait(request.headers.getlist("prefer"))
    with ExitStack() as stack:
        folder = stack.enter_context(upload_folder())
        path = await received(request, folder, largest=context.settings.import_limit)
        size = await run_in_threadpool(_within_limits, context, path)
        if wait is not None and size.size <= SMALL.size and size.rows <= SMALL.rows:
            done = await run_in_threadpool(
                import_records, context, actor=actor, path=path, **options()
            )
            return reply(result_of(done))
        runner: ImportRunner = request.app.state.import_runner
        if runner.is_full:
            raise ProblemError(wording.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})
        job = await run_in_threadpool(import_jobs.begin_import, context, actor=actor)
        task = ImportTask(context.settings, context.now, actor, path, options)
        ended = asyncio.wrap_future(runner.submit(job, task, folder=stack.pop_all()))
    if wait is not None:
        await asyncio.wait({ended}, timeout=wait)
    return await run_in_threadpool(_begun, context, actor, job)


@router.get(
    "/imports/{import_id}",
    **documented(
        "Suivre un import",
        "Où en est un import, et ce que sont devenues les lignes. Visible de qui a envoyé le "
        "fichier et de l'administration. Un import `failed` peut être renvoyé tel quel.",
        responses={200: ("L'import.", ImportJobModel)},
        problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
    ),
)
def show_import(context: TheContext, actor: Known, import_id: ImportId) -> Response:
    """Return a job; one whose process is gone is reported as failed."""
    with suppress(StoreError):  # the database's one writer may be that very import
        import_jobs.fail_abandoned(context)
    job = _job(context, actor, import_id)
    headers = PRIVATE if job.is_finished else {**PRIVATE, "Retry-After": "2"}
    return reply(job_content(job), headers=headers)


@router.get(
    "/imports/{import_id}/rejects",
    **documented(
        "Lire les lignes refusées d'un import",
        "En CSV, avec ce qui est venu, pour corriger le fichier. Réservé à qui l'a envoyé et à "
        "l'administration, pendant trente jours ; la lecture est inscrite au journal.",
        responses={200: ("Les lignes refusées.", None)},
        problems=(wording.NOT_FOUND, wording.INVALID_REQUEST),
    )
    | {"response_class": TableResponse},
)
def read_rejects(context: TheContext, actor: Known, import_id: ImportId) -> Response:
    """Return the refused rows as they came."""
    text = import_jobs.read_rejects(context, actor=actor, import_id=import_id)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="rejects.csv"'}
    return TableResponse(text, headers=headers)


def _within_limits(context: AppContext, path: Path) -> FileSize:
    """Return the size of what was sent. Raises ProblemError when it is above a limit."""
    size, settings = size_of(path), context.settings
    if size.rows > settings.import_rows or size.size > UNFOLDED * settings.import_limit:
        raise ProblemError(wording.TOO_LARGE)
    return size


def _job(context: AppContext, actor: Actor, import_id: str) -> ImportJob:
    with context.reading(actor) as reads:
        return import_jobs.import_job(reads, import_id=import_id)


def _begun(context: AppContext, actor: Actor, begun: ImportJob) -> Response:
    """Return the end of an import that was waited for, else where to follow it."""
    job = _job(context, actor, begun.import_id)
    if job.status is ImportStatus.DONE:
        return reply(job.result, headers={"Content-Location": address_of(job)})
    if job.status is ImportStatus.REFUSED:
        raise problem_of_job(job)
    headers = {**PRIVATE, "Location": address_of(job), "Retry-After": "2"}
    return reply(job_content(job), status=202, headers=headers)
