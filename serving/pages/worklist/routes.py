"""Mes suivis: the list, searched and filtered, and the same list as a CSV file."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from serving.actors import FOLLOWERS
from serving.context import AppContext
from serving.pages.shared.site import (
    PageRoute,
    TheSession,
    actor_in,
    context_of,
    frame_of,
    page,
    words_of,
)
from serving.pages.shared.wording import Wording
from serving.pages.worklist.filters import Filters
from serving.pages.worklist.rows import worklist_rows
from serving.pages.worklist.spreadsheet import spreadsheet
from serving.pages.worklist.view import EXPORT, PATH, WorklistView, shown, worklist_view
from serving.queries.caseload import caseload_of, horizon_days
from serving.queries.worklist import this_week
from serving.store.sessions import Session

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get(PATH)
def show(request: Request, session: TheSession) -> Response:
    """The list, as the address says."""
    return _page(request, session, Filters.read(request.query_params))


@router.post(PATH)
def search(
    request: Request, session: TheSession, q: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """The list searched for a text, which may be a name and so is in no address."""
    return _page(request, session, Filters.read(request.query_params, q=q))


@router.get(EXPORT)
def export(request: Request, session: TheSession) -> Response:
    """The whole list as CSV, in the order and with the filters of the address."""
    return _export(request, session, Filters.read(request.query_params))


@router.post(EXPORT)
def export_found(
    request: Request, session: TheSession, q: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """What a search found, as CSV: its text is in no address."""
    return _export(request, session, Filters.read(request.query_params, q=q))


def _export(request: Request, session: Session, filters: Filters) -> Response:
    context, t = context_of(request), words_of(request, session)
    today = context.today
    cases = caseload_of(context, actor=actor_in(request, session, *FOLLOWERS))
    week = this_week(
        cases,
        capacity=session.account.capacity,
        random_share=context.settings.random_share,
        today=today,
    )
    kept = shown(cases, week, filters, today=today)
    rows = worklist_rows(
        kept, horizon_days=horizon_days(context), today=today, t=t, random=week.random
    )
    text = spreadsheet(rows, to_see={case.contract_id for case in week.to_see}, t=t)
    headers = {"Content-Disposition": 'attachment; filename="suivis.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, session: Session, filters: Filters) -> Response:
    context, t = context_of(request), words_of(request, session)
    view = _view(request, context, session, filters, t)
    return page("worklist.html", frame_of(request, session, place="worklist"), view=view)


def _view(
    request: Request, context: AppContext, session: Session, filters: Filters, t: Wording
) -> WorklistView:
    return worklist_view(
        caseload_of(context, actor=actor_in(request, session, *FOLLOWERS)),
        filters=filters,
        capacity=session.account.capacity,
        random_share=context.settings.random_share,
        horizon_days=horizon_days(context),
        today=context.today,
        t=t,
    )
