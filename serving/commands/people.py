"""`vigie user …`: invite people, disable their account, give them a new one-time password."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from serving.actors import COMMAND, Role
from serving.commands.opening import opened_context

app = typer.Typer(name="user", help="Accounts of people.", no_args_is_help=True)
out = Console()
Email = Annotated[str, typer.Argument(help="Their e-mail address.", show_default=False)]


@app.command("add")
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Name to show.")],
    role: Annotated[Role, typer.Option(help="What they do in the programme.")],
    advisor_id: Annotated[
        str | None, typer.Option(help="Their advisor_id in the records (advisors).")
    ] = None,
    site: Annotated[
        str | None, typer.Option(help="The site they work at, or look after (coordinators).")
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="Their `sub` at the OpenID provider, if known.")
    ] = None,
    with_password: Annotated[
        bool, typer.Option(help="Give a one-time password; without, only the provider lets in.")
    ] = True,
) -> None:
    """Open an account and show its one-time password, once."""
    from serving.operations.accounts import add_account

    with opened_context() as context:
        invited = add_account(
            context,
            actor=COMMAND,
            email=email,
            name=name,
            role=role,
            advisor_id=advisor_id,
            site=site,
            subject=subject,
            with_password=with_password,
        )
    _echo(f"Account {invited.account_id}: {role}")
    _echo_password(invited.one_time_password)


@app.command("list")
def list_all() -> None:
    """Show every account."""
    from serving.queries.administration import accounts_of_people

    with opened_context() as context, context.reading(COMMAND) as reads:
        accounts = accounts_of_people(reads)
    table = Table("number", "address", "name", "role", "advisor", "site", "state")
    for account in accounts:
        state = "disabled" if account.disabled_at else "one-time password"
        if not account.disabled_at and not account.must_change_password:
            state = "active"
        place = (account.advisor_id or "", account.site or "", state)
        table.add_row(str(account.id), account.email, account.display_name, account.role, *place)
    out.print(table)


@app.command("disable")
def disable(email: Email) -> None:
    """Let somebody in no more, and end their sessions."""
    from serving.operations.accounts import disable_account

    with opened_context() as context:
        number = disable_account(context, actor=COMMAND, email=email)
    _echo(f"Account {number} is disabled; its sessions have ended.")


@app.command("enable")
def enable(email: Email) -> None:
    """Let somebody in again whose account was disabled."""
    from serving.operations.accounts import enable_account

    with opened_context() as context:
        number = enable_account(context, actor=COMMAND, email=email)
    _echo(f"Account {number} is active again.")


@app.command("reset-password")
def reset_password(email: Email) -> None:
    """Show a new one-time password, once, and end the person's sessions."""
    from serving.operations import accounts

    with opened_context() as context:
        invited = accounts.reset_password(context, actor=COMMAND, email=email)
    _echo(f"Account {invited.account_id}: its sessions have ended.")
    _echo_password(invited.one_time_password)


def _echo_password(password: str | None) -> None:
    if password is None:
        _echo("No password: the OpenID provider lets them in.")
    else:
        _echo(f"One-time password, shown only now: {password}")


def _echo(words: str) -> None:
    out.print(words, highlight=False, markup=False, soft_wrap=True)
