"""Errors as browsers and programs get them, wherever they happen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response

from features.common.errors import StoreError
from serving.app import create_app
from serving.context import AppContext
from serving.pages.shared.responses import EXPLAINED, error_page
from tests.lib.contexts import Clock, open_context
from tests.lib.sign_in_site import TestClient, browser
from tests.pages.clients_by_role import HTML

PROGRAM = {"Accept": "application/json"}


@pytest.fixture
def app(database_url: str, bundles: Path, clock: Clock) -> Iterator[FastAPI]:
    """The application, with a few addresses where something goes wrong."""
    with open_context(database_url, bundles, clock=clock, body_limit=2000) as context:
        yield create_app(context)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Somebody who is not signed in."""

    @app.get("/imprevu")
    def unforeseen() -> None:
        raise ValueError("a secret of the case")

    @app.get("/base")
    def no_store() -> None:
        raise StoreError("store: expected an answer, got none")

    with browser(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nulle-part", 404, "Il n&#39;y a rien à cette adresse"),
        ("/imprevu", 500, "Quelque chose s&#39;est mal passé"),
        ("/base", 503, "momentanément indisponible"),
    ],
)
def test_a_browser_is_shown_a_page_and_a_program_gets_a_problem(
    client: TestClient, path: str, status: int, words: str
) -> None:
    page, problem = client.get(path, headers=HTML), client.get(path, headers=PROGRAM)

    assert (page.status_code, problem.status_code) == (status, status)
    assert page.headers["content-type"].startswith("text/html")
    assert words in page.text
    assert "a secret" not in page.text + problem.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert problem.headers["content-type"] == "application/problem+json"


def test_the_page_of_an_unforeseen_error_gives_its_reference(client: TestClient) -> None:
    page = client.get("/imprevu", headers=HTML)

    assert page.headers["x-request-id"] in page.text


def test_a_body_too_large_is_a_page_at_a_form_and_a_problem_in_the_api(client: TestClient) -> None:
    large = {"note": "x" * 3000}

    form = client.post("/connexion", data=large, headers=HTML)
    api = client.post("/v1/score", data=large, headers=HTML)

    assert (form.status_code, api.status_code) == (413, 413)
    assert "trop volumineux" in form.text
    assert api.headers["content-type"] == "application/problem+json"


def test_too_many_requests_are_answered_when_to_come_back(
    database_url: str, bundles: Path, clock: Clock
) -> None:
    with (
        open_context(database_url, bundles, clock=clock, rate_limit="2/minute") as context,
        browser(create_app(context)) as client,
    ):
        answers = [client.get("/nulle-part", headers=HTML) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert "Trop de demandes" in answers[-1].text
    assert answers[-1].headers["retry-after"] == "60"


@pytest.mark.parametrize("path", ["/v1/nothing", "/health/nothing", "/v1"])
def test_programs_addresses_answer_problems_whatever_is_accepted(
    client: TestClient, path: str
) -> None:
    assert client.get(path, headers=HTML).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["*/*", "application/json, text/html", "text/html;q=0", "?"])
def test_who_does_not_prefer_a_page_gets_a_problem(client: TestClient, accept: str) -> None:
    answer = client.get("/nulle-part", headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/problem+json"


def test_signing_out_without_a_session_leads_to_signing_in(client: TestClient) -> None:
    answer = client.post("/deconnexion", headers=HTML)

    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")


@pytest.mark.parametrize("status", [*EXPLAINED, 418, 507])
def test_every_status_has_a_page(context: AppContext, status: int) -> None:
    app = create_app(context)

    @app.get("/essai")
    def shown(request: Request) -> Response:
        return error_page(request, status)

    with browser(app) as client:
        assert client.get("/essai").status_code == status
