"""Signing in through a real OpenID provider: who is let in."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from serving.actors import COMMAND, Role
from serving.operations.accounts import disable_account
from tests.lib.contexts import Clock
from tests.lib.oidc_provider import Provider, come_in, leave, refused
from tests.lib.sign_in_site import (
    ADDRESS,
    actions,
    browser,
    enter,
    invite,
    open_site,
    stored_text,
)

OTHER = "louis.martin@example.org"


def test_an_invited_person_comes_in_and_is_bound_to_their_subject(
    oidc_site: FastAPI, provider: Provider
) -> None:
    invite(oidc_site.state.context)
    client = browser(oidc_site)
    reply = come_in(client, provider)

    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert client.get("/session").json() == "advisor"
    assert "'camille'" in stored_text(oidc_site.state.context, "accounts")
    assert actions(oidc_site.state.context) == ["add_account", "sign_in"]


def test_the_second_time_only_the_subject_counts(oidc_site: FastAPI, provider: Provider) -> None:
    invite(oidc_site.state.context)
    come_in(browser(oidc_site), provider)

    assert come_in(browser(oidc_site), provider).status_code == 303
    assert come_in(browser(oidc_site), provider, "second").status_code == 403


def test_a_person_invited_by_subject_needs_no_verified_address(
    oidc_site: FastAPI, provider: Provider
) -> None:
    invite(oidc_site.state.context, OTHER, subject="no-address")

    assert come_in(browser(oidc_site), provider, "no-address").status_code == 303


def test_a_one_time_password_is_void_once_the_provider_lets_the_person_in(
    oidc_site: FastAPI, provider: Provider
) -> None:
    one_time = invite(oidc_site.state.context)
    come_in(browser(oidc_site), provider)

    assert enter(browser(oidc_site), password=one_time).status_code == 401


@pytest.mark.parametrize(
    "subject", ["stranger", "impostor", "impostor-in-words", "no-address", "drawn-on-the-spot"]
)
def test_who_has_no_account_reads_a_kind_sentence(
    oidc_site: FastAPI, provider: Provider, subject: str
) -> None:
    """An address that the provider does not vouch for is nobody's."""
    invite(oidc_site.state.context)
    client = browser(oidc_site)
    reply = come_in(client, provider, subject)

    assert reply.status_code == 403
    assert "aucun compte Vigie ne vous est encore ouvert" in reply.text
    assert "__Host-vigie" not in client.cookies
    assert actions(oidc_site.state.context) == ["add_account"]


def test_a_disabled_person_is_not_let_in_by_the_provider(
    oidc_site: FastAPI, provider: Provider
) -> None:
    invite(oidc_site.state.context)
    disable_account(oidc_site.state.context, actor=COMMAND, email=ADDRESS)

    assert come_in(browser(oidc_site), provider).status_code == 403


def test_a_person_who_says_no_to_the_provider_may_begin_again(
    oidc_site: FastAPI, provider: Provider
) -> None:
    client = browser(oidc_site)

    assert refused(client.get(provider.refuse(leave(client))))


def test_the_sign_in_page_offers_the_provider_by_name(oidc_site: FastAPI) -> None:
    assert "Se connecter avec ProConnect" in browser(oidc_site).get("/connexion").text


def test_a_provider_that_does_not_answer_is_reported_and_hurts_nobody(
    tmp_path: Path, clock: Clock
) -> None:
    from tests.lib.databases import database

    with (
        database("sqlite", tmp_path) as url,
        open_site(url, tmp_path, clock, oidc_issuer="http://127.0.0.1:1") as app,
    ):
        reply = browser(app).get("/oidc/connexion")
    assert reply.status_code == 503
    assert "ne répond pas" in reply.text


def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path, clock: Clock) -> None:
    from tests.lib.databases import database

    with database("sqlite", tmp_path) as url, open_site(url, tmp_path, clock) as app:
        assert browser(app).get("/oidc/connexion").json()["error"] == "NotFoundError"
        assert "/oidc/" not in browser(app).get("/connexion").text


def test_a_coordinator_of_the_provider_keeps_their_role(
    oidc_site: FastAPI, provider: Provider
) -> None:
    invite(oidc_site.state.context, role=Role.COORDINATOR)
    client = browser(oidc_site)
    come_in(client, provider)

    assert client.get("/scores").status_code == 200
