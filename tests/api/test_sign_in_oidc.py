"""Signing in through a real OpenID provider: who is let in, and what is not believed."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from serving.actors import COMMAND, Role
from serving.operations.accounts import disable_account
from tests.lib.contexts import Clock
from tests.lib.provider import Provider, running_provider, with_query
from tests.lib.site import (
    ADDRESS,
    actions,
    browser,
    enter,
    everything_kept,
    invite,
    open_site,
)

OTHER = "louis.martin@example.org"
PEOPLE: tuple[dict[str, object], ...] = (
    {"sub": "camille", "email": ADDRESS.upper(), "email_verified": True},
    {"sub": "impostor", "email": ADDRESS, "email_verified": False},
    {"sub": "impostor-in-words", "email": ADDRESS, "email_verified": "true"},
    {"sub": "second", "email": ADDRESS, "email_verified": True},
    {"sub": "no-address"},
    {"sub": "stranger", "email": "stranger@example.org", "email_verified": True},
)


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """One provider for every test here."""
    with running_provider(*PEOPLE) as started:
        yield started


@pytest.fixture
def site(database_url: str, tmp_path: Path, clock: Clock, provider: Provider) -> Iterator[FastAPI]:
    """A site that believes the provider."""
    settings = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": "vigie",
        "oidc_client_secret": "a secret of the tests",
    }
    with open_site(database_url, tmp_path, clock, **settings) as app:
        yield app


def leave(client: Any) -> str:
    reply = client.get("/oidc/connexion")
    assert reply.status_code == 303, reply.text
    return str(reply.headers["Location"])


def come_in(client: Any, provider: Provider, subject: str = "camille") -> Any:
    return client.get(provider.send_back(leave(client), subject=subject))


def test_an_invited_person_comes_in_and_is_bound_to_their_subject(
    site: FastAPI, provider: Provider
) -> None:
    invite(site.state.context)
    client = browser(site)
    reply = come_in(client, provider)

    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert client.get("/session").json() == "advisor"
    assert "'camille'" in everything_kept(site.state.context, "accounts")
    assert actions(site.state.context) == ["add_account", "sign_in"]


def test_the_second_time_only_the_subject_counts(site: FastAPI, provider: Provider) -> None:
    invite(site.state.context)
    come_in(browser(site), provider)

    assert come_in(browser(site), provider).status_code == 303
    assert come_in(browser(site), provider, "second").status_code == 403


def test_a_person_invited_by_subject_needs_no_verified_address(
    site: FastAPI, provider: Provider
) -> None:
    invite(site.state.context, OTHER, subject="no-address")

    assert come_in(browser(site), provider, "no-address").status_code == 303


def test_a_one_time_password_is_void_once_the_provider_lets_the_person_in(
    site: FastAPI, provider: Provider
) -> None:
    one_time = invite(site.state.context)
    come_in(browser(site), provider)

    assert enter(browser(site), password=one_time).status_code == 401


@pytest.mark.parametrize(
    "subject", ["stranger", "impostor", "impostor-in-words", "no-address", "drawn-on-the-spot"]
)
def test_who_has_no_account_reads_a_kind_sentence(
    site: FastAPI, provider: Provider, subject: str
) -> None:
    """An address that the provider does not vouch for is nobody's."""
    invite(site.state.context)
    client = browser(site)
    reply = come_in(client, provider, subject)

    assert reply.status_code == 403
    assert "aucun compte Vigie ne vous est encore ouvert" in reply.text
    assert "__Host-vigie" not in client.cookies
    assert actions(site.state.context) == ["add_account"]


def test_a_disabled_person_is_not_let_in_by_the_provider(site: FastAPI, provider: Provider) -> None:
    invite(site.state.context)
    disable_account(site.state.context, actor=COMMAND, email=ADDRESS)

    assert come_in(browser(site), provider).status_code == 403


