"""What the pages read from the store, gathered into cases; what an actor may not see is absent."""

from dataclasses import replace
from datetime import date, timedelta

from features.common.errors import BundleError
from serving.actors import Actor
from serving.context import House
from serving.queries.cases import (
    Names,
    case_of,
    names_of,
)
from serving.queries.followed import Followed, Row
from serving.store import accounts, standings, suspensions
from serving.store import caseload as lists
from serving.store.accounts import Account
from serving.store.assessments import StoredAssessment
from serving.store.standings import Standing
from serving.store.suspensions import Suspension

SHOWN_DAYS = 120
USUAL_HORIZON_DAYS = 90


def horizon_days(house: House) -> int:
    """Days ahead of the model in service; the recipe's default when there is none."""
    try:
        return house.model.current().bundle.horizon_days
    except BundleError:
        return USUAL_HORIZON_DAYS


def caseload_of(house: House, *, actor: Actor) -> list[Followed]:
    """The open contracts an actor may see, with what lists show of them.

    While scoring is suspended they come without assessments: nothing is left to leak.
    """
    today = house.today
    with house.store.reading() as connection:
        seen = standings.visible_to(actor)
        cases = lists.open_standings(connection, seen=seen, morning=house.next_morning)
        ids = [case.contract_id for case in cases]
        facts = lists.contract_facts(connection, ids)
        stopped = suspensions.current(connection)
        made = {} if stopped else lists.latest_assessments(connection, cases)
        since = today - timedelta(days=SHOWN_DAYS)
        past = {} if stopped else lists.risks_since(connection, ids, since=since)
        aside = lists.snoozes(connection, ids)
    names = names_of(house, cases=cases)
    return [
        followed_of(
            case,
            facts[case.contract_id],
            names,
            assessment=made.get(case.contract_id),
            past=past.get(case.contract_id, []),
            until=aside.get(case.contract_id),
            stopped=stopped,
        )
        for case in cases
    ]


def person_of(house: House, *, actor: Actor, contract_id: str) -> str:
    """The name to show for a case, its id when no name is kept. Raises NotFoundError."""
    standing = case_of(house, actor=actor, contract_id=contract_id)
    return person_name(standing, names_of(house, cases=[standing]))


def advisors_of(house: House, *, actor: Actor) -> list[Account]:
    """The open advisors' accounts of a coordinator's site, by name."""
    with house.store.reading() as connection:
        found = accounts.find_all(connection)
    mine = [a for a in found if a.advisor_id and a.site == actor.site and a.disabled_at is None]
    return sorted(mine, key=lambda account: account.display_name)


def followed_of(
    standing: Standing,
    contract: Row,
    names: Names,
    *,
    assessment: StoredAssessment | None,
    past: list[tuple[date, float]],
    until: date | None,
    stopped: Suspension | None,
) -> Followed:
    """A case as lists show it; without its level and risk when there is no assessment to show."""
    siret, uai = standing.employer_siret, standing.training_centre_uai
    return Followed(
        standing=standing if assessment else replace(standing, level=None, risk=None),
        contract=contract,
        person=person_name(standing, names),
        employer=names.organisations.get(siret or "", siret or "—"),
        centre=names.organisations.get(uai or "", uai or "—"),
        assessment=assessment,
        past=tuple(past),
        snoozed_until=until,
        suspended=stopped.why if stopped else None,
    )


def person_name(standing: Standing, names: Names) -> str:
    """The name to show for a case; its id when no name is kept."""
    given, family = names.persons.get(standing.person_id, ("", ""))
    return f"{given} {family}".strip() or standing.contract_id
