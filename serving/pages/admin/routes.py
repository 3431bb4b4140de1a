"""Administration: accounts, keys, suspension of scoring, audit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import Actor, Role, Scope
from serving.operations import accounts as account_operations
from serving.operations import keys as key_operations
from serving.operations.accounts import RefusalCode
from serving.operations.suspension import resume_scoring, suspend_scoring
from serving.pages.admin.view import AdminView, account_rows, audit_rows, key_rows
from serving.pages.shared.requests import PageReader, PageRequest, ThePage
from serving.pages.shared.responses import PageRoute, page
from serving.queries.administration import (
    Account,
    account_numbered,
    accounts_of_people,
    audit_lines,
    keys_of_machines,
)

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PATH = "/administration"
Text = Annotated[str, Form(max_length=500)]
REFUSED = (InputError, ConflictError)
LINES = 50


@dataclass(frozen=True)
class Search:
    """What is looked for in the audit: lines about a subject, by an actor, before a line."""

    subject: str = ""
    actor: str = ""
    before: int | None = None

    def address(self, *, before: int | None = None) -> str:
        """Return the address of this search, from a line on."""
        query = {"sujet": self.subject, "acteur": self.actor, "avant": before}
        return f"{PATH}?{urlencode({k: v for k, v in query.items() if v})}#audit"


@router.get(PATH)
def show(asked: ThePage, sujet: str = "", acteur: str = "", avant: int | None = None) -> Response:
    """Accounts, keys and the audit, searched by subject and actor, page by page."""
    return _respond(asked, search=Search(sujet.strip()[:200], acteur.strip()[:200], avant))


@router.post(f"{PATH}/suspension")
def suspend(asked: ThePage, why: Text = "") -> Response:
    """Hide every score from now on."""
    actor = _administrator(asked)
    return _done(asked, lambda: suspend_scoring(asked.context, actor=actor, why=why))


@router.post(f"{PATH}/reprise")
def resume(asked: ThePage) -> Response:
    """Show scores again."""
    actor = _administrator(asked)
    return _done(asked, lambda: resume_scoring(asked.context, actor=actor))


@router.post(f"{PATH}/comptes")
def add_account(  # one parameter per field of the form
    asked: ThePage,
    email: Text = "",
    name: Text = "",
    role: Text = "",
    advisor_id: Text = "",
    site: Text = "",
) -> Response:
    """Open an account; its one-time password is shown once."""
    actor = _administrator(asked)
    try:
        invited = account_operations.add_account(
            asked.context,
            actor=actor,
            email=email,
            name=name,
            role=Role(role),
            advisor_id=advisor_id.strip() or None,
            site=site.strip() or None,
        )
    except (*REFUSED, ValueError) as error:
        return _respond(asked, refused=_code_of(error))
    return _respond(asked, secret=invited.one_time_password)


@router.post(f"{PATH}/comptes/{{account_id}}/capacite")
def change_capacity(asked: ThePage, account_id: int, capacity: Text = "") -> Response:
    """Say how many people somebody can see a week."""
    actor, account = _administrator_and(asked, account_id)
    wanted = int(capacity) if capacity.isdecimal() and len(capacity) < 6 else 0
    return _done(
        asked,
        lambda: account_operations.change_capacity(
            asked.context, actor=actor, email=account.email, capacity=wanted
        ),
    )


@router.post(f"{PATH}/comptes/{{account_id}}/{{what}}")
def change_account(asked: ThePage, account_id: int, what: str) -> Response:
    """Close or reopen an account, or give it a new one-time password, shown once."""
    actor, account = _administrator_and(asked, account_id)
    context, email = asked.context, account.email
    match what:
        case "mot-de-passe":
            invited = account_operations.reset_password(context, actor=actor, email=email)
            return _respond(asked, secret=invited.one_time_password)
        case "fermer" if account_id == actor.account_id:
            return _respond(asked, refused=RefusalCode.OWN_ACCOUNT)
        case "fermer":
            account_operations.disable_account(context, actor=actor, email=email)
        case "retablir":
            account_operations.enable_account(context, actor=actor, email=email)
        case _:
            raise NotFoundError("account: expected an action of the page, got another")
    return RedirectResponse(PATH, status_code=303)


@router.post(f"{PATH}/cles")
def add_key(
    asked: ThePage, name: Text = "", scope: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Make an application key, shown once."""
    actor = _administrator(asked)
    try:
        scopes = [Scope(wanted) for wanted in scope or ()]
        made = key_operations.add_key(asked.context, actor=actor, name=name, scopes=scopes)
    except (*REFUSED, ValueError) as error:
        return _respond(asked, refused=_code_of(error))
    return _respond(asked, secret=made.text)


@router.post(f"{PATH}/cles/{{key_id}}/revoquer")
def revoke_key(asked: ThePage, key_id: str) -> Response:
    """Withdraw an application key."""
    key_operations.revoke_key(asked.context, actor=_administrator(asked), key_id=key_id)
    return RedirectResponse(PATH, status_code=303)


def _administrator(asked: PageRequest) -> Actor:
    with asked.reading(Role.ADMINISTRATOR) as reader:
        return reader.actor


def _administrator_and(asked: PageRequest, account_id: int) -> tuple[Actor, Account]:
    with asked.reading(Role.ADMINISTRATOR) as reader:
        return reader.actor, account_numbered(reader.reads, account_id)


def _done(asked: PageRequest, write: Callable[[], object]) -> Response:
    """Write, and go back to the page, or show what was refused."""
    try:
        write()
    except REFUSED as error:
        return _respond(asked, refused=_code_of(error))
    return RedirectResponse(PATH, status_code=303)


def _code_of(error: Exception) -> StrEnum:
    return getattr(error, "code", None) or RefusalCode.OTHER


def _respond(
    asked: PageRequest,
    *,
    search: Search = Search(),
    secret: str | None = None,
    refused: StrEnum | None = None,
) -> Response:
    """Return the page, with a secret to copy or with what was refused."""
    with asked.reading(Role.ADMINISTRATOR) as reader:
        frame, view = reader.frame(place="admin"), _view(reader, search)
    error = reader.t(f"refused.{refused}") if refused else None
    view = replace(view, secret=secret, error=error)
    return page("admin.html", frame, status_code=422 if error else 200, view=view)


def _view(reader: PageReader, search: Search) -> AdminView:
    reads, t, zone = reader.reads, reader.t, reader.context.settings.zone
    people, keys = accounts_of_people(reads), keys_of_machines(reads)
    found = audit_lines(
        reads,
        subject=search.subject or None,
        actor=search.actor or None,
        before_id=search.before,
        limit=LINES + 1,
    )
    names = {f"account:{account.id}": account.display_name for account in people}
    names |= {f"key:{key.key_id}": key.name for key in keys}
    lines, more = found[:LINES], len(found) > LINES
    return AdminView(
        accounts=account_rows(people, me=reader.account.id),
        keys=key_rows(keys, zone=zone, t=t),
        lines=audit_rows(lines, names=names, zone=zone, t=t),
        subject=search.subject,
        actor=search.actor,
        older=search.address(before=lines[-1].id) if more else None,
        newest=search.address() if search.before else None,
    )
