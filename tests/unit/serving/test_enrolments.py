"""Enrolment: only the eligible, once, in one place, and every step with its line of the audit."""

from datetime import date, timedelta

import pytest

from features.common.errors import ConflictError, InputError, NotFoundError
from features.programme.eligibility import Rule
from serving.actors import COMMAND, Actor, Role
from serving.auth.errors import ForbiddenError
from serving.context import AppContext
from serving.operations.enrolments import (
    Informed,
    ProgrammeRefusal,
    inform_person,
    record_answer,
    withdraw_person,
)
from serving.operations.records import keep_contract, keep_outcome
from serving.queries.programme import candidates
from serving.store import audit, programme
from tests.lib.contexts import TODAY, contract, outcome
from tests.lib.enrolments import agreed, answer, informed, small_plan
from tests.lib.read_once import read

PLAN = small_plan()


def status(context: AppContext, person_id: str = "P-C1") -> str:
    with context.store.reading() as connection:
        rows = programme.enrolments_in_force(connection, programme=PLAN.code, person_id=person_id)
    [row] = rows
    return row.status


def test_who_is_eligible_and_why_not_is_of_the_morning(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    keep_contract(context, actor=COMMAND, record=contract("C2", born_on=date(1990, 1, 1)))
    keep_contract(context, actor=COMMAND, record=contract("C3", known_on=TODAY))
    keep_contract(context, actor=COMMAND, record=contract("C4"))
    keep_outcome(context, actor=COMMAND, record=outcome("C4"))

    def rules(as_of: date) -> dict[str, tuple[Rule, ...]]:
        found = read(context, candidates, plan=PLAN, as_of=as_of)
        return {one.contract.contract_id: one.against_entry for one in found}

    assert rules(TODAY) == {"C1": (), "C2": (Rule.TOO_OLD,), "C4": ()}
    assert rules(TODAY + timedelta(days=1)) == {"C1": (), "C2": (Rule.TOO_OLD,), "C3": ()}


def test_a_person_is_informed_then_agrees_and_waits(context: AppContext) -> None:
    person_id = informed(context, PLAN)
    assert status(context) == "informed"
    [one] = read(context, candidates, plan=PLAN, as_of=context.next_morning)
    assert one.against_entry == (Rule.ALREADY_IN_PROGRAMME,)
    answer(context, PLAN, person_id, agreed=True)
    assert status(context) == "agreed"
    with context.store.reading() as connection:
        lines = audit.search(connection, subject=f"person:{person_id}")
    assert [line.action for line in lines] == ["record_answer", "inform_person"]
    assert lines[0].details == {"programme": PLAN.code, "status": "agreed"}


def test_who_declined_may_change_their_mind_and_who_left_may_not(context: AppContext) -> None:
    person_id = informed(context, PLAN)
    answer(context, PLAN, person_id, agreed=False)
    assert status(context) == "declined"
    answer(context, PLAN, person_id, agreed=True)
    withdraw_person(context, actor=COMMAND, plan=PLAN, person_id=person_id)
    assert status(context) == "withdrawn"
    with pytest.raises(ConflictError) as refusal:
        answer(context, PLAN, person_id, agreed=True)
    assert refusal.value.code is ProgrammeRefusal.LEFT


def test_nobody_is_enrolled_twice_nor_in_two_centres(context: AppContext) -> None:
    person_id = agreed(context, PLAN)
    information = Informed(person_id, TODAY, "2026-1")
    with pytest.raises(ConflictError) as refusal:
        inform_person(context, actor=COMMAND, plan=PLAN, informed=information)
    assert refusal.value.code is ProgrammeRefusal.ENROLLED_ALREADY

    moved = contract(person_id=person_id, training_centre_uai="0491234A", known_on=TODAY)
    keep_contract(context, actor=COMMAND, record=moved)
    with pytest.raises(ConflictError, match="another site") as refusal:
        inform_person(context, actor=COMMAND, plan=PLAN, informed=information)
    assert refusal.value.code is ProgrammeRefusal.ENROLLED_ELSEWHERE


def test_who_is_not_eligible_is_refused_with_the_rules(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract(born_on=None, level_prepared=6.0))
    information = Informed("P-C1", TODAY, "2026-1")
    with pytest.raises(ConflictError, match="age_unknown, other_level") as refusal:
        inform_person(context, actor=COMMAND, plan=PLAN, informed=information)
    assert refusal.value.code is ProgrammeRefusal.NOT_ELIGIBLE


def test_an_unknown_person_a_day_to_come_and_no_notice_are_refused(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    for information, error in (
        (Informed("P-nobody", TODAY, "1"), NotFoundError),
        (Informed("P-C1", TODAY + timedelta(days=1), "1"), InputError),
        (Informed("P-C1", TODAY, "  "), InputError),
    ):
        with pytest.raises(error):
            inform_person(context, actor=COMMAND, plan=PLAN, informed=information)
    with pytest.raises(ConflictError) as refusal:
        answer(context, PLAN, "P-C1", agreed=True)
    assert refusal.value.code is ProgrammeRefusal.NOT_INFORMED
    informed(context, PLAN, 2)
    early = TODAY - timedelta(days=1)
    with pytest.raises(InputError):
        record_answer(context, actor=COMMAND, plan=PLAN, person_id="P-C2", agreed=True, on=early)


def test_a_person_is_enrolled_by_who_follows_them(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    information = Informed("P-C1", TODAY, "2026-1")
    for role, advisor_id, error in (
        (Role.ADVISOR, "A9", NotFoundError),
        (Role.DATA, None, ForbiddenError),
        (Role.ADMINISTRATOR, None, ForbiddenError),
    ):
        actor = Actor("account:1", role=role, account_id=1, advisor_id=advisor_id)
        with pytest.raises(error):
            inform_person(context, actor=actor, plan=PLAN, informed=information)
    follower = Actor("account:2", role=Role.ADVISOR, account_id=2, advisor_id="A1")
    inform_person(context, actor=follower, plan=PLAN, informed=information)
    assert status(context) == "informed"