def test_what_is_asked_of_the_provider_has_state_nonce_and_proof_key(site: FastAPI) -> None:
    asked = parse_qs(urlsplit(leave(browser(site))).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://vigie.test/oidc/retour"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_the_proof_key_is_not_sent_with_the_request(site: FastAPI) -> None:
    assert "code_verifier" not in leave(browser(site))


def refused(reply: Any) -> bool:
    return reply.status_code == 400 and "n'est pas allée à son terme" in unescape(reply.text)


def test_a_tampered_state_is_refused(site: FastAPI, provider: Provider) -> None:
    invite(site.state.context)
    client = browser(site)
    back = provider.send_back(leave(client), subject="camille")

    assert refused(client.get(with_query(back, state="another")))
    assert refused(client.get(back)), "the cookie has served"


def test_an_answer_meant_for_another_browser_is_refused(site: FastAPI, provider: Provider) -> None:
    """Login CSRF by the provider: the attacker's own answer, opened by somebody else."""
    invite(site.state.context)
    attacker, victim = browser(site), browser(site)
    back = provider.send_back(leave(attacker), subject="camille")

    assert refused(victim.get(back)), "without a journey"
    leave(victim)
    assert refused(victim.get(back)), "on a journey of their own"


def test_an_identity_made_for_another_journey_is_refused(site: FastAPI, provider: Provider) -> None:
    """The state is the right one, the identity token holds the nonce of somewhere else."""
    invite(site.state.context)
    elsewhere, client = browser(site), browser(site)
    other_nonce = parse_qs(urlsplit(leave(elsewhere)).query)["nonce"][0]
    leaving = with_query(leave(client), nonce=other_nonce)

    assert refused(client.get(provider.send_back(leaving, subject="camille")))
    assert actions(site.state.context) == ["add_account"]


@pytest.mark.parametrize("code", ["", "made-up"])
def test_a_code_that_the_provider_did_not_give_is_refused(
    site: FastAPI, provider: Provider, code: str
) -> None:
    client = browser(site)
    back = provider.send_back(leave(client), subject="camille")

    assert refused(client.get(with_query(back, code=code or " ")))


def test_a_cookie_that_we_did_not_sign_is_refused(site: FastAPI, provider: Provider) -> None:
    client = browser(site)
    back = provider.send_back(leave(client), subject="camille")
    signed = client.cookies["__Host-vigie-oidc"]
    client.cookies.delete("__Host-vigie-oidc")
    client.cookies.set("__Host-vigie-oidc", "e30" + signed[3:])

    assert refused(client.get(back))


def test_an_answer_after_ten_minutes_is_refused(
    site: FastAPI, provider: Provider, clock: Clock
) -> None:
    client = browser(site)
    back = provider.send_back(leave(client), subject="camille")
    clock.move(minutes=11)

    assert refused(client.get(back))


def test_a_person_who_says_no_to_the_provider_may_begin_again(
    site: FastAPI, provider: Provider
) -> None:
    client = browser(site)

    assert refused(client.get(provider.refuse(leave(client))))


def test_the_sign_in_page_offers_the_provider_by_name(site: FastAPI) -> None:
    assert "Se connecter avec ProConnect" in browser(site).get("/connexion").text


def test_a_provider_that_does_not_answer_is_told_and_hurts_nobody(
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


def test_a_provider_of_another_name_is_not_believed(
    tmp_path: Path, clock: Clock, provider: Provider
) -> None:
    from tests.lib.databases import database

    issuer = provider.issuer.replace("http://", "http://somebody@")
    with (
        database("sqlite", tmp_path) as url,
        open_site(url, tmp_path, clock, oidc_issuer=issuer) as app,
    ):
        assert browser(app).get("/oidc/connexion").status_code == 400


def test_without_a_provider_there_is_no_way_to_one(tmp_path: Path, clock: Clock) -> None:
    from tests.lib.databases import database

    with database("sqlite", tmp_path) as url, open_site(url, tmp_path, clock) as app:
        assert browser(app).get("/oidc/connexion").json()["error"] == "NotFoundError"
        assert "/oidc/" not in browser(app).get("/connexion").text


def test_a_coordinator_of_the_provider_keeps_their_role(site: FastAPI, provider: Provider) -> None:
    invite(site.state.context, role=Role.COORDINATOR)
    client = browser(site)
    come_in(client, provider)

    assert client.get("/scores").status_code == 200
