"""Recording an interview, an event, a support action, the end of a contract."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool

from features.common.errors import ConflictError, InputError
from features.common.json_types import ColumnValues
from features.records.schema import LONGEST_TEXT
from serving.actors import FOLLOWERS, Actor
from serving.operations import records
from serving.operations.records import SavedRecord
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
from serving.pages.shared.addresses import case_path
from serving.pages.shared.rendering import Frame
from serving.pages.shared.requests import PageRequest, ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.pages.shared.saved import saved_view
from serving.queries.assessments import StoredAssessment
from serving.queries.cases import person_and_assessment
from serving.wording import Wording

router = APIRouter(route_class=PageRoute, include_in_schema=False)
NAMES = {"entretien": "interview", "evenement": "event", "action": "support", "fin": "end"}
KEEP: dict[str, Callable[..., SavedRecord]] = {
    "interview": records.keep_interview,
    "event": records.keep_event,
    "support": records.keep_event,
    "end": records.keep_outcome,
}


@dataclass(frozen=True)
class _Read:
    """What is read before a form is shown or its record written."""

    actor: Actor
    frame: Frame
    t: Wording
    person: str
    before: StoredAssessment | None


@router.post("/notes/relecture")
def review(asked: ThePage, note: Annotated[str, Form(max_length=LONGEST_TEXT)] = "") -> Response:
    """Point out, while a note is written, words that do not belong in it; nothing is stored."""
    with asked.reading(*FOLLOWERS) as reader:
        frame = reader.frame()
    form = FormView("interview", "", {}, (), remarks_on(note))
    return page("parts/remarks.html", frame, form=form)


def blank_form(request: Request, asked: ThePage, contract_id: str) -> Response:
    """Return an empty form."""
    kind, today = _kind(request), asked.context.today
    day = kind.groups[next(iter(kind.groups))][0]
    reading = blank(**({} if kind.name == "end" else {day: today.isoformat()}))
    read = _read(asked, contract_id)
    return _form(request, read, contract_id, reading, record_id=secrets.token_hex(12), today=today)


async def keep(request: Request, asked: ThePage, contract_id: str) -> Response:
    """Keep what was typed, or show it again with what is to be looked at."""
    sent = await request.form()
    typed = {k: v for k, v in sent.items() if isinstance(v, str)}
    return await run_in_threadpool(_keep, request, asked, contract_id, typed)


for address in NAMES:
    router.add_api_route(f"/suivis/{{contract_id:path}}/{address}", blank_form, methods=["GET"])
    router.add_api_route(f"/suivis/{{contract_id:path}}/{address}", keep, methods=["POST"])


def _keep(
    request: Request, asked: PageRequest, contract_id: str, typed: dict[str, str]
) -> Response:
    context, kind, record_id = asked.context, _kind(request), _record_id(typed)
    today = context.today
    read = _read(asked, contract_id)
    reading = read_form(kind, typed, today=today, t=read.t)
    if reading.errors:
        return _form(request, read, contract_id, reading, record_id=record_id, today=today)
    record = _record(kind, reading, contract_id, record_id)
    try:
        saved = KEEP[kind.name](context, actor=read.actor, record=record)
    except (InputError, ConflictError):
        first = kind.names[0]
        refused = Reading(reading.values, reading.typed, {first: read.t("error.conflict")})
        return _form(request, read, contract_id, refused, record_id=record_id, today=today)
    view = saved_view(contract_id, before=read.before, saved=saved, t=read.t)
    done = replace(read.frame, draft_done=f"{kind.name}:{contract_id}")
    return page("saved.html", done, view=view)


def _read(asked: PageRequest, contract_id: str) -> _Read:
    """Read all that a form needs, in one transaction. Raises NotFoundError."""
    with asked.reading(*FOLLOWERS) as reader:
        person, before = person_and_assessment(reader.reads, contract_id=contract_id)
        return _Read(reader.actor, reader.frame(), reader.t, person, before)


def _form(
    request: Request,
    read: _Read,
    contract_id: str,
    reading: Reading,
    *,
    record_id: str,
    today: date,
) -> Response:
    return page(
        "record.html",
        read.frame,
        status_code=422 if reading.errors else 200,
        form=form_view(_kind(request), reading, record_id=record_id),
        person=read.person,
        path=case_path(contract_id),
        action=f"{case_path(contract_id)}/{_address(request)}",
        contract_id=contract_id,
        today=today.isoformat(),
    )


def _address(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


def _kind(request: Request) -> FormKind:
    return FORMS[NAMES[_address(request)]]


def _record(kind: FormKind, reading: Reading, contract_id: str, record_id: str) -> ColumnValues:
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
    record_id = typed.get("record_id", "")
    fine = record_id.isalnum() and record_id.isascii() and len(record_id) == 24
    return record_id if fine else secrets.token_hex(12)
