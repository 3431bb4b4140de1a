"""Signing in and out with a local account, as a browser does it."""

import logging
from typing import Any

import pytest
from fastapi import FastAPI

from tests.lib.sign_in_site import (
    ADDRESS,
    NAME,
    NETWORK,
    PASSWORD,
    actions,
    browser,
    csrf_of,
    enter,
    stored_text,
    token_of,
)

COOKIE = "__Host-vigie"
WRONG = "pas le bon mot de passe"


def test_the_right_password_opens_a_session(site: FastAPI) -> None:
    client = browser(site)
    reply = enter(client)

    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert client.get("/session").json() == "advisor"
    assert client.get("/who").json()["role"] == "advisor"


def without_token(reply: Any) -> str:
    return str(reply.text.replace(token_of(reply), ""))


def test_unknown_account_wrong_password_and_disabled_account_read_alike(site: FastAPI) -> None:
    """The same words, status and headers: nobody learns who has an account."""
    from serving.actors import COMMAND
    from serving.operations.accounts import disable_account

    unknown = enter(browser(site), email="nobody@example.org")
    wrong = enter(browser(site), password=WRONG)
    disable_account(site.state.context, actor=COMMAND, email=ADDRESS)
    disabled = enter(browser(site))
    replies = (unknown, wrong, disabled)

    assert {reply.status_code for reply in replies} == {401}
    assert {without_token(reply) for reply in replies} == {without_token(unknown)}
    assert {tuple(sorted(reply.headers)) for reply in replies} == {tuple(sorted(wrong.headers))}
    assert "ne correspond pas" in unknown.text
    cookies = [line for reply in replies for line in reply.headers.get_list("set-cookie")]
    assert not [line for line in cookies if line.startswith(f"{COOKIE}=")]


def test_unknown_accounts_cost_a_password_check_too(site: FastAPI) -> None:
    """The argon2 check is what takes time: it is made whether or not there is an account."""
    import argon2

    calls: list[str] = []
    original = argon2.PasswordHasher.verify

    def counted(self: Any, stored_hash: str, password: str) -> Any:
        calls.append(stored_hash)
        return original(self, stored_hash, password)

    argon2.PasswordHasher.verify = counted  # type: ignore[method-assign,assignment]  # watched
    try:
        enter(browser(site), email="nobody@example.org")
        enter(browser(site), password=WRONG)
    finally:
        argon2.PasswordHasher.verify = original  # type: ignore[method-assign]  # as it was
    assert len(calls) == 2


def test_the_page_that_was_asked_for_is_remembered_while_one_mistypes(site: FastAPI) -> None:
    client = browser(site)
    first = client.get("/connexion", params={"suite": "/suivis?tri=niveau"})
    again = enter(client, password=WRONG, suite="/suivis?tri=niveau")
    elsewhere = client.get("/connexion", params={"suite": '//evil.example/"><script>'})

    assert 'name="suite" value="/suivis?tri=niveau"' in first.text
    assert 'name="suite" value="/suivis?tri=niveau"' in again.text
    assert 'name="suite" value="/"' in elsewhere.text


def test_bad_input_is_refused_without_a_failure_of_ours(site: FastAPI) -> None:
    client = browser(site)
    for email in ("", "a\0b@example.org", "x" * 900, "' OR 1=1 --", "<script>", "\u202e@é"):
        assert enter(client, email, "\0").status_code == 401
    assert enter(client, email="x" * 2000).status_code == 422


def test_no_page_of_ours_is_cached_or_reaches_outside(site: FastAPI) -> None:
    page = browser(site).get("/connexion")

    assert page.headers["Cache-Control"] == "no-store"
    assert 'lang="fr"' in page.text
    assert "http" not in page.text


def test_nothing_personal_reaches_logs_audit_or_replies(
    site: FastAPI, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Marked values go everywhere a browser can put them."""
    caplog.set_level(logging.DEBUG)
    client = browser(site)
    replies = [enter(client, password=f"{PASSWORD} fausse"), enter(client), client.get("/who")]
    form = {"csrf_token": csrf_of(client), "current_password": "x", "new_password": PASSWORD}
    replies.append(client.post("/mot-de-passe", data=form))
    replies.append(client.post("/deconnexion", data={"csrf_token": csrf_of(client)}))
    texts = [
        "".join(f"{record.name} {record.getMessage()}" for record in caplog.records),
        *capsys.readouterr(),
        stored_text(site.state.context, "audit", "sign_in_failures"),
        *(reply.text + str(reply.headers) for reply in replies),
    ]
    for marked in (ADDRESS, NAME, "Camille", PASSWORD, NETWORK):
        assert not [text for text in texts if marked in text], marked


def test_every_step_leaves_one_line_of_audit(site: FastAPI) -> None:
    before = len(actions(site.state.context))
    client = browser(site)
    enter(client, password=WRONG)
    enter(client)
    client.post("/deconnexion", data={"csrf_token": csrf_of(client)})

    expected = ["attempt_sign_in", "attempt_sign_in", "sign_in", "sign_out"]
    assert actions(site.state.context)[before:] == expected
