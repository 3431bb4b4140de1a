"""The open contracts that an actor follows, as lists show them; what may not be seen is absent."""

from dataclasses import replace
from datetime import timedelta

from features.common.errors import BundleError
from serving.actors import Role
from serving.context import AppContext, ReadSession
from serving.queries.case_summary import CaseSummary, case_summary_of, names_of
from serving.queries.circumstances import surroundings_of
from serving.store import accounts, contract_summaries, programme, team
from serving.store import caseload as lists
from serving.store.accounts import Account
from serving.store.team import Counts

__all__ = ["Account", "Counts"]  # what is returned here, for those who show it
SHOWN_DAYS = 120
USUAL_HORIZON_DAYS = 90


def horizon_days(context: AppContext) -> int:
    """Days ahead of the model in service; the recipe's default when there is none."""
    try:
        return context.model.current().bundle.horizon_days
    except BundleError:
        return USUAL_HORIZON_DAYS


def caseload_of(reads: ReadSession) -> list[CaseSummary]:
    """Return the open contracts an actor's lists hold, with what lists show of them.

    While scoring is suspended they come without assessments: nothing is left to leak. An advisor's
    list leaves out whom a programme drew to be compared, unless its plan says otherwise.
    """
    return list_and_compared(reads)[0]


def list_and_compared(reads: ReadSession) -> tuple[list[CaseSummary], int]:
    """Return `caseload_of` and how many open contracts it leaves out for being compared."""
    connection, suspension = reads.connection, reads.suspension
    seen = contract_summaries.visible_to(reads.actor)
    found = lists.open_summaries(connection, seen=seen, morning=reads.context.next_morning)
    off_lists = programme.persons_off_lists(connection) if _is_advisor(reads) else set()
    visible, found = len(found), [one for one in found if one.person_id not in off_lists]
    ids = [one.contract_id for one in found]
    facts, names = lists.contract_facts(connection, ids), names_of(reads, found)
    made = {} if suspension else lists.latest_assessments(connection, found)
    since = reads.today - timedelta(days=SHOWN_DAYS)
    past = {} if suspension else lists.risks_since(connection, ids, since=since)
    aside = lists.snoozes(connection, ids)
    around = surroundings_of(reads, found)
    cases = (
        case_summary_of(
            one,
            facts[one.contract_id],
            names=names,
            assessment=made.get(one.contract_id),
            suspended=suspension.why if suspension else None,
            surroundings=around.get(one.contract_id, ()),
        )
        for one in found
    )
    listed = [
        replace(
            case,
            past=tuple(past.get(case.contract_id, ())),
            snoozed_until=aside.get(case.contract_id),
        )
        for case in cases
    ]
    return listed, visible - len(found)


def _is_advisor(reads: ReadSession) -> bool:
    return reads.actor.role is Role.ADVISOR


def advisors_of(reads: ReadSession) -> list[Account]:
    """Return the open advisors' accounts of a coordinator's site, by name."""
    site = reads.actor.site
    found = accounts.find_all(reads.connection)
    mine = [a for a in found if a.advisor_id and a.site == site and a.disabled_at is None]
    return sorted(mine, key=lambda account: account.display_name)


def recorded_lately(reads: ReadSession, *, days: int) -> Counts:
    """Return how many records of each kind were learnt in the last days, by advisor."""
    seen, since = contract_summaries.visible_to(reads.actor), reads.today - timedelta(days=days)
    return team.recorded_since(reads.connection, seen=seen, since=since)
