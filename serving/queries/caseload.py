"""What the pages read from the store, gathered into cases; what an actor may not see is absent."""

from dataclasses import replace
from datetime import date, timedelta

from features.common.errors import BundleError
from serving.actors import Actor
from serving.context import AppContext
from serving.queries.case_summary import CaseSummary, Row
from serving.queries.cases import (
    Names,
    case_of,
    names_of,
)
from serving.store import accounts, contract_summaries, suspensions
from serving.store import caseload as lists
from serving.store.accounts import Account
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary
from serving.store.suspensions import Suspension

SHOWN_DAYS = 120
USUAL_HORIZON_DAYS = 90


def horizon_days(context: AppContext) -> int:
    """Days ahead of the model in service; the recipe's default when there is none."""
    try:
        return context.model.current().bundle.horizon_days
    except BundleError:
        return USUAL_HORIZON_DAYS


def caseload_of(context: AppContext, *, actor: Actor) -> list[CaseSummary]:
    """Return the open contracts an actor may see, with what lists show of them.

    While scoring is suspended they come without assessments: nothing is left to leak.
    """
    today = context.today
    with context.store.reading() as connection:
        seen = contract_summaries.visible_to(actor)
        cases = lists.open_summaries(connection, seen=seen, morning=context.next_morning)
        ids = [case.contract_id for case in cases]
        facts = lists.contract_facts(connection, ids)
        stopped = suspensions.current(connection)
        made = {} if stopped else lists.latest_assessments(connection, cases)
        since = today - timedelta(days=SHOWN_DAYS)
        past = {} if stopped else lists.risks_since(connection, ids, since=since)
        aside = lists.snoozes(connection, ids)
    names = names_of(context, cases=cases)
    return [
        case_summary_of(
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


def person_of(context: AppContext, *, actor: Actor, contract_id: str) -> str:
    """Return the name to show for a case, its id when no name is kept. Raises NotFoundError."""
    contract_summary = case_of(context, actor=actor, contract_id=contract_id)
    return person_name(contract_summary, names_of(context, cases=[contract_summary]))


def advisors_of(context: AppContext, *, actor: Actor) -> list[Account]:
    """Return the open advisors' accounts of a coordinator's site, by name."""
    with context.store.reading() as connection:
        found = accounts.find_all(connection)
    mine = [a for a in found if a.advisor_id and a.site == actor.site and a.disabled_at is None]
    return sorted(mine, key=lambda account: account.display_name)


def case_summary_of(
    contract_summary: ContractSummary,
    contract: Row,
    names: Names,
    *,
    assessment: StoredAssessment | None,
    past: list[tuple[date, float]],
    until: date | None,
    stopped: Suspension | None,
) -> CaseSummary:
    """Return a case as lists show it.

    Without its level and risk when there is no assessment to show.
    """
    siret, uai = contract_summary.employer_siret, contract_summary.training_centre_uai
    return CaseSummary(
        contract_summary=contract_summary
        if assessment
        else replace(contract_summary, level=None, risk=None),
        contract=contract,
        person=person_name(contract_summary, names),
        employer=names.organisations.get(siret or "", siret or "—"),
        centre=names.organisations.get(uai or "", uai or "—"),
        assessment=assessment,
        past=tuple(past),
        snoozed_until=until,
        suspended=stopped.why if stopped else None,
    )


def person_name(contract_summary: ContractSummary, names: Names) -> str:
    """Return the name to show for a case; its id when no name is kept."""
    given, family = names.persons.get(contract_summary.person_id, ("", ""))
    return f"{given} {family}".strip() or contract_summary.contract_id
