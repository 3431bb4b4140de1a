"""`vigie programme …`: who may enter, who was informed and agreed, the draw."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from features.common.errors import ConflictError, InputError
from serving.actors import COMMAND
from serving.commands import draw_log, follow_ups
from serving.commands.opening import opened_context
from serving.commands.programme_options import (
    DAY,
    Name,
    OnDay,
    Person,
    day_or_today,
    echo,
    out,
    plan_named,
)

if TYPE_CHECKING:
    from features.programme.plan import Programme
    from serving.context import AppContext
    from serving.operations.draws import Drawn
    from serving.queries.programme import Candidate

app = typer.Typer(
    name="programme", help="A programme: enrolment, draw, follow-up.", no_args_is_help=True
)


@app.command("eligible")
def eligible(
    name: Name,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Morning to look at; default: tomorrow's.")
    ] = None,
    person: Annotated[str | None, typer.Option(help="Id of one person: why, or why not.")] = None,
) -> None:
    """Show who may enter on a morning, and how many may not by which rule."""
    from features.common.errors import NotFoundError
    from serving.queries.programme import candidates

    plan = plan_named(name)
    with opened_context() as context, context.reading(COMMAND) as reads:
        morning = as_of.date() if as_of else context.next_morning
        found = candidates(reads, plan, as_of=morning, person_id=person)
    if person is not None:
        if not found:
            raise NotFoundError("person: expected one with a contract known that morning, got none")
        _show_rules(found)
        return
    table = Table("person", "contract", "site", "stratum", "signed on")
    able = [one for one in found if not one.against_entry]
    for one in able:
        c = one.contract
        site, signed = c.training_centre_uai or "", str(c.signed_on or "")
        table.add_row(c.person_id, c.contract_id, site, one.stratum, signed)
    if able:
        out.print(table)
    echo(f"{len(able) or 'Nobody'} eligible on {morning} among {len(found)} contracts under way")
    _show_counts(found)


@app.command("inform")
def inform(
    name: Name,
    person: Person,
    notice: Annotated[str, typer.Option(help="Version of the notice they were given.")],
    on: OnDay = None,
) -> None:
    """Record that an eligible person was informed of the programme."""
    from serving.operations.enrolments import Informed, inform_person

    plan = plan_named(name)
    with opened_context() as context:
        informed = Informed(person, day_or_today(on, context), notice)
        number = inform_person(context, actor=COMMAND, plan=plan, informed=informed)
    echo(f"Enrolment {number}: informed; their answer is awaited")


@app.command("enrol")
def enrol(
    name: Name,
    person: Person,
    agreed: Annotated[
        bool | None, typer.Option("--agreed/--declined", help="What they answered.")
    ] = None,
    on: OnDay = None,
) -> None:
    """Record what an informed person answered; who agreed waits for the draw."""
    from serving.operations.enrolments import record_answer

    if agreed is None:
        raise InputError("enrol: expected --agreed or --declined, got neither")
    plan = plan_named(name)
    with opened_context() as context:
        day = day_or_today(on, context)
        record_answer(context, actor=COMMAND, plan=plan, person_id=person, agreed=agreed, on=day)
    echo("In the queue for the draw" if agreed else "Declined: nothing more is asked of them")


@app.command("withdraw")
def withdraw(name: Name, person: Person) -> None:
    """Record that a person leaves the programme; one who was drawn keeps their arm."""
    from serving.operations.enrolments import withdraw_person

    plan = plan_named(name)
    with opened_context() as context:
        withdraw_person(context, actor=COMMAND, plan=plan, person_id=person)
    echo("Out of the programme; the analysis by intention to treat still counts who was drawn")


@app.command("draw")
def draw(
    name: Name,
    person: Annotated[
        str | None, typer.Argument(help="Id of the person; default: everybody in the queue.")
    ] = None,
    new_version: Annotated[
        bool, typer.Option("--new-version", help="Go on under a plan whose version is new.")
    ] = False,
) -> None:
    """Draw the arm of those who agreed and whose contract is signed: once, for good."""
    from serving.operations.draws import draw_person

    plan = plan_named(name)
    with opened_context() as context:
        waiting = [person] if person is not None else _queue(context, plan)
        if not waiting:
            raise ConflictError(
                "draw: expected somebody in the queue with a signed contract, got nobody"
            )
        for person_id in waiting:
            drawn = draw_person(
                context, actor=COMMAND, plan=plan, person_id=person_id, new_version=new_version
            )
            _show_drawn(drawn, plan)
            if drawn.closed:
                break


@app.command("close")
def close(name: Name) -> None:
    """End the draw for good, also before the arms are full; its seed is shown from then on."""
    from serving.operations.draws import close_draw

    plan = plan_named(name)
    with opened_context() as context:
        close_draw(context, actor=COMMAND, code=plan.code)
    echo("The draw is closed: `vigie programme log` shows the seed")


for title, command in (
    ("log", draw_log.log),
    ("replay", draw_log.replay),
    ("follow-ups", follow_ups.follow_ups),
    ("follow-up", follow_ups.follow_up),
):
    app.command(title)(command)


def _queue(context: "AppContext", plan: "Programme") -> list[str]:
    from serving.queries.programme import waiting_for_draw

    with context.reading(COMMAND) as reads:
        return waiting_for_draw(reads, plan)


def _show_drawn(drawn: "Drawn", plan: "Programme") -> None:
    line = drawn.line
    if drawn.froze_plan:
        echo(f"Plan {plan.version} is frozen: {plan.hash}")
    echo(f"{line.person_id}: {line.arm}, place {line.position + 1} of {line.stratum}")
    if drawn.closed:
        echo("The arms are full: the draw is closed")


def _show_rules(found: "Sequence[Candidate]") -> None:
    from features.programme.rule_words import rule_words

    words = rule_words("en")
    for one in found:
        why = "; ".join(words[rule] for rule in one.against_entry) or "eligible"
        echo(f"{one.contract.contract_id}: {why}")


def _show_counts(found: "Sequence[Candidate]") -> None:
    from features.programme.rule_words import rule_words

    words = rule_words("en")
    counts = Counter(rule for one in found for rule in one.against_entry)
    for rule, count in counts.most_common():
        echo(f"  {count}: {words[rule]}")
