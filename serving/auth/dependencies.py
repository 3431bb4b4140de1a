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
from serving.auth.short_reads import promptly
from serving.context import House
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
    """The CSRF token of a request that needs one; a body is read only if it is a form."""
    house: House = request.app.state.house
    if request.method in SAFE or cookies.read(request, house.settings, cookies.SESSION) is None:
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
    """The session of the cookie, even one that must first change its password.

    Raises UnauthenticatedError without one, CsrfError for a change that does not repeat its token.
    """
    house: House = request.app.state.house
    token = cookies.read(request, house.settings, cookies.SESSION)
    session = None
    if token:
        session = await promptly(house.store, partial(_find_session, house, token))
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
    """The session of the cookie. Raises PasswordChangeRequiredError with a one-time password."""
    return _usable(session)


async def current_actor(
    request: Request, background: BackgroundTasks, key: BearerKey, csrf_token: CsrfToken
) -> Actor:
    """Who asks, by key or by cookie; a key goes first.

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
    house: House = request.app.state.house
    now = house.now()
    key = await promptly(house.store, partial(_find_key, house, text, now))
    before = now - last_uses.EVERY
    write = partial(key_store.touch, key_id=key.key_id, now=now, before=before)
    last_uses.keep_last_use(request, background, key.key_id, kept=key.last_used_at, write=write)
    return api_keys.actor_of(key)


def _find_key(house: House, text: str, now: datetime) -> Key:
    with house.store.reading() as connection:
        return api_keys.verify(connection, settings=house.settings, text=text, now=now)


def _find_session(house: House, token: str) -> Session | None:
    with house.store.reading() as connection:
        return sessions.find(connection, settings=house.settings, token=token, now=house.now())


def _usable(session: Session) -> Session:
    if session.account.must_change_password:
        raise PasswordChangeRequiredError("account: expected a password of one's own, got one-time")
    return session


def _keep_use(request: Request, background: BackgroundTasks, session: Session) -> None:
    now = request.app.state.house.now()
    write = partial(session_store.touch, token_hash=session.token_hash, now=now)
    last_uses.keep_last_use(
        request, background, session.token_hash, kept=session.last_seen_at, write=write
    )
