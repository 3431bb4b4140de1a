"""`vigie key …`: keys with which machines call the API."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from serving.actors import COMMAND, Scope
from serving.commands.opening import opened_context

app = typer.Typer(name="key", help="Keys with which machines call the API.", no_args_is_help=True)
out = Console()


@app.command("add")
def add(
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may be repeated.")],
    expires_days: Annotated[
        int | None, typer.Option(min=1, help="Days until it expires; default: never.")
    ] = None,
) -> None:
    """Make a key and show it, once."""
    from serving.operations.keys import add_key

    with opened_context() as context:
        key = add_key(context, actor=COMMAND, name=name, scopes=scope, expires_days=expires_days)
    _echo(f"Key {key.key_id}: {', '.join(sorted(set(scope)))}; expires {_day(key.expires_at)}")
    _echo(f"Shown only now: {key.text}")


@app.command("list")
def list_all() -> None:
    """Show every key, without its secret."""
    from serving.queries.administration import keys_of_machines

    with opened_context() as context, context.reading(COMMAND) as reads:
        keys, now = keys_of_machines(reads), context.now()
    table = Table("id", "name", "scopes", "expires", "last used", "state")
    for key in keys:
        expired = key.expires_at is not None and key.expires_at <= now
        state = "revoked" if key.revoked_at else "expired" if expired else "in use"
        scopes = " ".join(sorted(key.scopes))
        days = (_day(key.expires_at), _day(key.last_used_at))
        table.add_row(key.key_id, key.name, scopes, *days, state)
    out.print(table)


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(help="Id of the key, as `list` shows it.")],
) -> None:
    """Withdraw a key at once and for good."""
    from serving.operations.keys import revoke_key

    with opened_context() as context:
        revoke_key(context, actor=COMMAND, key_id=key_id)
    _echo(f"Key {key_id} is revoked.")


def _day(moment: object) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d}"


def _echo(words: str) -> None:
    out.print(words, highlight=False, markup=False, soft_wrap=True)
