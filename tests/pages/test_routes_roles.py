"""What each role finds on the site, and what an administrator does there."""

import re

import pytest

from serving.actors import Role
from serving.context import AppContext
from tests.lib.sign_in_site import TestClient
from tests.pages.signed_in_clients import THEIRS, as_role, token_of


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.ADVISOR, (200, 403, 200, 403)),
        (Role.COORDINATOR, (200, 200, 200, 403)),
        (Role.DATA, (403, 403, 200, 403)),
        (Role.ADMINISTRATOR, (403, 403, 200, 200)),
    ],
)
def test_each_role_has_its_places(
    visitor: TestClient, context: AppContext, role: Role, statuses: tuple[int, ...]
) -> None:
    client = as_role(visitor, context, role)

    places = ("/suivis", "/equipe", "/modele", "/administration")

    assert tuple(client.get(place).status_code for place in places) == statuses


def test_a_coordinator_sees_the_caseloads_of_the_site(
    visitor: TestClient, context: AppContext
) -> None:
    page = as_role(visitor, context, Role.COORDINATOR).get("/equipe").text

    assert "Camille Durand-Testée" in page
    assert 'href="/suivis/C1"' in page
    assert THEIRS not in page


def test_an_administrator_suspends_and_resumes_scoring(
    visitor: TestClient, context: AppContext
) -> None:
    client = as_role(visitor, context, Role.ADMINISTRATOR)
    token = {"csrf_token": token_of(client, "/administration")}

    client.post("/administration/suspension", data={**token, "why": "contrôle en cours"})
    assert "contrôle en cours" in client.get("/administration").text

    client.post("/administration/reprise", data=token)
    assert "contrôle en cours" not in client.get("/administration").text


def test_a_secret_is_shown_once(visitor: TestClient, context: AppContext) -> None:
    """A key and a one-time password are on the page that made them and on no other."""
    client = as_role(visitor, context, Role.ADMINISTRATOR)
    token = {"csrf_token": token_of(client, "/administration")}

    made = client.post("/administration/cles", data={**token, "name": "SI", "scope": "score"})
    shown = re.search(r'class="secret">([^<]+)<', made.text)

    assert shown is not None
    assert shown.group(1).startswith("vgk_")
    assert shown.group(1) not in client.get("/administration").text


def test_an_account_that_cannot_be_opened_gets_the_reason(
    visitor: TestClient, context: AppContext
) -> None:
    client = as_role(visitor, context, Role.ADMINISTRATOR)
    typed = {"email": "sans arobase", "name": "N", "role": "advisor"}

    answer = client.post(
        "/administration/comptes", data={**typed, "csrf_token": token_of(client, "/administration")}
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
