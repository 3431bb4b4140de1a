"""The pages on a real service: who may see, what is stored, what is never shown."""

import pytest

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations import directory
from serving.operations.suspension import suspend_scoring
from serving.queries.assessments import latest_assessment
from tests.lib.read_once import read
from tests.lib.sign_in_site import TestClient
from tests.pages.signed_in_clients import THEIRS, token_of

MINE = ("/suivis/C1", "/suivis/C1/entretien", "/suivis/C1/donnees")
RECORD = "/suivis/C1/fiche?nature=contrat&id=C1"
EVERY = ("/", "/suivis", "/suivis.csv", "/equipe", "/modele", "/administration", *MINE)


@pytest.mark.parametrize("path", EVERY)
def test_unauthorized(visitor: TestClient, path: str) -> None:
    """Who is not signed in is sent to the sign-in form, and comes back here after."""
    answer = visitor.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?suite={path}")


@pytest.mark.parametrize("path", MINE)
def test_the_case_of_somebody_else_is_not_found(advisor: TestClient, path: str) -> None:
    assert advisor.get(path).status_code == 200
    assert advisor.get(path.replace("C1", THEIRS)).status_code == 404
    assert advisor.get(path.replace("C1", "nobody")).status_code == 404


def test_the_list_shows_my_cases_only_with_names_escaped(advisor: TestClient) -> None:
    page = advisor.get("/suivis").text

    assert "Inès =M&lt;b&gt;" in page
    assert THEIRS not in page


def test_a_search_is_sent_in_the_body_with_itstoken_of(advisor: TestClient) -> None:
    token = token_of(advisor, "/suivis")

    found = advisor.post("/suivis", data={"q": "ines", "csrf_token": token})

    assert found.text.count('<li class="card case') == 1
    assert advisor.post("/suivis", data={"q": "ines"}).status_code == 403


def test_a_spreadsheet_is_given_no_formula(advisor: TestClient, context: AppContext) -> None:
    directory.name_person(
        context, actor=COMMAND, person_id="P-C1", given_name="=cmd()", family_name=""
    )

    assert ";'=cmd();" in advisor.get("/suivis.csv").text


def test_the_risk_of_the_page_is_the_one_that_is_stored(
    advisor: TestClient, context: AppContext
) -> None:
    stored = read(context, latest_assessment, contract_id="C1")

    assert f'<data value="{stored.risk}">' in advisor.get("/suivis/C1").text
    assert f'<data value="{stored.risk}">' in advisor.get("/suivis").text


def test_while_scoring_is_suspended_no_risk_is_on_any_page(
    advisor: TestClient, context: AppContext
) -> None:
    suspend_scoring(context, actor=COMMAND, why="contrôle en cours")

    for path in ("/suivis", *MINE):
        page = advisor.get(path).text
        assert "contrôle en cours" in page
        assert "<data " not in page
        assert "Risque élevé</span>" not in page
    for path in ("/suivis", "/suivis.csv"):
        text = advisor.get(path).text
        assert "Évaluation suspendue\N{NO-BREAK SPACE}: contrôle en cours" in text
        assert "vient d'arriver" not in text.replace("&#39;", "'")


def test_language_and_appearance_are_remembered(advisor: TestClient) -> None:
    advisor.get("/preferences?langue=en&theme=dark&suite=/suivis")

    assert '<html lang="en" data-theme="dark">' in advisor.get("/suivis").text


def test_preferences_lead_nowhere_else(visitor: TestClient) -> None:
    answer = visitor.get("/preferences?suite=//ailleurs.example")

    assert answer.headers["location"] == "/"


def test_pages_are_held_by_no_cache_and_files_for_long(advisor: TestClient) -> None:
    page, file = advisor.get("/suivis"), advisor.get("/static/vigie.css?v=1")

    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "immutable" in file.headers["cache-control"]
