"""`vigie webhooks`: who is notified of changes, and what could not be delivered."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from serving.actors import COMMAND
from serving.commands.opening import opened_context

if TYPE_CHECKING:
    from serving.store.endpoints import Endpoint

app = typer.Typer(
    name="webhooks", help="Notify other systems of changes of level.", no_args_is_help=True
)
out = Console()
Number = Annotated[int, typer.Argument(help="Number of the endpoint, as listed.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address to post to, https://…")],
) -> None:
    """Notify an address of every change of level; prints its secret, this once."""
    from serving.operations import webhooks as operations

    with opened_context() as context:
        added = operations.add_endpoint(context, actor=COMMAND, url=url)
    out.print(f"Endpoint {added.endpoint_id}. Secret, shown this once:", highlight=False)
    out.print(added.secret, highlight=False, markup=False, soft_wrap=True)


@app.command("list")
def list_() -> None:
    """List the endpoints."""
    from serving.operations import webhooks as operations

    with opened_context() as context:
        endpoints = operations.list_endpoints(context, actor=COMMAND)
    table = Table("number", "address", "since", "state")
    for endpoint in endpoints:
        table.add_row(str(endpoint.id), endpoint.url, _day(endpoint.created_at), _state(endpoint))
    out.print(table)


@app.command()
def remove(endpoint: Number) -> None:
    """Notify an address no longer and drop what waits for it."""
    from serving.operations import webhooks as operations

    with opened_context() as context:
        operations.remove_endpoint(context, actor=COMMAND, endpoint_id=endpoint)
    out.print(f"Endpoint {endpoint} removed", highlight=False)


@app.command()
def dead() -> None:
    """List the messages that were given up."""
    from serving.operations import webhooks as operations

    with opened_context() as context:
        messages = operations.list_dead(context, actor=COMMAND)
    table = Table("message", "endpoint", "written", "attempts", "last error")
    for message in messages:
        table.add_row(
            message.message_id,
            str(message.endpoint_id),
            _day(message.created_at),
            str(message.attempts),
            message.last_error or "",
        )
    out.print(table)


@app.command()
def retry(endpoint: Number) -> None:
    """Send again what was given up for an endpoint, and begin again if it had left."""
    from serving.operations import webhooks as operations

    with opened_context() as context:
        revived = operations.retry_endpoint(context, actor=COMMAND, endpoint_id=endpoint)
    out.print(f"{revived} messages wait again for endpoint {endpoint}", highlight=False)


@app.command()
def deliver() -> None:
    """Send all that is due, once; the service does it by itself while it runs."""
    from serving.webhooks.delivery import deliver_due

    with opened_context() as context:
        sent = deliver_due(context)
    out.print(f"{sent} messages sent or tried", highlight=False)


def _state(endpoint: "Endpoint") -> str:
    return "active" if endpoint.disabled_at is None else f"gone {_day(endpoint.disabled_at)}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
