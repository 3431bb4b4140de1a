"""Mes suivis: the list, searched and filtered, and the same list as a CSV file."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from serving.actors import FOLLOWERS
from serving.pages.shared.requests import PageRequest, ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.pages.worklist.filters import Filters
from serving.pages.worklist.rows import worklist_rows
from serving.pages.worklist.spreadsheet import spreadsheet
from serving.pages.worklist.view import EXPORT, PATH, shown, worklist_view
from serving.queries.caseload import caseload_of, horizon_days, list_and_compared
from serving.queries.programme import due_follow_ups
from serving.queries.weekly_draw import week_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Searched = Annotated[str, Form(max_length=200)]


@router.get(PATH)
def show(request: Request, asked: ThePage) -> Response:
    """The list, as the address says."""
    return _page(asked, Filters.read(request.query_params))


@router.post(PATH)
def search(request: Request, asked: ThePage, q: Searched = "") -> Response:
    """The list searched for a text, which may be a name and so is in no address."""
    return _page(asked, Filters.read(request.query_params, q=q))


@router.get(EXPORT)
def export(request: Request, asked: ThePage) -> Response:
    """The whole list as CSV, in the order and with the filters of the address."""
    return _export(asked, Filters.read(request.query_params))


@router.post(EXPORT)
def export_found(request: Request, asked: ThePage, q: Searched = "") -> Response:
    """What a search found, as CSV: its text is in no address."""
    return _export(asked, Filters.read(request.query_params, q=q))


def _export(asked: PageRequest, filters: Filters) -> Response:
    context, today = asked.context, asked.context.today
    with asked.reading(*FOLLOWERS) as reader:
        cases = caseload_of(reader.reads)
        week = week_of(reader.reads, cases, capacity=reader.account.capacity)
    passing, t = shown(cases, week, filters, today=today), reader.t
    rows = worklist_rows(
        passing, horizon_days=horizon_days(context), today=today, t=t, random=week.random
    )
    text = spreadsheet(rows, to_see={case.contract_id for case in week.to_see}, t=t)
    headers = {"Content-Disposition": 'attachment; filename="suivis.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _page(asked: PageRequest, filters: Filters) -> Response:
    context = asked.context
    with asked.reading(*FOLLOWERS) as reader:
        cases, compared = list_and_compared(reader.reads)
        frame = reader.frame(place="worklist")
        week = week_of(reader.reads, cases, capacity=reader.account.capacity)
        due = len(due_follow_ups(reader.reads, on=context.today))
    view = worklist_view(
        cases,
        week=week,
        filters=filters,
        capacity=reader.account.capacity,
        horizon_days=horizon_days(context),
        today=context.today,
        t=reader.t,
    )
    return page("worklist.html", frame, view=replace(view, follow_ups=due, compared=compared))
