"""A session: its cookie, how it ends, and how nobody else gets hold of it."""

from pathlib import Path

from fastapi import FastAPI

from tests.lib.contexts import Clock
from tests.lib.sign_in_site import (
    HOME,
    browser,
    csrf_of,
    enter,
    open_site,
    settle,
    stored_text,
)

COOKIE = "__Host-vigie"


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_http(site: FastAPI) -> None:
    set_cookies = enter(browser(site)).headers.get_list("set-cookie")
    [cookie] = [line for line in set_cookies if line.startswith(f"{COOKIE}=")]
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}

    assert flags == {"httponly", "path=/", "samesite=lax", "secure"}


def test_a_demo_without_https_has_a_cookie_without_the_prefix(tmp_path: Path, clock: Clock) -> None:
    from tests.lib.databases import database

    with (
        database("sqlite", tmp_path) as url,
        open_site(url, tmp_path, clock, secure_cookies=False) as app,
    ):
        settle(app.state.context)
        client = browser(app)
        set_cookies = enter(client).headers.get_list("set-cookie")

        assert [line for line in set_cookies if line.startswith("vigie=") and "Secure" not in line]
        assert client.get("/session").status_code == 200


def test_a_session_planted_before_signing_in_is_not_taken_over(site: FastAPI) -> None:
    """Session fixation: the token changes at sign-in, and the one before opens nothing."""
    client = browser(site)
    client.cookies.set(COOKIE, "planted", domain="vigie.test", path="/")
    enter(client)

    assert client.cookies.get(COOKIE, domain="vigie.test") != "planted"
    stranger = browser(site)
    stranger.cookies.set(COOKIE, "planted")
    assert stranger.get("/session").json()["error"] == "UnauthenticatedError"


def test_signing_in_again_ends_the_session_the_browser_had(site: FastAPI) -> None:
    client = browser(site)
    enter(client)
    before = client.cookies[COOKIE]
    enter(client)

    assert client.cookies[COOKIE] != before
    assert len(stored_text(site.state.context, "sessions").splitlines()) == 1


def test_the_token_of_a_session_is_stored_nowhere(site: FastAPI) -> None:
    client = browser(site)
    enter(client)

    assert client.cookies[COOKIE] not in stored_text(site.state.context, "sessions", "audit")


def test_signing_out_ends_the_session_here_and_on_the_server(site: FastAPI) -> None:
    client = browser(site)
    enter(client)
    token = client.cookies[COOKIE]
    reply = client.post("/deconnexion", data={"csrf_token": csrf_of(client)})

    assert (reply.status_code, reply.headers["Location"]) == (303, "/connexion")
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, token)
    assert client.get("/session").json()["error"] == "UnauthenticatedError"


def test_signing_out_everywhere_ends_the_other_browsers(site: FastAPI) -> None:
    one, other = browser(site), browser(site, HOME)
    enter(one)
    enter(other)
    one.post("/deconnexion-partout", data={"csrf_token": csrf_of(one)})

    assert other.get("/session").json()["error"] == "UnauthenticatedError"
    assert stored_text(site.state.context, "sessions") == ""


def test_a_session_ends_after_two_idle_hours(site: FastAPI, clock: Clock) -> None:
    client = browser(site)
    enter(client)
    for _ in range(3):
        clock.move(minutes=119)
        assert client.get("/session").status_code == 200
    clock.move(minutes=120)

    assert client.get("/session").json()["error"] == "UnauthenticatedError"


def test_a_session_ends_after_its_longest_time_however_busy(site: FastAPI, clock: Clock) -> None:
    client = browser(site)
    enter(client)
    for _ in range(9):
        clock.move(hours=1)
        assert client.get("/session").status_code == 200
    clock.move(hours=1)

    assert client.get("/session").json()["error"] == "UnauthenticatedError"
