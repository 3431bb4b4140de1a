"""`vigie import`: store the records of a file or folder."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from serving.actors import COMMAND
from serving.commands.opening import opened_context

out, err = Console(), Console(stderr=True)


def import_file(
    path: Annotated[
        Path,
        typer.Argument(help="Tables (CSV, Excel, Parquet, NDJSON; folder, file, zip) or dossiers."),
    ],
    rejects: Annotated[Path, typer.Option(help="Folder to write refused rows to.")] = Path("var")
    / "rejects",
    score: Annotated[bool, typer.Option(help="Assess the contracts that changed.")] = True,
    received_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Day the dossiers were received, where their file name holds none; today.",
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(help="All learners of their centres: who is not in it is not transmitted."),
    ] = False,
    confirm: Annotated[
        bool, typer.Option(help="Accept a full delivery without many of the learners.")
    ] = False,
    strict: Annotated[
        bool, typer.Option(help="Refuse a row for a faulty optional value too.")
    ] = False,
) -> None:
    """Store the records of a file or folder; refused rows are listed and written to a file."""
    from features.common.progress import following
    from features.intake.rejects_files import write_rejects
    from serving.operations.imports import import_records

    with opened_context() as context, following(console=err) as follow:
        last = [0]

        def progress(done: int, total: int) -> None:
            follow("keeping contracts", done - last[0], total)
            last[0] = done

        done = import_records(
            context,
            actor=COMMAND,
            path=path,
            score=score,
            progress=progress,
            received_on=received_on.date() if received_on else None,
            full=full,
            confirm=confirm,
            strict=strict,
        )
    for name, read in done.read.items():
        out.print(
            f"{name}: {read} read, {done.stored[name]} stored, {done.repeated[name]} known, "
            f"{done.refused[name]} refused",
            highlight=False,
        )
    if len(done.left_out):
        out.print(f"{len(done.left_out)} optional values left out", highlight=False)
    if len(done.rejects) + len(done.left_out):
        written = write_rejects(done.rejects, done.left_out, rejects, delivery=path)
        out.print(
            f"Refused rows and values left out are in {written}; delete it once it is dealt with",
            highlight=False,
        )
    out.print(f"{done.contracts} contracts changed, {done.assessed} assessed", highlight=False)
    if done.vanished:
        out.print(f"{done.vanished} contracts in or out of a full delivery anew", highlight=False)
    if done.assessed < done.contracts:
        out.print("`vigie rescore` assesses the others", highlight=False)
