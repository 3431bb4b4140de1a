"""The week's list is frozen once for each advisor, and stays what it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from features.programme.records import WeekListRow
from serving.actors import COMMAND, Actor, Role
from serving.auth.errors import ForbiddenError
from serving.context import AppContext
from serving.operations.feedback import give_feedback
from serving.operations.privacy import erase_person
from serving.operations.records import keep_contract, keep_outcome
from serving.operations.suspension import suspend_scoring
from serving.operations.week_lists import freeze_week
from serving.queries.caseload import caseload_of, list_and_compared
from serving.queries.weekly_draw import RULE, Week, monday_of, week_of
from serving.store import week_lists
from serving.store.tables import audit
from tests.lib.contexts import Clock, contract, outcome
from tests.lib.enrolments import add_advisor, drawn, small_plan

ADVISOR = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
CAPACITY = 3


@pytest.fixture
def advised(context: AppContext) -> AppContext:
    """An advisor who can see three of six persons a week."""
    share = context.settings.model_copy(update={"random_share": 0.4, "capacity": CAPACITY})
    made = replace(context, settings=share)
    add_advisor(made)
    for number in range(6):
        keep_contract(context, actor=COMMAND, record=contract(f"C{number}"))
    keep_contract(context, actor=COMMAND, record=contract("C-of-another", advisor_id="A2"))
    return made


def _lines(context: AppContext) -> list[WeekListRow]:
    week = monday_of(context.next_morning)
    with context.store.reading() as connection:
        return week_lists.of_week(connection, "A1", week=week)


def _week(context: AppContext) -> Week:
    with context.reading(ADVISOR) as reads:
        return week_of(reads, caseload_of(reads), capacity=CAPACITY)


def _listed(context: AppContext) -> list[str]:
    return [case.contract_id for case in _week(context).to_see]


def test_it_is_frozen_once_a_week_and_audited(advised: AppContext, clock: Clock) -> None:
    before = _listed(advised)

    assert freeze_week(advised, actor=COMMAND) == 1
    assert freeze_week(advised, actor=COMMAND) == 0
    lines = _lines(advised)
    assert {line.contract_id for line in lines} == {f"C{number}" for number in range(6)}
    assert sum(line.rank is not None for line in lines) == CAPACITY
    assert {(line.advisor_id, line.rule) for line in lines} == {("A1", RULE)}
    assert all(0 < line.probability <= 1 for line in lines)
    with advised.store.reading() as connection:
        query = select(audit.c.details).where(audit.c.action == "freeze_week")
        [details] = connection.execute(query).scalars()
    assert details["cases"] == 6
    assert details["drawn"] == sum(line.drawn for line in lines)
    assert set(before) <= {line.contract_id for line in lines}
    clock.move(days=7)
    assert freeze_week(advised, actor=COMMAND) == 1


def test_who_comes_later_or_is_set_aside_does_not_move_the_list(advised: AppContext) -> None:
    freeze_week(advised, actor=COMMAND)
    before = _listed(advised)
    keep_contract(advised, actor=COMMAND, record=contract("C9", employer_headcount=2.0))

    assert _listed(advised) == before
    until = advised.today + timedelta(days=20)
    give_feedback(
        advised,
        actor=ADVISOR,
        contract_id=before[0],
        kind="snooze",
        until=until,
        reason="interview_planned",
    )
    keep_outcome(advised, actor=COMMAND, record=outcome(before[1]))
    assert _listed(advised) == before[2:]
    assert before[0] in {case.contract_id for case in _week(advised).others}


def test_nothing_is_frozen_without_risks_or_rights(advised: AppContext) -> None:
    suspend_scoring(advised, actor=COMMAND, why="vérification du modèle")

    assert freeze_week(advised, actor=COMMAND) == 0
    assert _lines(advised) == []
    with pytest.raises(ForbiddenError):
        freeze_week(advised, actor=ADVISOR)


def test_an_erased_person_leaves_the_lists(advised: AppContext) -> None:
    freeze_week(advised, actor=COMMAND)
    erase_person(advised, actor=COMMAND, person_id="P-C0")

    assert "C0" not in {line.contract_id for line in _lines(advised)}


def test_who_is_compared_is_scored_and_left_off_the_lists(context: AppContext) -> None:
    arms = {drawn(context, small_plan(), number).line for number in range(1, 5)}
    compared = {line.contract_id for line in arms if line.arm == "comparison"}
    with context.reading(ADVISOR) as reads:
        cases, count = list_and_compared(reads)
    seen = {case.contract_id for case in cases}

    assert len(compared) == count == 2
    assert seen == {line.contract_id for line in arms} - compared
    with context.reading(COMMAND) as reads:
        every = caseload_of(reads)
    assert {case.contract_id for case in every if case.is_assessed} == seen | compared


def test_a_plan_may_leave_the_compared_on_the_lists(context: AppContext) -> None:
    plan = small_plan()
    arms = plan.arms.model_copy(update={"comparison_on_lists": True})
    lines = [drawn(context, plan.model_copy(update={"arms": arms}), n).line for n in range(1, 5)]
    with context.reading(ADVISOR) as reads:
        seen = {case.contract_id for case in caseload_of(reads)}

    assert seen == {line.contract_id for line in lines}
