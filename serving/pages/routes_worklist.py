"""Mes suivis: the list, searched and filtered, and the same list as a CSV file."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from serving.actors import Role
from serving.house import House
from serving.pages.filters import Filters, narrowed
from serving.pages.gathering import caseload_of, horizon_days
from serving.pages.site import PageRoute, TheSession, actor_in, frame_of, house_of, page, words_of
from serving.pages.wording import Wording
from serving.pages.worklist_page import EXPORT, PATH, WorklistView, worklist_view
from serving.pages.worklist_view import WorklistRow, worklist_rows
from serving.store.sessions import Session

router = APIRouter(route_class=PageRoute, include_in_schema=False)
FOLLOWERS = (Role.ADVISOR, Role.COORDINATOR)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take them for a formula


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
    house, t = house_of(request), words_of(request, session)
    cases = caseload_of(house, actor=actor_in(request, session, *FOLLOWERS))
    kept = narrowed(cases, Filters.read(request.query_params), today=house.today)
    rows = worklist_rows(kept, horizon_days=horizon_days(house), today=house.today, t=t)
    headers = {"Content-Disposition": 'attachment; filename="suivis.csv"'}
    return Response(_csv(rows, t), media_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, session: Session, filters: Filters) -> Response:
    house, t = house_of(request), words_of(request, session)
    view = _view(request, house, session, filters, t)
    return page("worklist.html", frame_of(request, session, place="worklist"), view=view)


def _view(
    request: Request, house: House, session: Session, filters: Filters, t: Wording
) -> WorklistView:
    return worklist_view(
        caseload_of(house, actor=actor_in(request, session, *FOLLOWERS)),
        filters=filters,
        capacity=session.account.capacity,
        random_share=house.settings.random_share,
        horizon_days=horizon_days(house),
        today=house.today,
        t=t,
    )


def _csv(rows: tuple[WorklistRow, ...], t: Wording) -> str:
    """Semicolons and a byte order mark, as French spreadsheets expect."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";")
    names = ("contract", "person", "employer", "centre", "level", "risk", "seen", "reasons", "step")
    writer.writerow([t(f"csv.{name}") for name in names])
    for row in rows:
        reasons = " | ".join(reason.sentence for reason in row.reasons) or (row.why_not or "")
        cells = (
            row.contract_id,
            row.person,
            row.employer,
            row.centre,
            row.level.word,
            row.chances.percent if row.chances else "",
            row.last_seen,
            reasons,
            row.next_step,
        )
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
