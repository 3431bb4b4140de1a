"""Follow-ups on the command line: who is to be asked, and what they answered."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from serving.actors import COMMAND
from serving.commands.opening import opened_context
from serving.commands.programme_options import DAY, OnDay, Person, day_or_today, echo, out


def follow_ups(
    on: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Day to look at; default: today.")
    ] = None,
) -> None:
    """List the persons to ask what became of them, the longest due first."""
    from serving.queries.programme import due_follow_ups

    with opened_context() as context, context.reading(COMMAND) as reads:
        due = due_follow_ups(reads, on=on.date() if on else context.today)
    table = Table("person", "contract", "advisor", "moment", "due on", "tried", "late")
    for one in due:
        tried, late = str(one.attempts), "yes" if one.is_late else ""
        ids = (one.person_id, one.contract_id, one.advisor_id or "")
        table.add_row(*ids, one.moment, str(one.due_on), tried, late)
    if due:
        out.print(table)
    echo(f"{len(due)} follow-ups due" if due else "No follow-up is due")


def follow_up(
    person: Person,
    moment: Annotated[str, typer.Option(help="end, 6_months or 12_months.")],
    answer: Annotated[str, typer.Option(help="answered, unreachable or refused.")],
    situation: Annotated[
        str | None, typer.Option(help="job, training, apprenticeship, job_seeking or other.")
    ] = None,
    job_kind: Annotated[
        str | None,
        typer.Option(
            help="permanent, fixed_term_long, fixed_term_short, temporary, self_employed or other."
        ),
    ] = None,
    related: Annotated[
        bool | None,
        typer.Option("--related/--unrelated", help="Whether the job is related to the training."),
    ] = None,
    on: OnDay = None,
) -> None:
    """Record what a person answered, or that nobody was reached."""
    from serving.operations.follow_ups import Answer, keep_follow_up

    with opened_context() as context:
        day = day_or_today(on, context)
        reply = Answer(person, moment, day, answer, situation, job_kind, related)
        number = keep_follow_up(context, actor=COMMAND, reply=reply)
    echo(f"Follow-up {number} is stored")
