"""Forms that other sites send, and the places they would send people to."""

import pytest
from fastapi import FastAPI

from tests.lib.sign_in_site import (
    ADDRESS,
    HOME,
    PASSWORD,
    actions,
    browser,
    csrf_of,
    enter,
    settle,
    token_of,
)

COOKIE = "__Host-vigie"


@pytest.mark.parametrize("path", ["/deconnexion", "/deconnexion-partout", "/mot-de-passe", "/who"])
@pytest.mark.parametrize("token", [None, "", "another"])
def test_a_form_without_its_token_changes_nothing(
    site: FastAPI, path: str, token: str | None
) -> None:
    client = browser(site)
    enter(client)
    before = actions(site.state.context)
    reply = client.post(path, data={} if token is None else {"csrf_token": token})

    assert reply.json()["error"] == "CsrfError"
    assert actions(site.state.context) == before
    assert client.get("/session").status_code == 200


def test_the_token_of_somebody_else_does_not_count(site: FastAPI) -> None:
    settle(site.state.context, "louis.martin@example.org")
    mine, theirs = browser(site), browser(site, HOME)
    enter(mine)
    enter(theirs, "louis.martin@example.org")
    reply = mine.post("/deconnexion", data={"csrf_token": csrf_of(theirs)})

    assert reply.json()["error"] == "CsrfError"


@pytest.mark.parametrize("how", ["no cookie", "no token", "of another browser"])
def test_another_site_cannot_sign_a_visitor_in(site: FastAPI, how: str) -> None:
    """Login CSRF: the form must repeat what this very browser was given."""
    client, other = browser(site), browser(site)
    token = token_of(client.get("/connexion"))
    if how == "no cookie":
        client = browser(site)
    if how == "no token":
        token = ""
    if how == "of another browser":
        token = token_of(other.get("/connexion"))
    form = {"email": ADDRESS, "password": PASSWORD, "csrf_token": token}
    reply = client.post("/connexion", data=form)

    assert reply.status_code == 403
    assert COOKIE not in client.cookies
    assert "recommencer" in reply.text


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/suivis/12?tri=niveau", "/suivis/12?tri=niveau"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("suivis", "/"),
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(
    site: FastAPI, wanted: str, reached: str
) -> None:
    assert enter(browser(site), suite=wanted).headers["Location"] == reached
