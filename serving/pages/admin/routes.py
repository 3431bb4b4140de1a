"""Administration: accounts, keys, suspension of scoring, audit."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import Actor, Role, Scope
from serving.context import AppContext
from serving.operations import accounts as account_operations
from serving.operations import keys as key_operations
from serving.operations.suspension import resume_scoring, suspend_scoring
from serving.pages.admin.view import AdminView, account_rows, audit_rows, key_rows
from serving.pages.shared.site import (
    PageRoute,
    TheSession,
    actor_in,
    context_of,
    frame_of,
    page,
    words_of,
)
from serving.store import accounts, audit
from serving.store.refusals import RefusalCode
from serving.store.sessions import Session

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
def show(
    request: Request,
    session: TheSession,
    sujet: str = "",
    acteur: str = "",
    avant: int | None = None,
) -> Response:
    """Accounts, keys and the audit, searched by subject and actor, page by page."""
    searched = Search(sujet.strip()[:200], acteur.strip()[:200], avant)
    view = _view(request, session, searched)
    return page("admin.html", frame_of(request, session, place="admin"), view=view)


@router.post(f"{PATH}/suspension")
def suspend(request: Request, session: TheSession, why: Text = "") -> Response:
    """Hide every score from now on."""
    try:
        suspend_scoring(context_of(request), actor=_administrator(request, session), why=why)
    except REFUSED as error:
        return _respond(request, session, refused=_code_of(error))
    return RedirectResponse(PATH, status_code=303)


@router.post(f"{PATH}/reprise")
def resume(request: Request, session: TheSession) -> Response:
    """Show scores again."""
    try:
        resume_scoring(context_of(request), actor=_administrator(request, session))
    except REFUSED as error:
        return _respond(request, session, refused=_code_of(error))
    return RedirectResponse(PATH, status_code=303)


@router.post(f"{PATH}/comptes")
def add_account(  # one parameter per field of the form
    request: Request,
    session: TheSession,
    email: Text = "",
    name: Text = "",
    role: Text = "",
    advisor_id: Text = "",
    site: Text = "",
) -> Response:
    """Open an account; its one-time password is shown once."""
    try:
        invited = account_operations.add_account(
            context_of(request),
            actor=_administrator(request, session),
            email=email,
            name=name,
            role=Role(role),
            advisor_id=advisor_id.strip() or None,
            site=site.strip() or None,
        )
    except (*REFUSED, ValueError) as error:
        return _respond(request, session, refused=_code_of(error))
    return _respond(request, session, secret=invited.one_time_password)


@router.post(f"{PATH}/comptes/{{account_id}}/capacite")
def change_capacity(
    request: Request, session: TheSession, account_id: int, capacity: Text = ""
) -> Response:
    """Say how many people somebody can see a week."""
    context, actor = context_of(request), _administrator(request, session)
    wanted = int(capacity) if capacity.isdecimal() and len(capacity) < 6 else 0
    email = _email(context, account_id)
    try:
        account_operations.change_capacity(context, actor=actor, email=email, capacity=wanted)
    except REFUSED as error:
        return _respond(request, session, refused=_code_of(error))
    return RedirectResponse(PATH, status_code=303)


@router.post(f"{PATH}/comptes/{{account_id}}/{{what}}")
def change_account(request: Request, session: TheSession, account_id: int, what: str) -> Response:
    """Close or reopen an account, or give it a new one-time password, shown once."""
    context, actor = context_of(request), _administrator(request, session)
    email = _email(context, account_id)
    match what:
        case "mot-de-passe":
            invited = account_operations.reset_password(context, actor=actor, email=email)
            return _respond(request, session, secret=invited.one_time_password)
        case "fermer" if account_id == session.account.id:
            return _respond(request, session, refused=RefusalCode.OWN_ACCOUNT)
        case "fermer":
            account_operations.disable_account(context, actor=actor, email=email)
        case "retablir":
            account_operations.enable_account(context, actor=actor, email=email)
        case _:
            raise NotFoundError("account: expected an action of the page, got another")
    return RedirectResponse(PATH, status_code=303)


@router.post(f"{PATH}/cles")
def add_key(
    request: Request,
    session: TheSession,
    name: Text = "",
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make an application key, shown once."""
    try:
        made = key_operations.add_key(
            context_of(request),
            actor=_administrator(request, session),
            name=name,
            scopes=[Scope(wanted) for wanted in scope or ()],
        )
    except (*REFUSED, ValueError) as error:
        return _respond(request, session, refused=_code_of(error))
    return _respond(request, session, secret=made.text)


@router.post(f"{PATH}/cles/{{key_id}}/revoquer")
def revoke_key(request: Request, session: TheSession, key_id: str) -> Response:
    """Withdraw an application key."""
    key_operations.revoke_key(
        context_of(request), actor=_administrator(request, session), key_id=key_id
    )
    return RedirectResponse(PATH, status_code=303)


def _administrator(request: Request, session: Session) -> Actor:
    return actor_in(request, session, Role.ADMINISTRATOR)


def _email(context: AppContext, account_id: int) -> str:
    with context.store.reading() as connection:
        found = accounts.find(connection, account_id)
    if found is None:
        raise NotFoundError("account: expected one that exists, got another number")
    return found.email


def _code_of(error: Exception) -> StrEnum:
    return getattr(error, "code", None) or RefusalCode.OTHER


def _view(request: Request, session: Session, search: Search = Search()) -> AdminView:
    context, who = context_of(request), _administrator(request, session)
    t, zone = words_of(request, session), context.settings.zone
    people = account_operations.list_accounts(context, actor=who)
    keys = key_operations.list_keys(context, actor=who)
    names = {f"account:{account.id}": account.display_name for account in people}
    names |= {f"key:{key.key_id}": key.name for key in keys}
    with context.store.reading() as connection:
        found = audit.search(
            connection,
            subject=search.subject or None,
            actor=search.actor or None,
            before_id=search.before,
            limit=LINES + 1,
        )
    lines, more = [dict(line) for line in found[:LINES]], len(found) > LINES
    return AdminView(
        accounts=account_rows(people, me=session.account.id),
        keys=key_rows(keys, zone=zone, t=t),
        lines=audit_rows(lines, names=names, zone=zone, t=t),
        subject=search.subject,
        actor=search.actor,
        older=search.address(before=lines[-1]["id"]) if more else None,
        newest=search.address() if search.before else None,
    )


def _respond(
    request: Request,
    session: Session,
    *,
    secret: str | None = None,
    refused: StrEnum | None = None,
) -> Response:
    """Return the page with a secret to copy, or with what was refused."""
    t = words_of(request, session)
    why = t(f"refused.{refused}") if refused else None
    view = replace(_view(request, session), secret=secret, error=why)
    response = page("admin.html", frame_of(request, session, place="admin"), view=view)
    response.status_code = 422 if why else 200
    return response
