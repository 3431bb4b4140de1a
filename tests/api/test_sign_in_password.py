"""One-time passwords, changing one's password, and guessing it."""

import pytest
from fastapi import FastAPI

from tests.lib.contexts import Clock
from tests.lib.sign_in_site import (
    ADDRESS,
    HOME,
    PASSWORD,
    browser,
    csrf_of,
    enter,
    invite,
)

COOKIE = "__Host-vigie"
WRONG = "pas le bon mot de passe"


def test_five_wrong_passwords_then_everybody_waits_even_with_the_right_one(
    site: FastAPI, clock: Clock
) -> None:
    client = browser(site)
    for _ in range(5):
        assert enter(client, password=WRONG).status_code == 401
    reply = enter(client)

    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "30")
    assert "dans 30 secondes" in reply.text
    assert enter(browser(site, HOME)).status_code == 303, "from elsewhere it opens"
    assert COOKIE not in client.cookies
    clock.move(seconds=30)
    assert enter(client).status_code == 303


def test_a_one_time_password_opens_nothing_but_the_change_of_it(site: FastAPI) -> None:
    one_time = invite(site.state.context, "louis.martin@example.org")
    client = browser(site)
    reply = enter(client, "louis.martin@example.org", one_time)

    assert reply.headers["Location"] == "/mot-de-passe"
    for path in ("/session", "/who", "/scores"):
        assert client.get(path).json()["error"] == "PasswordChangeRequiredError"
    form = {"csrf_token": csrf_of(client), "current_password": one_time, "new_password": PASSWORD}
    assert client.post("/mot-de-passe", data=form).status_code == 303
    assert client.get("/session").status_code == 200


def test_changing_the_password_ends_the_other_sessions_and_changes_the_token(
    site: FastAPI,
) -> None:
    one, other = browser(site), browser(site, HOME)
    enter(one)
    enter(other)
    before = one.cookies[COOKIE]
    new = "une phrase toute nouvelle"
    form = {"csrf_token": csrf_of(one), "current_password": PASSWORD, "new_password": new}
    one.post("/mot-de-passe", data=form)

    assert one.cookies[COOKIE] != before
    assert one.get("/session").status_code == 200
    assert other.get("/session").json()["error"] == "UnauthenticatedError"
    assert enter(browser(site)).status_code == 401
    assert enter(browser(site), password=new).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "status"),
    [
        (PASSWORD, "trop court", 422),
        (PASSWORD, ADDRESS, 422),
        (PASSWORD, PASSWORD, 422),
        (WRONG, "une phrase toute nouvelle", 401),
    ],
)
def test_a_refused_change_of_password_changes_nothing(
    site: FastAPI, current: str, new: str, status: int
) -> None:
    client = browser(site)
    enter(client)
    form = {"csrf_token": csrf_of(client), "current_password": current, "new_password": new}
    reply = client.post("/mot-de-passe", data=form)

    assert reply.status_code == status
    assert new not in reply.text
    assert client.get("/session").status_code == 200
    assert enter(browser(site)).status_code == 303


def test_guessing_the_current_password_in_a_stolen_session_is_throttled(site: FastAPI) -> None:
    client = browser(site)
    enter(client)
    form = {"csrf_token": csrf_of(client), "new_password": "une phrase toute nouvelle"}
    guesses = [
        client.post("/mot-de-passe", data={**form, "current_password": f"essai {n}"}).status_code
        for n in range(6)
    ]
    assert guesses == [401] * 5 + [429]
