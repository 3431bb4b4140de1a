"""What every route of the pages shares: who is there, the frame around, errors as pages."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from features.common.errors import NotFoundError, StoreError, VigieError
from serving.actors import LANGUAGES, Actor, Language, Role, language_of_code
from serving.auth import rights, sessions
from serving.auth.dependencies import current_session
from serving.auth.errors import (
    CsrfError,
    ForbiddenError,
    PasswordChangeRequiredError,
    UnauthenticatedError,
)
from serving.context import AppContext
from serving.pages.shared.addresses import HOME, PASSWORD, SIGN_IN
from serving.pages.shared.policy import PAGE_HEADERS
from serving.pages.shared.rendering import THEMES, Frame, render
from serving.pages.shared.wording import Wording, wording
from serving.queries import cases as reading
from serving.store.sessions import Session

LANGUAGE_COOKIE, THEME_COOKIE = "vigie-langue", "vigie-apparence"
TOLD = (400, 403, 404, 405, 413, 419, 429, 500, 503)  # errors with words of their own
TheSession = Annotated[Session, Depends(current_session)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose anticipated errors are pages, or the way to the sign-in form."""

    def get_route_handler(self) -> Handler:
        """Return the handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except (VigieError, RequestValidationError) as error:
                return error_response(request, error)

        return guarded


def error_response(request: Request, error: Exception) -> Response:
    """Return the page of an error.

    Who is not signed in is shown the door, and comes back here after.
    """
    match error:
        case UnauthenticatedError():
            here = quote(request.url.path if request.method == "GET" else HOME, safe="/")
            return RedirectResponse(f"{SIGN_IN}?suite={here}", status_code=303)
        case PasswordChangeRequiredError():
            return RedirectResponse(PASSWORD, status_code=303)
        case CsrfError():
            return error_page(request, 419, sent=403)
        case ForbiddenError():
            return error_page(request, 403)
        case NotFoundError() | RequestValidationError():
            return error_page(request, 404)
        case StoreError():
            return error_page(request, 503)
        case _:
            return error_page(request, 500)


def error_page(request: Request, status: int, *, sent: int | None = None) -> HTMLResponse:
    """Return the page of an error, which needs no store; `sent` is the status where it differs."""
    told = status if status in TOLD else 500 if status >= 500 else 400
    reference = request.scope.get("state", {}).get("request_id") if told == 500 else None
    answer = page("error.html", bare_frame(request), status=told, reference=reference)
    answer.status_code = sent or status
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def render_error(request: Request, status: int) -> Response:
    """The page of an error met outside the pages' own routes, where no exception is left to read.

    Refused there (403) is only a form to sign in or out whose token is too old.
    """
    match status:
        case 401:
            return RedirectResponse(SIGN_IN, status_code=303)
        case 403:
            return error_page(request, 419, sent=403)
        case 504:
            return error_page(request, 503, sent=504)
        case _:
            return error_page(request, status)


def page(template: str, frame: Frame, **views: Any) -> HTMLResponse:
    """Return a page, with the headers of every page."""
    return HTMLResponse(render(template, frame, **views), headers=dict(PAGE_HEADERS))


def context_of(request: Request) -> AppContext:
    """Return the context of the application."""
    context: AppContext = request.app.state.context
    return context


def actor_in(request: Request, session: Session, *roles: Role) -> Actor:
    """Return who is signed in, also told to the request log.

    Raises ForbiddenError without a role.
    """
    actor = sessions.actor_of(session.account)
    request.state.actor = actor.name
    rights.require(actor, roles=roles or tuple(Role))
    return actor


def frame_of(request: Request, session: Session, *, place: str = "", **more: Any) -> Frame:
    """Return the frame of a page for who is signed in."""
    stopped = reading.suspension(context_of(request))
    account = session.account
    return Frame(
        language=_language(request, account.language),
        theme=_theme(request),
        here=_here(request),
        place=place,
        person=account.display_name,
        role=account.role,
        csrf_token=session.csrf_token,
        suspended=None if stopped is None else stopped.why,
        **more,
    )


def bare_frame(request: Request, *, csrf_token: str = "") -> Frame:
    """Return the frame of a page for somebody who is not signed in, or when nobody can be known."""
    here = _here(request)
    language = _language(request, LANGUAGES[0])
    return Frame(language=language, theme=_theme(request), here=here, csrf_token=csrf_token)


def words_of(request: Request, session: Session) -> Wording:
    """Return the words of who is signed in."""
    return wording(_language(request, session.account.language))


def _here(request: Request) -> str:
    """Return where to come back to.

    The address of the page, filters included, or home after a form.
    """
    if request.method != "GET":
        return SIGN_IN if request.url.path == SIGN_IN else HOME
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _language(request: Request, usual: str) -> Language:
    return language_of_code(request.cookies.get(LANGUAGE_COOKIE, usual))


def _theme(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, THEMES[0])
    return chosen if chosen in THEMES else THEMES[0]
