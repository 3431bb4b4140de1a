"""One case: its page, what advisors answer to it, the explanation to hand out."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from features.common.errors import InputError
from serving.actors import FOLLOWERS
from serving.operations.feedback import give_feedback
from serving.operations.views import record_view
from serving.pages.case.handout import my_data_view
from serving.pages.case.page import case_page
from serving.pages.case.view import CaseView
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
from serving.queries.cases import case_records
from serving.store.sessions import Session

# Before the forms of records, whose addresses look alike.
explained = APIRouter(route_class=PageRoute, include_in_schema=False)
router = APIRouter(route_class=PageRoute, include_in_schema=False)
Short = Annotated[str, Form(max_length=100)]
Comment = Annotated[str, Form(max_length=2000)]


@explained.get("/suivis/{contract_id:path}/donnees")
def explain(request: Request, session: TheSession, contract_id: str) -> Response:
    """The explanation for the person concerned, to be printed."""
    context, t = context_of(request), words_of(request, session)
    actor = actor_in(request, session, *FOLLOWERS)
    case = case_page(context, actor=actor, contract_id=contract_id, t=t)
    record_view(context, actor=actor, contract_id=contract_id)
    versions = case_records(context, actor=actor, contract_id=contract_id).versions
    view = my_data_view(case, contract=versions["contracts"][-1], today=context.today, t=t)
    return page("my_data.html", frame_of(request, session), view=view)


@explained.post("/suivis/{contract_id:path}/reponse")
def answer(  # one parameter per field of the form
    request: Request,
    session: TheSession,
    contract_id: str,
    kind: Short = "",
    reason: Short = "",
    comment: Comment = "",
    until: Short = "",
) -> Response:
    """Keep what the advisor says of the assessment."""
    try:
        give_feedback(
            context_of(request),
            actor=actor_in(request, session, *FOLLOWERS),
            contract_id=contract_id,
            kind=kind,
            reason=reason or None,
            comment=comment.strip() or None,
            until=_day(until),
        )
    except InputError:
        return _refused(request, session, contract_id, kind)
    return RedirectResponse(f"{case_path(contract_id)}?avis={kind}", status_code=303)


@router.get("/suivis/{contract_id:path}")
def show(request: Request, session: TheSession, contract_id: str, avis: str = "") -> Response:
    """The page of a case; `avis` is the kind of answer that was just kept."""
    view = _view(request, session, contract_id)
    thanks = words_of(request, session)("feedback.thanks") if avis else None
    done = f"{avis}:{contract_id}" if avis in view.answer_reasons or avis == "action" else None
    frame = frame_of(request, session, notice=thanks, draft_done=done)
    return page("case.html", frame, view=view)


def _view(request: Request, session: Session, contract_id: str) -> CaseView:
    """Return the case, once it is kept that it is shown."""
    context, actor = context_of(request), actor_in(request, session, *FOLLOWERS)
    record_view(context, actor=actor, contract_id=contract_id)
    return case_page(context, actor=actor, contract_id=contract_id, t=words_of(request, session))


def _refused(request: Request, session: Session, contract_id: str, kind: str) -> Response:
    told = words_of(request, session)("feedback.missing")
    view = replace(_view(request, session, contract_id), answering=kind, answer_error=told)
    response = page("case.html", frame_of(request, session), view=view)
    response.status_code = 422
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
