"""Mon équipe: the caseloads of a coordinator's site."""

from fastapi import APIRouter, Response

from serving.actors import Role
from serving.pages.shared.requests import ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.pages.team.view import (
    LATELY_DAYS,
    TeamView,
    caseloads_of,
    months_of,
    recorded_by,
    unseen_cases,
)
from serving.queries.case_summary import CaseSummary
from serving.queries.caseload import (
    Account,
    advisors_of,
    caseload_of,
    horizon_days,
    recorded_lately,
)
from serving.queries.observed_expected import DECLARATION_DELAY_DAYS, months_matured

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/equipe")
def show_team(asked: ThePage) -> Response:
    """The caseloads of a coordinator's site, what was expected of them and what was recorded."""
    horizon, today = horizon_days(asked.context), asked.context.today
    with asked.reading(Role.COORDINATOR) as reader:
        reads, frame, t = reader.reads, reader.frame(place="team"), reader.t
        cases, advisors = caseload_of(reads), advisors_of(reads)
        counts = recorded_lately(reads, days=LATELY_DAYS)
        months = months_matured(reads, horizon_days=horizon)
    named = [(a.display_name, c) for a in advisors for c in cases if _is_of(c, a)]
    view = TeamView(
        caseloads=caseloads_of(advisors, cases, today=today, t=t),
        months=months_of(months, t=t),
        unseen=unseen_cases(named, today=today, t=t),
        recorded=recorded_by(advisors, counts),
        wait_days=horizon + DECLARATION_DELAY_DAYS,
    )
    return page("team.html", frame, view=view)


def _is_of(case: CaseSummary, advisor: Account) -> bool:
    return case.contract_summary.advisor_id == advisor.advisor_id
