"""Mon équipe: the caseloads of a coordinator's site."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from serving.actors import Role
from serving.pages.shared.site import (
    PageRoute,
    TheSession,
    actor_in,
    context_of,
    frame_of,
    page,
    words_of,
)
from serving.pages.team.view import (
    LATELY_DAYS,
    TeamView,
    caseloads_of,
    months_of,
    recorded_lately,
    unseen_cases,
)
from serving.queries.case_summary import CaseSummary
from serving.queries.caseload import advisors_of, caseload_of, horizon_days
from serving.queries.observed_expected import DECLARATION_DELAY_DAYS, months_matured
from serving.store import contract_summaries, team
from serving.store.accounts import Account

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/equipe")
def show_team(request: Request, session: TheSession) -> Response:
    """The caseloads of a coordinator's site, what was expected of them and what was recorded."""
    context, t = context_of(request), words_of(request, session)
    actor = actor_in(request, session, Role.COORDINATOR)
    cases, advisors = caseload_of(context, actor=actor), advisors_of(context, actor=actor)
    seen, since = contract_summaries.visible_to(actor), context.today - timedelta(days=LATELY_DAYS)
    with context.store.reading() as connection:
        counts = team.recorded_since(connection, seen=seen, since=since)
    horizon = horizon_days(context)
    months = months_matured(context, actor=actor, horizon_days=horizon)
    named = [(a.display_name, c) for a in advisors for c in cases if _is_of(c, a)]
    view = TeamView(
        caseloads=caseloads_of(advisors, cases, today=context.today, t=t),
        months=months_of(months, t=t),
        unseen=unseen_cases(named, today=context.today, t=t),
        recorded=recorded_lately(advisors, counts),
        wait_days=horizon + DECLARATION_DELAY_DAYS,
    )
    return page("team.html", frame_of(request, session, place="team"), view=view)


def _is_of(case: CaseSummary, advisor: Account) -> bool:
    return case.contract_summary.advisor_id == advisor.advisor_id
