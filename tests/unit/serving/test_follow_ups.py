"""Follow-ups: due for both arms, asked until somebody answers, and nothing that contradicts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import COMMAND, Actor, Role
from serving.context import AppContext
from serving.operations.enrolments import ProgrammeRefusal, withdraw_person
from serving.operations.follow_ups import Answer, keep_follow_up
from serving.operations.records import keep_contract, keep_outcome
from serving.queries.programme import due_follow_ups
from serving.store import programme
from serving.store.tables import follow_ups
from tests.lib.contexts import TODAY, Clock, contract, outcome
from tests.lib.enrolments import drawn, informed, small_plan
from tests.lib.read_once import read

PLAN = small_plan()
PLANNED_END = date(2026, 4, 15)
SOON = {"planned_end_on": PLANNED_END}
LATER = PLANNED_END + timedelta(days=190)
ANSWER = Answer("P-C1", "6_months", LATER, "answered", "job", "permanent", True)


@pytest.fixture
def later(context: AppContext, clock: Clock) -> AppContext:
    """Two persons were drawn; their contracts ended half a year ago."""
    for number in (1, 2):
        drawn(context, PLAN, number, **SOON)
    clock.move(days=(LATER - TODAY).days)
    return context


def due(context: AppContext, actor: Actor = COMMAND) -> list[tuple[str, str, int, bool]]:
    found = read(context, due_follow_ups, actor=actor, on=context.today)
    return [(one.person_id, one.moment, one.attempts, one.is_late) for one in found]


def test_everybody_drawn_is_due_at_the_end_and_after_six_months(later: AppContext) -> None:
    assert due(later) == [
        ("P-C1", "end", 0, True),
        ("P-C2", "end", 0, True),
        ("P-C1", "6_months", 0, False),
        ("P-C2", "6_months", 0, False),
    ]
    other = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A9")
    assert due(later, other) == []


def test_who_cannot_be_reached_stays_due_and_who_answers_does_not(later: AppContext) -> None:
    keep_follow_up(later, actor=COMMAND, reply=Answer("P-C1", "6_months", LATER, "unreachable"))
    assert ("P-C1", "6_months", 1, False) in due(later)
    keep_follow_up(later, actor=COMMAND, reply=replace(ANSWER, person_id="P-C2"))
    assert [line for line in due(later) if line[:2] == ("P-C2", "6_months")] == []
    withdraw_person(later, actor=COMMAND, plan=PLAN, person_id="P-C1")
    assert {line[0] for line in due(later)} == {"P-C2"}


def test_a_rupture_brings_the_end_forward_and_not_the_six_months(later: AppContext) -> None:
    ended = PLANNED_END - timedelta(days=10)
    keep_outcome(later, actor=COMMAND, record=outcome("C2", ended_on=ended))
    [at_end, after] = [
        one for one in read(later, due_follow_ups, on=LATER) if one.person_id == "P-C2"
    ]
    assert at_end.due_on == ended
    assert after.due_on == PLANNED_END + timedelta(days=183)


def test_the_same_again_writes_nothing_and_another_answer_of_the_day_corrects(
    later: AppContext,
) -> None:
    def versions() -> int:
        with later.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(follow_ups)).scalar_one()

    number = keep_follow_up(later, actor=COMMAND, reply=ANSWER)
    assert keep_follow_up(later, actor=COMMAND, reply=ANSWER) == number
    assert versions() == 1
    assert keep_follow_up(later, actor=COMMAND, reply=replace(ANSWER, job_related=False)) == number
    assert versions() == 2
    with later.store.reading() as connection:
        [row] = programme.follow_ups_in_force(connection, person_id="P-C1")
    assert row.job_related is False


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"person_id": "P-nobody"}, NotFoundError),
        ({"moment": "2_years"}, InputError),
        ({"answer": "maybe"}, InputError),
        ({"answer": "unreachable"}, InputError),  # with a situation
        ({"situation": None}, InputError),
        ({"situation": "retired"}, InputError),
        ({"situation": "training", "job_related": None}, InputError),  # with a kind of job
        ({"situation": "training", "job_kind": None}, InputError),  # with a job related
        ({"job_kind": "benevolent"}, InputError),
        ({"asked_on": LATER + timedelta(days=1)}, InputError),  # to come
        ({"asked_on": TODAY - timedelta(days=1)}, InputError),  # before the draw
        ({"asked_on": TODAY + timedelta(days=1)}, InputError),  # long before it is due
    ],
)
def test_what_contradicts_is_refused(
    later: AppContext, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        keep_follow_up(later, actor=COMMAND, reply=replace(ANSWER, **changes))
    with later.store.reading() as connection:
        assert programme.follow_ups_in_force(connection) == []


def test_an_outcome_before_the_draw_is_refused(context: AppContext, clock: Clock) -> None:
    informed(context, PLAN, **SOON)
    keep_contract(context, actor=COMMAND, record=contract("C2", **SOON))
    clock.move(days=(LATER - TODAY).days)
    for person_id in ("P-C1", "P-C2"):
        with pytest.raises(ConflictError) as refusal:
            keep_follow_up(context, actor=COMMAND, reply=replace(ANSWER, person_id=person_id))
        assert refusal.value.code is ProgrammeRefusal.NOT_DRAWN
