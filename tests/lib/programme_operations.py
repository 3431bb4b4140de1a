"""One small call of every operation of a programme (see `every_operation`)."""

from collections.abc import Callable
from datetime import timedelta

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.draws import close_draw, draw_person
from serving.operations.enrolments import Informed, inform_person, withdraw_person
from serving.operations.follow_ups import Answer, keep_follow_up
from serving.operations.week_lists import freeze_week
from tests.lib.enrolments import add_advisor, agreed, answer, drawn, informed, small_plan

PLAN = small_plan()


def _follow_up(context: AppContext) -> object:
    asked_on = context.today + timedelta(days=3)
    reply = Answer("P-C1", "end", asked_on, "unreachable")
    later = context.now() + timedelta(days=4)
    moved = AppContext(context.settings, context.store, context.model, lambda: later)
    return keep_follow_up(moved, actor=COMMAND, reply=reply)


def _about_to_end(context: AppContext) -> object:
    return drawn(context, PLAN, planned_end_on=context.today + timedelta(days=3))


OPERATIONS: dict[str, Callable[[AppContext], object]] = {
    "inform_person": lambda context: inform_person(
        context, actor=COMMAND, plan=PLAN, informed=Informed("P-C1", context.today, "2026-1")
    ),
    "record_answer": lambda context: answer(context, PLAN, "P-C1", agreed=True),
    "withdraw_person": lambda context: withdraw_person(
        context, actor=COMMAND, plan=PLAN, person_id="P-C1"
    ),
    "draw_person": lambda context: draw_person(context, actor=COMMAND, plan=PLAN, person_id="P-C1"),
    "close_draw": lambda context: close_draw(context, actor=COMMAND, code=PLAN.code),
    "keep_follow_up": _follow_up,
    "freeze_week": lambda context: freeze_week(context, actor=COMMAND),
}
PREPARE: dict[str, Callable[[AppContext], object]] = {
    "record_answer": lambda context: informed(context, PLAN),
    "withdraw_person": lambda context: informed(context, PLAN),
    "draw_person": lambda context: agreed(context, PLAN),
    "close_draw": lambda context: drawn(context, PLAN),
    "keep_follow_up": _about_to_end,
    "freeze_week": add_advisor,
}
