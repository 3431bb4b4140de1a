"""A small programme for apprentices, and persons brought as far into it as a test needs."""

from pathlib import Path
from typing import Any

from features.programme.plan import Programme
from features.programme.plan_file import read_programme
from serving.actors import COMMAND, Role
from serving.context import AppContext
from serving.operations.accounts import add_account
from serving.operations.draws import Drawn, draw_person
from serving.operations.enrolments import Informed, inform_person, record_answer
from serving.operations.records import keep_contract
from tests.lib.contexts import contract

PROGRAMMES = Path(__file__).parents[2] / "programmes"


def small_plan(*, per_arm: int = 2, **changes: Any) -> Programme:
    """The apprenticeship plan with few persons and no strata, unless set otherwise."""
    content = read_programme(PROGRAMMES / "apprenticeship.toml").model_dump()
    content |= {"strata": (), "draw": {"block_sizes": (2,)}}
    content["arms"] = {"supported": per_arm, "comparison": per_arm}
    return Programme.model_validate(content | changes)


def informed(context: AppContext, plan: Programme, number: int = 1, **of_contract: Any) -> str:
    """The id of a new person who was informed, with contract C<number>."""
    record = contract(f"C{number}", **of_contract)
    keep_contract(context, actor=COMMAND, record=record)
    information = Informed(record["person_id"], context.today, "2026-1")
    inform_person(context, actor=COMMAND, plan=plan, informed=information)
    return str(record["person_id"])


def agreed(context: AppContext, plan: Programme, number: int = 1, **of_contract: Any) -> str:
    """The id of a new person who waits for the draw."""
    person_id = informed(context, plan, number, **of_contract)
    answer(context, plan, person_id, agreed=True)
    return person_id


def answer(context: AppContext, plan: Programme, person_id: str, *, agreed: bool) -> None:
    """An informed person answers today."""
    record_answer(
        context,
        actor=COMMAND,
        plan=plan,
        person_id=person_id,
        agreed=agreed,
        on=context.today,
    )


def drawn(context: AppContext, plan: Programme, number: int = 1, **of_contract: Any) -> Drawn:
    """The draw of a new person."""
    person_id = agreed(context, plan, number, **of_contract)
    return draw_person(context, actor=COMMAND, plan=plan, person_id=person_id)


def add_advisor(context: AppContext) -> None:
    """Give advisor A1, whose the contracts of tests are, an account."""
    add_account(
        context,
        actor=COMMAND,
        email="conseil@exemple.fr",
        name="Claire Morvan",
        role=Role.ADVISOR,
        advisor_id="A1",
        site="Nantes",
    )
