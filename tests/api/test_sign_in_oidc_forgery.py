"""What comes back from an OpenID provider and is not believed."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from tests.lib.contexts import Clock
from tests.lib.oidc_provider import Provider, leave, refused, with_query
from tests.lib.sign_in_site import (
    actions,
    browser,
    invite,
    open_site,
)


def test_what_is_asked_of_the_provider_has_state_nonce_and_proof_key(oidc_site: FastAPI) -> None:
    asked = parse_qs(urlsplit(leave(browser(oidc_site))).query)

    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["https://vigie.test/oidc/retour"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 20


def test_the_proof_key_is_not_sent_with_the_request(oidc_site: FastAPI) -> None:
    assert "code_verifier" not in leave(browser(oidc_site))


def test_a_tampered_state_is_refused(oidc_site: FastAPI, provider: Provider) -> None:
    invite(oidc_site.state.context)
    client = browser(oidc_site)
    back = provider.send_back(leave(client), subject="camille")

    assert refused(client.get(with_query(back, state="another")))
    assert refused(client.get(back)), "the cookie has served"


def test_an_answer_meant_for_another_browser_is_refused(
    oidc_site: FastAPI, provider: Provider
) -> None:
    """Login CSRF by the provider: the attacker's own answer, opened by somebody else."""
    invite(oidc_site.state.context)
    attacker, victim = browser(oidc_site), browser(oidc_site)
    back = provider.send_back(leave(attacker), subject="camille")

    assert refused(victim.get(back)), "without a journey"
    leave(victim)
    assert refused(victim.get(back)), "on a journey of their own"


def test_an_identity_made_for_another_journey_is_refused(
    oidc_site: FastAPI, provider: Provider
) -> None:
    """The state is the right one, the identity token holds the nonce of somewhere else."""
    invite(oidc_site.state.context)
    elsewhere, client = browser(oidc_site), browser(oidc_site)
    other_nonce = parse_qs(urlsplit(leave(elsewhere)).query)["nonce"][0]
    leaving = with_query(leave(client), nonce=other_nonce)

    assert refused(client.get(provider.send_back(leaving, subject="camille")))
    assert actions(oidc_site.state.context) == ["add_account"]


@pytest.mark.parametrize("code", ["", "made-up"])
def test_a_code_that_the_provider_did_not_give_is_refused(
    oidc_site: FastAPI, provider: Provider, code: str
) -> None:
    client = browser(oidc_site)
    back = provider.send_back(leave(client), subject="camille")

    assert refused(client.get(with_query(back, code=code or " ")))


def test_a_cookie_that_we_did_not_sign_is_refused(oidc_site: FastAPI, provider: Provider) -> None:
    client = browser(oidc_site)
    back = provider.send_back(leave(client), subject="camille")
    signed = client.cookies["__Host-vigie-oidc"]
    client.cookies.delete("__Host-vigie-oidc")
    client.cookies.set("__Host-vigie-oidc", "e30" + signed[3:])

    assert refused(client.get(back))


def test_an_answer_after_ten_minutes_is_refused(
    oidc_site: FastAPI, provider: Provider, clock: Clock
) -> None:
    client = browser(oidc_site)
    back = provider.send_back(leave(client), subject="camille")
    clock.move(minutes=11)

    assert refused(client.get(back))


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
