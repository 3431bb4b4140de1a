"""The log of a draw on the command line: shown, written for an outsider, replayed."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from features.common.errors import InputError
from serving.actors import COMMAND
from serving.commands.opening import opened_context
from serving.commands.programme_options import Name, echo, out, plan_named

if TYPE_CHECKING:
    from serving.queries.programme import DrawLog


def log(
    name: Name,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="JSON file to write, for whoever replays it.")
    ] = None,
) -> None:
    """Show the log of the draw, or write it for an outsider; the seed only once it is closed."""
    from features.programme.draw_log import write_log
    from serving.operations.aliases import alias_of
    from serving.queries.programme import draw_log, for_an_outsider

    plan = plan_named(name)
    with opened_context() as context, context.reading(COMMAND) as reads:
        found = draw_log(reads, code=plan.code)
        alias = alias_of(context, purpose="log")
    if out_file is not None:
        write_log(out_file, for_an_outsider(found, alias=alias))
        echo(f"{len(found.lines)} lines in {out_file}")
        return
    _show_lines(found)
    if found.plans and plan.hash != found.plans[-1].plan_hash:
        echo("The plan in the file is not the one in force: it was changed after the first draw")


def _show_lines(found: "DrawLog") -> None:
    table = Table("number", "day", "person", "contract", "stratum", "place", "arm")
    for number, line in enumerate(found.lines, start=1):
        ids = (line.person_id, line.contract_id, line.stratum)
        table.add_row(str(number), str(line.drawn_on), *ids, str(line.position + 1), line.arm)
    if found.lines:
        out.print(table)
    echo(f"{len(found.lines)} persons drawn")
    for frozen in found.plans:
        seed = f"seed {frozen.seed}" if frozen.closed_at else "seed hidden until it is closed"
        echo(f"version {frozen.version}: plan {frozen.plan_hash}")
        echo(f"  commitment {frozen.commitment}; {seed}")
    strata = Counter(line.stratum for line in found.lines)
    if alone := sum(count == 1 for count in strata.values()):
        echo(f"{alone} strata with one person so far: no arm to compare with there")


def replay(
    file: Annotated[Path, typer.Argument(help="Log that `log --out` wrote.")],
    seed: Annotated[str | None, typer.Option(help="Seed, where the log has none.")] = None,
) -> None:
    """Draw again from the seed what a log holds; needs no database and no secret."""
    from features.programme import draw_log

    logged = draw_log.read_log(file)
    if not logged:
        raise InputError(f"{file}: expected the log of a draw, got one without any")
    for one in logged:
        plan = draw_log.replay(one, seed=seed)
        echo(f"{plan.code} {plan.version}: {len(one.lines)} lines, the same allocation")
