"""Le modèle and Mon équipe: the pages that are not about one case."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from features.errors import BundleError
from serving.actors import Role
from serving.expectations import DECLARATION_DELAY_DAYS, months_matured
from serving.pages.followed import Followed
from serving.pages.gathering import advisors_of, caseload_of, horizon_days
from serving.pages.model_view import model_view, versions_of
from serving.pages.site import PageRoute, TheSession, actor_in, frame_of, house_of, page, words_of
from serving.pages.team_view import (
    LATELY_DAYS,
    TeamView,
    caseloads_of,
    months_of,
    recorded_lately,
    unseen_cases,
)
from serving.store import models, standings, team
from serving.store.accounts import Account

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/modele")
def show_model(request: Request, session: TheSession) -> Response:
    """What the model in service is, and which ones came before, to whoever is signed in."""
    actor_in(request, session)
    house, t = house_of(request), words_of(request, session)
    frame = frame_of(request, session, place="model")
    with house.store.reading() as connection:
        served = models.every(connection)
    versions = versions_of(served, zone=house.settings.zone, t=t)
    try:
        view = model_view(house.model.current().bundle, t=t)
    except BundleError:
        view = None
    return page("model.html", frame, view=view, versions=versions)


@router.get("/equipe")
def show_team(request: Request, session: TheSession) -> Response:
    """The caseloads of a coordinator's site, what was expected of them and what was recorded."""
    house, t = house_of(request), words_of(request, session)
    actor = actor_in(request, session, Role.COORDINATOR)
    cases, advisors = caseload_of(house, actor=actor), advisors_of(house, actor=actor)
    seen, since = standings.visible_to(actor), house.today - timedelta(days=LATELY_DAYS)
    with house.store.reading() as connection:
        counts = team.recorded_since(connection, seen=seen, since=since)
    horizon = horizon_days(house)
    months = months_matured(house, actor=actor, horizon_days=horizon)
    named = [(a.display_name, c) for a in advisors for c in cases if _is_of(c, a)]
    view = TeamView(
        caseloads=caseloads_of(advisors, cases, today=house.today, t=t),
        months=months_of(months, t=t),
        unseen=unseen_cases(named, today=house.today, t=t),
        recorded=recorded_lately(advisors, counts),
        wait_days=horizon + DECLARATION_DELAY_DAYS,
    )
    return page("team.html", frame_of(request, session, place="team"), view=view)


def _is_of(case: Followed, advisor: Account) -> bool:
    return case.standing.advisor_id == advisor.advisor_id
