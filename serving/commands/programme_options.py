"""What the commands of a programme share: their arguments, and how they say things."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from features.programme.plan import Programme
    from serving.context import AppContext

out = Console()
DAY = ["%Y-%m-%d"]
Name = Annotated[
    str, typer.Argument(metavar="PROGRAMME", help="Its code in programmes/, or a TOML file.")
]
Person = Annotated[str, typer.Argument(help="Id of the person.")]
OnDay = Annotated[
    datetime | None, typer.Option("--on", formats=DAY, help="Day it happened; default: today.")
]


def plan_named(name: str) -> "Programme":
    """Return the plan of a code or a TOML file. Raises InputError."""
    from features.programme.plan_file import find_programme, read_programme

    return read_programme(find_programme(name))


def day_or_today(day: datetime | None, context: "AppContext") -> date:
    """Return the day of an option, or today."""
    return day.date() if day is not None else context.today


def echo(words: str) -> None:
    """Print a sentence as it is."""
    out.print(words, highlight=False, markup=False, soft_wrap=True)
