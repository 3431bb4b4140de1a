"""Le modèle and Mon équipe: the pages that are not about one case."""

from fastapi import APIRouter, Request, Response

from features.errors import BundleError
from serving.actors import Role
from serving.pages.followed import Followed
from serving.pages.gathering import advisors_of, caseload_of
from serving.pages.model_view import model_view
from serving.pages.site import PageRoute, TheSession, actor_in, frame_of, house_of, page, words_of
from serving.pages.team_view import Caseload, TeamView, unseen_cases
from serving.pages.team_view import caseload_of as figures_of
from serving.store.accounts import Account

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/modele")
def show_model(request: Request, session: TheSession) -> Response:
    """What the model in service is, to whoever is signed in."""
    actor_in(request, session)
    frame = frame_of(request, session, place="model")
    try:
        bundle = house_of(request).model.current().bundle
    except BundleError:
        return page("model.html", frame, view=None, versions=[])
    view = model_view(bundle, t=words_of(request, session))
    return page("model.html", frame, view=view, versions=[])


@router.get("/equipe")
def show_team(request: Request, session: TheSession) -> Response:
    """The caseloads of a coordinator's site."""
    house, t = house_of(request), words_of(request, session)
    actor = actor_in(request, session, Role.COORDINATOR)
    of_advisor: dict[str | None, list[Followed]] = {}
    for case in caseload_of(house, actor=actor):
        of_advisor.setdefault(case.standing.advisor_id, []).append(case)

    def figures(account: Account) -> Caseload:
        return figures_of(
            account.display_name,
            site=account.site or "",
            cases=of_advisor.get(account.advisor_id, []),
            capacity=account.capacity,
            today=house.today,
            t=t,
        )

    accounts = advisors_of(house, actor=actor)
    named = [(a.display_name, c) for a in accounts for c in of_advisor.get(a.advisor_id, [])]
    view = TeamView(
        caseloads=tuple(figures(account) for account in accounts),
        months=(),
        unseen=unseen_cases(named, today=house.today, t=t),
        recorded=(),
    )
    return page("team.html", frame_of(request, session, place="team"), view=view)
