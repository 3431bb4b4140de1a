"""One request reads in one transaction, and what it writes goes in one more.

Counted over HTTP with SQLAlchemy's events, on both databases. When a session or a key was last used
is written after the answer, at most once a minute, and never within these requests.
"""

import pytest

from serving.actors import COMMAND, Role, Scope
from serving.app import create_app
from serving.context import AppContext
from serving.operations.keys import add_key
from serving.operations.records import keep_interview
from tests.lib.contexts import interview
from tests.lib.sign_in_site import TestClient, browser
from tests.lib.statements import counting
from tests.pages.clients_by_role import sign_in, token_of


def visitor(context: AppContext, role: Role = Role.ADVISOR) -> TestClient:
    """Somebody signed in at an application whose background work, which reads too, never began."""
    client = browser(create_app(context))
    sign_in(client, context, role)
    return client


@pytest.fixture
def advisor(context: AppContext) -> TestClient:
    """The advisor of C1, signed in."""
    client = visitor(context)
    keep_interview(context, actor=COMMAND, record=interview())
    return client


def test_the_page_of_a_case(context: AppContext, advisor: TestClient) -> None:
    with counting(context.store) as first:
        assert advisor.get("/suivis/C1").status_code == 200
    with counting(context.store) as again:
        assert advisor.get("/suivis/C1").status_code == 200

    assert first.transactions == ["read", "write"]
    assert again.transactions == ["read"]
    assert len(again.statements) <= 13  # one for the person's other contracts


def test_the_explanation_handed_out(context: AppContext, advisor: TestClient) -> None:
    with counting(context.store) as counted:
        assert advisor.get("/suivis/C1/donnees").status_code == 200

    assert counted.transactions == ["read", "write"]
    assert len(counted.statements) <= 13


def test_recording_an_interview(context: AppContext, advisor: TestClient) -> None:
    path = "/suivis/C1/entretien"
    typed = {"held_on": "2026-03-15", "status": "held", "csrf_token": token_of(advisor, path)}

    with counting(context.store) as refused:
        assert advisor.post(path, data={**typed, "held_on": "no day"}).status_code == 422
    with counting(context.store) as counted:
        assert advisor.post(path, data=typed).status_code == 200

    assert refused.transactions == ["read"]
    assert counted.transactions == ["read", "write"]


@pytest.mark.parametrize("path", ["/", "/suivis", "/suivis.csv", "/suivis/C1/entretien", "/modele"])
def test_a_page_that_only_shows(context: AppContext, advisor: TestClient, path: str) -> None:
    with counting(context.store) as counted:
        assert advisor.get(path).status_code in (200, 303)

    assert counted.transactions == ["read"]
    assert len(counted.statements) <= 14  # of a list: the week's list and who is compared


@pytest.mark.parametrize(
    ("role", "path"), [(Role.COORDINATOR, "/equipe"), (Role.ADMINISTRATOR, "/administration")]
)
def test_a_page_of_another_role(context: AppContext, role: Role, path: str) -> None:
    client = visitor(context, role)

    with counting(context.store) as counted:
        assert client.get(path).status_code == 200

    assert counted.transactions == ["read"]


def test_what_a_machine_reads(context: AppContext, advisor: TestClient) -> None:
    key = add_key(context, actor=COMMAND, name="SI", scopes=[Scope.ASSESSMENTS_READ])
    advisor.cookies.clear()
    advisor.headers["Authorization"] = f"Bearer {key.text}"
    advisor.get("/v1/assessments")  # its last use is written by now

    with counting(context.store) as feed:
        assert advisor.get("/v1/assessments").status_code == 200
    with counting(context.store) as one:
        assert advisor.get("/v1/contracts/C1/assessment").status_code == 200

    assert feed.transactions == ["read"]
    assert one.transactions == ["read", "write"]


def test_recording_by_a_machine(context: AppContext, advisor: TestClient) -> None:
    key = add_key(context, actor=COMMAND, name="SI", scopes=[Scope.RECORDS_WRITE])
    advisor.cookies.clear()
    advisor.headers["Authorization"] = f"Bearer {key.text}"
    sent = {"interview_id": "I9", "contract_id": "C1", "held_on": "2026-03-10", "status": "held"}
    advisor.post("/v1/interviews", json=sent)

    with counting(context.store) as counted:
        sent["interview_id"] = "I10"
        assert advisor.post("/v1/interviews", json=sent).status_code == 201

    assert counted.transactions == ["read", "write"]
