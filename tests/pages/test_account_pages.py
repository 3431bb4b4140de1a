"""Signing in, in both languages; home by role; languages and appearances."""

import pytest

from serving.actors import Role
from serving.app import create_app
from serving.auth.errors import ThrottledError
from serving.auth.wording import SENTENCES, words_of
from serving.context import AppContext
from serving.wording import typeset, wording
from tests.lib.sign_in_site import browser
from tests.pages.clients_by_role import token_of, visiting


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.ADVISOR, "/suivis"),
        (Role.COORDINATOR, "/equipe"),
        (Role.DATA, "/modele"),
        (Role.ADMINISTRATOR, "/administration"),
    ],
)
def test_home_is_the_first_place_of_the_role(context: AppContext, role: Role, home: str) -> None:
    with visiting(context, role) as client:
        assert client.get("/").headers["location"] == home
        assert client.get(home).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "ne correspond pas"), ("en", "does not match")]
)
def test_a_wrong_password_is_reported_in_the_language_of_the_page(
    context: AppContext, language: str, words: str
) -> None:
    """The place to go to afterwards is not lost either."""
    with browser(create_app(context)) as client:
        client.get(f"/preferences?langue={language}&suite=/connexion")
        typed = {"email": "nobody@example.org", "password": "x", "suite": "/suivis?niveau=eleve"}
        typed["csrf_token"] = token_of(client, "/connexion")

        answer = client.post("/connexion", data=typed)

    assert answer.status_code == 401
    assert words in answer.text
    assert 'name="suite" value="/suivis?niveau=eleve"' in answer.text


def test_every_sentence_of_signing_in_is_in_both_languages() -> None:
    assert all(french and english and french != english for _, french, english in SENTENCES)


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [(1, "dans 1 seconde.", "in 1 second."), (90, "dans 2 minutes.", "in 2 minutes.")],
)
def test_how_long_to_wait_is_reported(seconds: int, french: str, english: str) -> None:
    assert words_of(ThrottledError(seconds)).endswith(french)
    assert words_of(ThrottledError(seconds), language="en").endswith(english)


def test_changing_the_language_keeps_the_filters(context: AppContext) -> None:
    with visiting(context) as client:
        page = client.get("/suivis?niveau=eleve").text

        assert "langue=en&amp;suite=/suivis%3Fniveau%3Deleve" in page
        answer = client.get("/preferences?langue=en&suite=/suivis%3Fniveau%3Deleve")

    assert answer.headers["location"] == "/suivis?niveau=eleve"


def test_no_french_sign_is_parted_from_its_word_by_a_line_break() -> None:
    assert (
        typeset("« Oui » : 10 % ; non ?") == "«\u00a0Oui\u00a0»\u00a0: 10\u202f%\u202f; non\u202f?"
    )
    assert not [key for key, words in wording("fr").entries.items() if " :" in words]
