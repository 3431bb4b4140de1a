"""A site where people sign in: the real routes, a real database, and browsers with cookies."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any
from zlib import crc32

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from features.common.errors import VigieError
from serving.actors import COMMAND, Actor, Role, Scope
from serving.api.dependencies import needs
from serving.auth.dependencies import TheCredentials, current_actor
from serving.auth.passwords import hash_password
from serving.context import AppContext
from serving.operations.accounts import add_account
from serving.pages.account.routes import router
from serving.store import accounts
from serving.store.sessions import Session
from tests.lib.contexts import Clock, open_context

with warnings.catch_warnings():
    # Starlette announces its move from httpx to httpx2, and speaks both.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    from fastapi.testclient import TestClient

ADDRESS = "camille.durand@example.org"
NAME = "Camille Durand-Testée"
PASSWORD = "une phrase assez longue"  # noqa: S105 - of an account that lasts one test
NETWORK, HOME = "203.0.113.7", "198.51.100.20"


@contextmanager
def open_site(database_url: str, folder: Path, clock: Clock, **settings: Any) -> Iterator[FastAPI]:
    """The routes of signing in, and a few that need somebody; an error is reported by its name."""
    chosen = {"secure_cookies": True, "public_url": "https://vigie.test", **settings}
    with open_context(database_url, folder, clock=clock, **chosen) as context:
        app = FastAPI()
        app.state.context = context
        app.include_router(router)
        app.add_exception_handler(VigieError, _by_name)
        _add_routes(app)
        yield app


def browser(app: FastAPI, address: str = NETWORK) -> TestClient:
    """A browser at a network address, with its own cookies."""
    return TestClient(
        app, base_url="https://vigie.test", follow_redirects=False, client=(address, 40_000)
    )


def invite(
    context: AppContext, email: str = ADDRESS, *, role: Role = Role.ADVISOR, **values: Any
) -> str:
    """An account that was just opened; answers its one-time password."""
    ids = {"advisor_id": f"A{crc32(email.encode())}", "site": "Nantes", **values}
    invited = add_account(context, actor=COMMAND, email=email, name=NAME, role=role, **ids)
    assert invited.one_time_password is not None
    return invited.one_time_password


def settle(context: AppContext, email: str = ADDRESS, **values: Any) -> None:
    """An account whose person has chosen PASSWORD, and who is signed in nowhere."""
    invite(context, email, **values)
    hashed = hash_password(PASSWORD)
    with context.store.writing() as connection:
        account = accounts.find_by_email(connection, email)
        assert account is not None
        accounts.change(connection, account.id, password_hash=hashed, must_change_password=False)


def token_of(page: Any) -> str:
    """The CSRF token that a form of a page repeats."""
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)
    return str(token)


def enter(client: TestClient, email: str = ADDRESS, password: str = PASSWORD, **more: str) -> Any:
    """Open the form, fill it in and send it."""
    form = {"email": email, "password": password, "csrf_token": token_of(client.get("/connexion"))}
    return client.post("/connexion", data={**form, **more})


def csrf_of(client: TestClient) -> str:
    """The CSRF token of the browser's session."""
    return token_of(client.get("/mot-de-passe"))


def stored_text(context: AppContext, *tables: str) -> str:
    """All rows of some tables, as text."""
    with context.store.reading() as connection:
        return "\n".join(
            str(tuple(row))
            for table in tables
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our names
        )


def actions(context: AppContext) -> list[str]:
    """What the audit holds, oldest first."""
    with context.store.reading() as connection:
        return list(connection.execute(text("SELECT action FROM audit ORDER BY id")).scalars())


def only_session(context: AppContext) -> Session:
    """The session of the one browser that is signed in."""
    with context.store.reading() as connection:
        query = text("SELECT token_hash, csrf_token, account_id FROM sessions")
        [(token_hash, csrf_token, account_id)] = connection.execute(query).all()
        account = accounts.find(connection, account_id)
    assert account is not None
    now = context.now()
    return Session(token_hash, csrf_token, now, now, now, account)


async def _by_name(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"error": type(error).__name__, "said": str(error)}, status_code=418)


def _add_routes(app: FastAPI) -> None:
    @app.get("/who")
    @app.post("/who")
    def who(actor: Annotated[Actor, Depends(current_actor)]) -> dict[str, Any]:
        return {"name": actor.name, "role": actor.role, "scopes": sorted(actor.scopes)}

    @app.get("/session")
    def session(given: TheCredentials) -> str:
        with given.context.store.reading() as connection:
            return given.session(connection).account.role

    @app.get("/scores")
    def scores(
        actor: Annotated[Actor, needs(scope=Scope.SCORE, roles=(Role.COORDINATOR,))],
    ) -> str:
        return actor.name
