"""Recording an interview, an event, a support action, the end of a contract."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from features.common.errors import ConflictError, InputError, NotFoundError
from features.records.schema import LONGEST_TEXT
from serving.actors import FOLLOWERS
from serving.operations import records
from serving.operations.records import Kept
from serving.pages.records.fields import Reading
from serving.pages.records.forms import (
    FORMS,
    SUPPORT,
    FormKind,
    FormView,
    blank,
    form_view,
    read_form,
)
from serving.pages.records.note_words import remarks_on
from serving.pages.records.saved import saved_view
from serving.pages.shared.addresses import case_path
from serving.pages.shared.site import (
    PageRoute,
    TheSession,
    actor_in,
    context_of,
    frame_of,
    page,
    words_of,
)
from serving.queries.caseload import person_of
from serving.queries.cases import latest_assessment
from serving.store.assessments import StoredAssessment
from serving.store.sessions import Session

router = APIRouter(route_class=PageRoute, include_in_schema=False)
NAMES = {"entretien": "interview", "evenement": "event", "action": "support", "fin": "end"}
KEEP: dict[str, Callable[..., Kept]] = {
    "interview": records.keep_interview,
    "event": records.keep_event,
    "support": records.keep_event,
    "end": records.keep_outcome,
}


@router.post("/notes/relecture")
def review(
    request: Request, session: TheSession, note: Annotated[str, Form(max_length=LONGEST_TEXT)] = ""
) -> Response:
    """Point out, while a note is written, words that do not belong in it; nothing is kept."""
    actor_in(request, session, *FOLLOWERS)
    form = FormView("interview", "", {}, (), remarks_on(note))
    return page("parts/remarks.html", frame_of(request, session), form=form)


def blank_form(request: Request, session: TheSession, contract_id: str) -> Response:
    """Return an empty form."""
    kind = _kind(request)
    day = kind.groups[next(iter(kind.groups))][0]
    context = context_of(request)
    reading = blank(**({} if kind.name == "end" else {day: context.today.isoformat()}))
    return _form(request, session, contract_id, reading, record_id=secrets.token_hex(12))


async def keep(request: Request, session: TheSession, contract_id: str) -> Response:
    """Keep what was typed, or show it again with what is to be looked at."""
    sent = await request.form()
    typed = {k: v for k, v in sent.items() if isinstance(v, str)}
    return await run_in_threadpool(_keep, request, session, contract_id, typed)


for address in NAMES:
    router.add_api_route(f"/suivis/{{contract_id:path}}/{address}", blank_form, methods=["GET"])
    router.add_api_route(f"/suivis/{{contract_id:path}}/{address}", keep, methods=["POST"])


def _keep(request: Request, session: Session, contract_id: str, typed: dict[str, str]) -> Response:
    context, kind, t = context_of(request), _kind(request), words_of(request, session)
    reading = read_form(kind, typed, today=context.today, t=t)
    record_id = _record_id(typed)
    if reading.errors:
        return _form(request, session, contract_id, reading, record_id=record_id, status=422)
    before = _latest(request, session, contract_id)
    try:
        kept = KEEP[kind.name](
            context,
            actor=actor_in(request, session, *FOLLOWERS),
            record=_record(kind, reading, contract_id, record_id),
        )
    except (InputError, ConflictError):
        first = kind.names[0]
        refused = Reading(reading.values, reading.typed, {first: t("error.conflict")})
        return _form(request, session, contract_id, refused, record_id=record_id, status=422)
    why_none = kept.why_no_assessment
    view = saved_view(contract_id, before=before, after=kept.assessment, why_none=why_none, t=t)
    done = f"{kind.name}:{contract_id}"
    return page("saved.html", frame_of(request, session, draft_done=done), view=view)


def _form(
    request: Request,
    session: Session,
    contract_id: str,
    reading: Reading,
    *,
    record_id: str,
    status: int = 200,
) -> Response:
    context = context_of(request)
    person = person_of(
        context, actor=actor_in(request, session, *FOLLOWERS), contract_id=contract_id
    )
    response = page(
        "record.html",
        frame_of(request, session),
        form=form_view(_kind(request), reading, record_id=record_id),
        person=person,
        path=case_path(contract_id),
        action=f"{case_path(contract_id)}/{_address(request)}",
        contract_id=contract_id,
        today=context.today.isoformat(),
    )
    response.status_code = status
    return response


def _address(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


def _kind(request: Request) -> FormKind:
    return FORMS[NAMES[_address(request)]]


def _record(kind: FormKind, reading: Reading, contract_id: str, record_id: str) -> dict[str, Any]:
    """Return the record to keep.

    Its id comes from the form, so that sending it twice changes nothing.
    """
    record = {**reading.values, "contract_id": contract_id}
    if kind.record_type.key != "contract_id":
        record[kind.record_type.key] = f"page:{record_id}"
    if kind.name == SUPPORT:
        record["kind"] = SUPPORT
    return record


def _record_id(typed: dict[str, str]) -> str:
    """Return the id of the form; one that is not ours is replaced."""
    told = typed.get("record_id", "")
    fine = told.isalnum() and told.isascii() and len(told) == 24
    return told if fine else secrets.token_hex(12)


def _latest(request: Request, session: Session, contract_id: str) -> StoredAssessment | None:
    """Return the assessment before the record; None when there is none yet."""
    actor = actor_in(request, session, *FOLLOWERS)
    person_of(context_of(request), actor=actor, contract_id=contract_id)
    try:
        return latest_assessment(context_of(request), actor=actor, contract_id=contract_id)
    except NotFoundError:
        return None
