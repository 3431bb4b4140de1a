"""Ways in and out for people: forms, and the way back from the OpenID provider."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from features.common.errors import NotFoundError
from serving.auth import cookies
from serving.auth.dependencies import session_with_any_password
from serving.auth.entry import check_entry, entry_of
from serving.auth.errors import (
    AuthError,
    ForbiddenError,
    ProviderError,
    ProviderUnavailableError,
    ThrottledError,
    UnauthenticatedError,
    WeakPasswordError,
)
from serving.auth.oidc import Provider
from serving.auth.sessions import Session
from serving.context import AppContext
from serving.operations import sign_in as operations
from serving.operations.sign_in import SignedIn
from serving.pages.account.home import render_password_change, render_sign_in
from serving.pages.shared.addresses import HOME, PASSWORD, SIGN_IN, local_path

LONGEST = 1000

router = APIRouter(include_in_schema=False)
AnySession = Annotated[Session, Depends(session_with_any_password)]
Text = Annotated[str, Form(max_length=LONGEST)]
Asked = Annotated[str, Query(max_length=LONGEST)]


@router.get(SIGN_IN)
def sign_in_page(request: Request, suite: Asked = "") -> Response:
    """The form to sign in, then go to `suite`."""
    return _show_sign_in(request, suite=suite)


@router.post(SIGN_IN)
def sign_in(
    request: Request, email: Text = "", password: Text = "", csrf_token: Text = "", suite: Text = ""
) -> Response:
    """Sign in with a local account, then go to `suite`, a path of this site."""
    context: AppContext = request.app.state.context
    try:
        check_entry(request, context.settings, csrf_token)
        signed_in = operations.sign_in(
            context,
            email=email,
            password=password,
            network=_network(request),
            replacing=_token(request),
        )
    except AuthError as error:
        return _show_sign_in(request, error, suite=suite)
    return _welcome(request, signed_in, path=suite)


@router.post("/deconnexion")
def sign_out(request: Request, session: AnySession) -> Response:
    """End this session."""
    operations.sign_out(request.app.state.context, session=session)
    return _farewell(request)


@router.post("/deconnexion-partout")
def sign_out_everywhere(request: Request, session: AnySession) -> Response:
    """End every session of the person."""
    operations.sign_out_everywhere(request.app.state.context, session=session)
    return _farewell(request)


@router.get(PASSWORD)
def password_page(request: Request, session: AnySession) -> Response:
    """The form to change one's password."""
    return _show_password_change(request, session)


@router.post(PASSWORD)
def change_password(
    request: Request, session: AnySession, current_password: Text = "", new_password: Text = ""
) -> Response:
    """Change one's password; the other sessions end."""
    try:
        signed_in = operations.change_password(
            request.app.state.context,
            session=session,
            current_password=current_password,
            new_password=new_password,
            network=_network(request),
        )
    except AuthError as error:
        return _show_password_change(request, session, error)
    return _welcome(request, signed_in)


@router.get("/oidc/connexion")
async def leave_for_provider(request: Request) -> Response:
    """Go to the OpenID provider."""
    context: AppContext = request.app.state.context
    try:
        url, journey = await _provider(request).depart(now=context.now())
    except AuthError as error:
        return await run_in_threadpool(_show_sign_in, request, error)
    response = RedirectResponse(url, status_code=303)
    cookies.put(response, context.settings, cookies.JOURNEY, journey)
    return response


@router.get("/oidc/retour")
async def return_from_provider(request: Request, state: Asked = "", code: Asked = "") -> Response:
    """Come back from the OpenID provider."""
    context: AppContext = request.app.state.context
    cookie = cookies.read(request, context.settings, cookies.JOURNEY)
    try:
        identity = await _provider(request).arrive(
            cookie=cookie, state=state, code=code, now=context.now()
        )
        signed_in = await run_in_threadpool(
            operations.sign_in_with_provider,
            context,
            identity=identity,
            replacing=_token(request),
        )
        response = _welcome(request, signed_in)
    except AuthError as error:
        response = await run_in_threadpool(_show_sign_in, request, error)
    cookies.drop(response, context.settings, cookies.JOURNEY)
    return response


def _provider(request: Request) -> Provider:
    """Return the provider of the settings. Raises NotFoundError when there is none."""
    state = request.app.state
    if not state.context.settings.oidc_issuer:
        raise NotFoundError("provider: expected one in VIGIE_OIDC_ISSUER, got none")
    if not hasattr(state, "oidc_provider"):
        state.oidc_provider = Provider(state.context.settings)
    provider: Provider = state.oidc_provider
    return provider


def _show_sign_in(
    request: Request, error: AuthError | None = None, *, suite: str = HOME
) -> Response:
    settings = request.app.state.context.settings
    request.state.suite = local_path(suite)
    entry = entry_of(request, settings)
    request.state.csrf_token = entry.csrf_token
    response = _with_status(render_sign_in(request, error), error)
    cookies.put(response, settings, cookies.ENTRY, entry.cookie)
    return response


def _show_password_change(
    request: Request, session: Session, error: AuthError | None = None
) -> Response:
    request.state.csrf_token = session.csrf_token
    return _with_status(render_password_change(request, error), error)


def _with_status(response: Response, error: AuthError | None) -> Response:
    """Return the page with the status of what went wrong; never kept by a cache."""
    response.headers["Cache-Control"] = "no-store"
    match error:
        case None:
            pass
        case ThrottledError():
            response.status_code = 429
            response.headers["Retry-After"] = str(error.retry_after)
        case UnauthenticatedError():
            response.status_code = 401
        case ForbiddenError():
            response.status_code = 403
        case WeakPasswordError():
            response.status_code = 422
        case ProviderUnavailableError():
            response.status_code = 503
        case ProviderError() | _:
            response.status_code = 400
    return response


def _welcome(request: Request, signed_in: SignedIn, *, path: str = HOME) -> Response:
    settings = request.app.state.context.settings
    where = PASSWORD if signed_in.must_change_password else local_path(path)
    response = RedirectResponse(where, status_code=303)
    cookies.put(response, settings, cookies.SESSION, signed_in.token)
    cookies.drop(response, settings, cookies.ENTRY)
    return response


def _farewell(request: Request) -> Response:
    response = RedirectResponse(SIGN_IN, status_code=303)
    cookies.drop(response, request.app.state.context.settings, cookies.SESSION)
    return response


def _token(request: Request) -> str | None:
    return cookies.read(request, request.app.state.context.settings, cookies.SESSION)


def _network(request: Request) -> str:
    return request.client.host if request.client else ""
