"""`vigie backup` and `vigie restore`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from serving.actors import COMMAND
from serving.commands.opening import opened_context

out = Console()


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, readable by its owner only.")],
) -> None:
    """Write the whole store to one file, as of one moment; the service may go on."""
    from serving.operations.backup import back_up

    with opened_context() as context:
        contents = back_up(context, actor=COMMAND, path=file)
    out.print(f"{contents.rows} rows of {len(contents.tables)} tables in {file}", highlight=False)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `vigie backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove what the store holds first.")
    ] = False,
) -> None:
    """Put a backup back, all of it or nothing; SQLite and PostgreSQL take each other's."""
    from serving.operations.backup import restore as restore_backup

    with opened_context() as context:
        contents = restore_backup(context, actor=COMMAND, path=file, replace=replace)
    out.print(f"{contents.rows} rows restored, as of {contents.made_at}", highlight=False)
