"""Who asks, for a route: what the request proves itself with, or the actor that was found.

@router.get("/v1/…")
def route(actor: CurrentActor): ...
"""

from functools import partial
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from serving.actors import Actor
from serving.auth import cookies
from serving.auth.credentials import SAFE, Credentials
from serving.auth.short_reads import run_inline_if_local
from serving.context import AppContext
from serving.store.sessions import Session

FORM = "application/x-www-form-urlencoded"

bearer = HTTPBearer(
    bearerFormat="vgk_<id>_<secret>",
    scheme_name="key",
    description="Clé d'accès d'une application, faite par `vigie key add`.",
    auto_error=False,
)
BearerKey = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def given_csrf_token(request: Request) -> str | None:
    """Return the CSRF token of a request that needs one: its header, or the field of a form.

    Only a form without files is read here: the body of any other can be read once, by its route.
    """
    context: AppContext = request.app.state.context
    if request.method in SAFE or cookies.read(request, context.settings, cookies.SESSION) is None:
        return None
    if (header := request.headers.get("X-CSRF-Token")) is not None:
        return header
    if not request.headers.get("Content-Type", "").startswith(FORM):
        return None
    field = (await request.form()).get("csrf_token")
    return field if isinstance(field, str) else None


CsrfToken = Annotated[str | None, Depends(given_csrf_token)]


async def credentials(
    request: Request, background: BackgroundTasks, key: BearerKey, csrf_token: CsrfToken
) -> Credentials:
    """Return what the request proves itself with; who it is stays to be read from the store."""
    return Credentials(request, background, key.credentials if key else None, csrf_token)


TheCredentials = Annotated[Credentials, Depends(credentials)]


async def current_actor(given: TheCredentials) -> Actor:
    """Return who asks, by key or by cookie; raises as `Credentials.actor`."""
    given.check_given()
    return await run_inline_if_local(given.context.store, partial(_actor, given))


CurrentActor = Annotated[Actor, Depends(current_actor)]


async def session_with_any_password(given: TheCredentials) -> Session:
    """Return the session of the cookie, even one that must first change its password."""
    return await run_inline_if_local(
        given.context.store, partial(_session_with_any_password, given)
    )


def _actor(given: Credentials) -> Actor:
    with given.context.store.reading() as connection:
        return given.actor(connection)


def _session_with_any_password(given: Credentials) -> Session:
    with given.context.store.reading() as connection:
        return given.session(connection, any_password=True)
