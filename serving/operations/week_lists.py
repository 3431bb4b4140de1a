"""The week's list of each advisor, frozen once: what the effect of the flag is measured on."""

from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import AppContext
from serving.queries.caseload import caseload_of
from serving.queries.weekly_draw import draw_week, monday_of, seed_of
from serving.store import accounts, week_lists
from serving.store.accounts import Account
from serving.store.audit import Action


def freeze_week(context: AppContext, *, actor: Actor) -> int:
    """Store the list of tomorrow's week for every advisor without one and return how many.

    Nothing is stored while scoring is suspended: a list without risks is no list of the rule.
    Raises ForbiddenError, StoreError.
    """
    require(actor, scope=Scope.ADMIN)
    return sum(_freeze(context, actor, advisor) for advisor in _advisors_without(context, actor))


def _advisors_without(context: AppContext, actor: Actor) -> list[Account]:
    with context.reading(actor) as reads:
        if reads.suspension is not None:
            return []
        week = monday_of(context.next_morning)
        frozen = week_lists.advisors_with(reads.connection, week=week)
        found = accounts.find_all(reads.connection)
    return [
        one
        for one in found
        if one.advisor_id and one.disabled_at is None and one.advisor_id not in frozen
    ]


def _freeze(context: AppContext, actor: Actor, advisor: Account) -> bool:
    week, advisor_id = monday_of(context.next_morning), str(advisor.advisor_id)
    theirs = Actor(f"account:{advisor.id}", role=Role.ADVISOR, advisor_id=advisor_id)
    with context.reading(theirs) as reads:
        cases = caseload_of(reads)
    lines = draw_week(
        cases,
        advisor_id,
        capacity=advisor.capacity,
        random_share=context.settings.random_share,
        seed=seed_of(context, advisor_id, week=week),
        today=context.next_morning,
    )
    with context.audited(actor, Action.FREEZE_WEEK, subject=f"account:{advisor.id}") as write:
        week_lists.lock(write.connection, advisor_id)
        if not lines or week_lists.of_week(write.connection, advisor_id, week=week):
            write.did_nothing()
            return False
        week_lists.add(write.connection, lines, recorded_at=context.now())
        write.details = {
            "week": week.isoformat(),
            "cases": len(lines),
            "listed": sum(line.rank is not None for line in lines),
            "drawn": sum(line.drawn for line in lines),
            "rule": lines[0].rule,
        }
        return True
