"""Who asks, for a route: a machine by its Bearer key, a person by the cookie of their session.

    @router.get("/v1/…")
    def route(actor: Annotated[Actor, Depends(require(scope=Scope.SCORE))]): ...

A cookie proves nothing about who made the browser send it, so a request that changes something
must repeat the session's CSRF token (header X-CSRF-Token, or form field csrf_token). A key needs
none.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from serving.actors import Actor, Role, Scope
from serving.auth import api_keys, cookies, last_uses, rights, sessions
from serving.auth.errors import CsrfError, PasswordChangeRequiredError, UnauthenticatedError
from serving.auth.hashing import same
from serving.auth.short_reads import run_inline_if_local
from serving.context import AppContext
from serving.store import keys as key_store
from serving.store import sessions as session_store
from serving.store.keys import Key
from serving.store.sessions import Session

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

bearer = HTTPBearer(
    bearerFormat="vgk_<id>_<secret>",
    scheme_name="key",
    description="Clé d'accès d'une application, faite par `vigie key add`.",
    auto_error=False,
)
BearerKey = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def given_csrf_token(request: Request) -> str | None:
    """Return the CSRF token of a request that needs one; a body is read only if it is a form."""
    context: AppContext = request.app.state.context
    if request.method in SAFE or cookies.read(request, context.settings, cookies.SESSION) is None:
        return None
    if (header := request.headers.get("X-CSRF-Token")) is not None:
        return header
    if not request.headers.get("Content-Type", "").startswith(FORMS):
        return None
    field = (await request.form()).get("csrf_token")
    return field if isinstance(field, str) else None


CsrfToken = Annotated[str | None, Depends(given_csrf_token)]


async def session_with_any_password(
    request: Request, background: BackgroundTasks, csrf_token: CsrfToken
) -> Session:
    """Return the session of the cookie, even one that must first change its password.

    Raises UnauthenticatedError without one, CsrfError for a change that does not repeat its token.
    """
    context: AppContext = request.app.state.context
    token = cookies.read(request, context.settings, cookies.SESSION)
    session = None
    if token:
        session = await run_inline_if_local(context.store, partial(_find_session, context, token))
    if session is None:
        raise UnauthenticatedError("session: expected one that is open, got none")
    if request.method not in SAFE and not same(session.csrf_token, csrf_token or ""):
        raise CsrfError(
            "session: expected its CSRF token (X-CSRF-Token or csrf_token), got another"
        )
    _keep_use(request, background, session)
    request.state.session = session
    return session


async def current_session(
    session: Annotated[Session, Depends(session_with_any_password)],
) -> Session:
    """Return the session of the cookie.

    Raises PasswordChangeRequiredError with a one-time password.
    """
    return _usable(session)


async def current_actor(
    request: Request, background: BackgroundTasks, key: BearerKey, csrf_token: CsrfToken
) -> Actor:
    """Return who asks, by key or by cookie; a key goes first.

    Raises UnauthenticatedError (ExpiredKeyError, RevokedKeyError) or what `current_session` raises.
    """
    if key is not None:
        return await _machine(request, background, key.credentials)
    if request.headers.get("Authorization"):
        raise UnauthenticatedError("Authorization: expected Bearer and a key, got something else")
    session = await session_with_any_password(request, background, csrf_token)
    return sessions.actor_of(_usable(session).account)


CurrentActor = Annotated[Actor, Depends(current_actor)]


def require(
    *, scope: Scope | None = None, roles: tuple[Role, ...] = ()
) -> Callable[[Actor], Awaitable[Actor]]:
    """A dependency that answers the actor, and raises ForbiddenError without scope or role."""

    async def allowed(actor: CurrentActor) -> Actor:
        rights.require(actor, scope=scope, roles=roles)
        return actor

    return allowed


async def _machine(request: Request, background: BackgroundTasks, text: str) -> Actor:
    context: AppContext = request.app.state.context
    now = context.now()
    key = await run_inline_if_local(context.store, partial(_find_key, context, text, now))
    before = now - last_uses.EVERY
    write = partial(key_store.touch, key_id=key.key_id, now=now, before=before)
    last_uses.keep_last_use(request, background, key.key_id, kept=key.last_used_at, write=write)
    return api_keys.actor_of(key)


def _find_key(context: AppContext, text: str, now: datetime) -> Key:
    with context.store.reading() as connection:
        return api_keys.verify(connection, settings=context.settings, text=text, now=now)


def _find_session(context: AppContext, token: str) -> Session | None:
    with context.store.reading() as connection:
        return sessions.find(connection, settings=context.settings, token=token, now=context.now())


def _usable(session: Session) -> Session:
    if session.account.must_change_password:
        raise PasswordChangeRequiredError("account: expected a password of one's own, got one-time")
    return session


def _keep_use(request: Request, background: BackgroundTasks, session: Session) -> None:
    now = request.app.state.context.now()
    write = partial(session_store.touch, token_hash=session.token_hash, now=now)
    last_uses.keep_last_use(
        request, background, session.token_hash, kept=session.last_seen_at, write=write
    )
