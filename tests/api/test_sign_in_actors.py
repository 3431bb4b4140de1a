"""Who asks: a machine by its key, a person by their session; what each may do."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from serving.actors import COMMAND, Role, Scope
from serving.operations.keys import add_key, revoke_key
from tests.lib.contexts import Clock
from tests.lib.sign_in_site import browser, csrf_of, enter, settle


@pytest.fixture
def site(empty_site: FastAPI) -> FastAPI:
    """A site without anybody yet."""
    return empty_site


def bearer(site: FastAPI, *scopes: Scope, days: int | None = None) -> dict[str, str]:
    """Headers of a fresh key."""
    key = add_key(
        site.state.context, actor=COMMAND, name="Ypareo", scopes=scopes, expires_days=days
    )
    return {"Authorization": f"Bearer {key.text}"}


def key_id(headers: dict[str, str]) -> str:
    return headers["Authorization"].split("_")[1]


def error_of(reply: Any) -> str:
    return str(reply.json()["error"])


def test_a_key_is_known_by_its_scopes(site: FastAPI) -> None:
    headers = bearer(site, Scope.SCORE, Scope.RECORDS_WRITE)

    assert browser(site).get("/who", headers=headers).json() == {
        "name": f"key:{key_id(headers)}",
        "role": None,
        "scopes": ["records:write", "score"],
    }


def test_a_key_needs_no_csrf_token(site: FastAPI) -> None:
    assert browser(site).post("/who", headers=bearer(site, Scope.SCORE)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer vgk_aaaaaaaaaaaa_short"},
        {"Cookie": "__Host-vigie=nothing"},
        {"Cookie": "__Host-vigie="},
        {"X-CSRF-Token": "x"},
    ],
)
def test_nobody_is_let_in_without_proof(site: FastAPI, headers: dict[str, str]) -> None:
    for path in ("/who", "/session", "/scores"):
        assert error_of(browser(site).get(path, headers=headers)) == "UnauthenticatedError"


def test_an_expired_and_a_revoked_key_are_distinguished(site: FastAPI, clock: Clock) -> None:
    expiring, revoked = bearer(site, Scope.SCORE, days=1), bearer(site, Scope.SCORE)
    revoke_key(site.state.context, actor=COMMAND, key_id=key_id(revoked))
    clock.move(days=2)

    assert error_of(browser(site).get("/who", headers=expiring)) == "ExpiredKeyError"
    assert error_of(browser(site).get("/who", headers=revoked)) == "RevokedKeyError"


def test_a_bad_key_is_not_helped_by_a_good_session(site: FastAPI) -> None:
    settle(site.state.context)
    client = browser(site)
    enter(client)

    assert (
        error_of(client.get("/who", headers={"Authorization": "Bearer x"}))
        == "UnauthenticatedError"
    )


@pytest.mark.parametrize(("scope", "allowed"), [(s, s is Scope.SCORE) for s in Scope])
def test_a_route_of_one_scope_lets_no_other_in(site: FastAPI, scope: Scope, allowed: bool) -> None:
    reply = browser(site).get("/scores", headers=bearer(site, scope))

    assert (reply.status_code == 200) is allowed
    assert allowed or error_of(reply) == "ForbiddenError"


@pytest.mark.parametrize(("role", "allowed"), [(r, r is Role.COORDINATOR) for r in Role])
def test_a_route_of_one_role_lets_no_other_in(site: FastAPI, role: Role, allowed: bool) -> None:
    settle(site.state.context, role=role)
    client = browser(site)
    enter(client)
    reply = client.get("/scores")

    assert (reply.status_code == 200) is allowed
    assert allowed or error_of(reply) == "ForbiddenError"


def test_a_session_may_write_by_the_api_with_the_header(site: FastAPI) -> None:
    settle(site.state.context)
    client = browser(site)
    enter(client)
    headers = {"X-CSRF-Token": csrf_of(client)}

    assert client.post("/who", json={}, headers=headers).status_code == 200
    assert (
        error_of(client.post("/who", json={"csrf_token": headers["X-CSRF-Token"]})) == "CsrfError"
    )
    assert error_of(client.post("/who", json={}, headers={"X-CSRF-Token": ""})) == "CsrfError"


def last_used(site: FastAPI) -> Any:
    with site.state.context.store.reading() as connection:
        return connection.execute(text("SELECT last_used_at FROM api_keys")).scalar_one()


def test_the_last_use_of_a_key_is_written_once_a_minute(site: FastAPI, clock: Clock) -> None:
    headers, client = bearer(site, Scope.SCORE), browser(site)
    assert last_used(site) is None
    client.get("/who", headers=headers)
    first = last_used(site)
    clock.move(seconds=59)
    client.get("/who", headers=headers)
    again = last_used(site)
    clock.move(seconds=1)
    client.get("/who", headers=headers)

    assert first is not None
    assert again == first
    assert last_used(site) > first


def test_a_last_use_that_cannot_be_written_fails_no_request(site: FastAPI) -> None:
    """The table refuses every change, as when the database is read only."""
    headers, context = bearer(site, Scope.SCORE), site.state.context
    with context.store.writing() as connection:
        for statement in _REFUSE["sqlite" if context.store.is_sqlite else "postgresql"]:
            connection.execute(text(statement))

    assert browser(site).get("/who", headers=headers).status_code == 200
    assert last_used(site) is None


_FUNCTION = """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'no'; END $$"""
_TRIGGER = "CREATE TRIGGER refuse BEFORE UPDATE ON api_keys "
_REFUSE = {
    "sqlite": [_TRIGGER + "BEGIN SELECT RAISE(ABORT, 'no'); END"],
    "postgresql": [_FUNCTION, _TRIGGER + "FOR EACH ROW EXECUTE FUNCTION refuse()"],
}
