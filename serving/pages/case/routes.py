"""One case: its page, its records with their versions, what advisors answer, the explanation."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from features.common.errors import InputError, NotFoundError
from features.records.declarations import CONTRACT
from serving.actors import FOLLOWERS
from serving.operations.feedback import give_feedback
from serving.operations.handout import record_handout
from serving.operations.records import restore_record, withdraw_record
from serving.operations.views import is_view_due, record_reading, record_view
from serving.pages.case.handout import handout_of
from serving.pages.case.versions import VersionsView, record_type_of, versions_view
from serving.pages.case.view import CaseView, case_view
from serving.pages.shared.addresses import case_path
from serving.pages.shared.rendering import Frame
from serving.pages.shared.requests import PageReader, PageRequest, ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.pages.shared.saved import saved_view
from serving.queries.caseload import horizon_days
from serving.queries.cases import case_file, person_and_assessment
from serving.queries.stored_records import record_versions
from serving.wording import wording

# Before the forms of records, whose addresses look alike.
explained = APIRouter(route_class=PageRoute, include_in_schema=False)
router = APIRouter(route_class=PageRoute, include_in_schema=False)
Short = Annotated[str, Form(max_length=100)]
Word = Annotated[str, Query(max_length=100)]
ID_PATTERN = CONTRACT[CONTRACT.key].pattern
Key = Annotated[str, Query(alias="id", pattern=ID_PATTERN)]
What = Annotated[Literal["withdraw", "restore"], Form()]
TypedKey = Annotated[str, Form(alias="id", pattern=ID_PATTERN)]
Comment = Annotated[str, Form(max_length=2000)]


@explained.get("/suivis/{contract_id:path}/donnees")
def explain(asked: ThePage, contract_id: str) -> Response:
    """The explanation for the person concerned, to be printed."""
    with asked.reading(*FOLLOWERS) as reader:
        case, frame = case_file(reader.reads, contract_id=contract_id), reader.frame()
    record_handout(asked.context, actor=reader.actor, case=case)
    return page("handout_page.html", frame, view=handout_of(case, asked.context, t=reader.t))


@explained.post("/suivis/{contract_id:path}/reponse")
def answer(  # one parameter per field of the form
    asked: ThePage,
    contract_id: str,
    kind: Short = "",
    reason: Short = "",
    comment: Comment = "",
    until: Short = "",
) -> Response:
    """Keep what the advisor says of the assessment."""
    with asked.reading(*FOLLOWERS) as reader:
        actor = reader.actor
    try:
        give_feedback(
            asked.context,
            actor=actor,
            contract_id=contract_id,
            kind=kind,
            reason=reason or None,
            comment=comment.strip() or None,
            until=_day(until),
        )
    except InputError:
        return _refused(asked, contract_id, kind)
    return RedirectResponse(f"{case_path(contract_id)}?avis={kind}", status_code=303)


@explained.get("/suivis/{contract_id:path}/fiche")
def show_record(asked: ThePage, contract_id: str, nature: Word, key: Key) -> Response:
    """One record with its versions; that they were read is recorded each time."""
    record_type = record_type_of(nature)
    with asked.reading(*FOLLOWERS) as reader:
        view = _versions(reader, contract_id, nature, key)
        person, _ = person_and_assessment(reader.reads, contract_id=contract_id)
        frame = reader.frame()
    record_reading(
        asked.context,
        actor=reader.actor,
        record_type=record_type,
        contract_id=contract_id,
        versions=len(view.versions),
    )
    return page("versions.html", frame, view=view, person=person)


@explained.post("/suivis/{contract_id:path}/fiche")
def change_record(
    asked: ThePage, contract_id: str, nature: Short, key: TypedKey, what: What
) -> Response:
    """Withdraw a record that was wrong, or undo that."""
    record_type = record_type_of(nature)
    with asked.reading(*FOLLOWERS) as reader:
        _versions(reader, contract_id, nature, key)
        _, before = person_and_assessment(reader.reads, contract_id=contract_id)
        frame, t = reader.frame(), reader.t
    change = restore_record if what == "restore" else withdraw_record
    done = change(asked.context, actor=reader.actor, record_type=record_type, key=key)
    view = saved_view(contract_id, before=before, saved=done, t=t)
    return page("saved.html", frame, view=view)


def _versions(reader: PageReader, contract_id: str, nature: str, key: str) -> VersionsView:
    """Return a record of this case. Raises NotFoundError for one of another."""
    record_type = record_type_of(nature)
    found = record_versions(reader.reads, record_type=record_type, key=key)
    if found[-1].row.contract_id != contract_id:
        raise NotFoundError("record: expected one of this contract, got one of another")
    today = reader.context.today
    return versions_view(found, record_type=record_type, key=key, today=today, t=reader.t)


@router.get("/suivis/{contract_id:path}")
def show(asked: ThePage, contract_id: str, avis: str = "") -> Response:
    """The page of a case; `avis` is the kind of answer that was just kept."""
    view, frame = _read(asked, contract_id)
    done = f"{avis}:{contract_id}" if avis in view.answer_reasons or avis == "action" else None
    notice = wording(frame.language)("feedback.thanks") if avis else None
    return page("case.html", replace(frame, notice=notice, draft_done=done), view=view)


def _read(asked: PageRequest, contract_id: str) -> tuple[CaseView, Frame]:
    """Return the case, once it is recorded that it is shown."""
    context = asked.context
    with asked.reading(*FOLLOWERS) as reader:
        case, frame = case_file(reader.reads, contract_id=contract_id), reader.frame()
        due = is_view_due(reader.reads, contract_id=contract_id)
    if due:
        record_view(context, actor=reader.actor, contract_id=contract_id)
    view = case_view(case, horizon_days=horizon_days(context), today=context.today, t=reader.t)
    return view, frame


def _refused(asked: PageRequest, contract_id: str, kind: str) -> Response:
    view, frame = _read(asked, contract_id)
    error = wording(frame.language)("feedback.missing")
    view = replace(view, answering=kind, answer_error=error)
    return page("case.html", frame, status_code=422, view=view)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
