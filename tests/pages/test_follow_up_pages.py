"""Follow-ups on the site: due ones are shown to who follows the person, and answered there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from serving.actors import COMMAND, Role
from serving.context import AppContext
from serving.operations.directory import name_person
from serving.store import programme
from tests.lib.contexts import Clock
from tests.lib.enrolments import drawn, small_plan
from tests.lib.sign_in_site import TestClient, actions
from tests.pages.clients_by_role import token_of, visiting

PATH = "/apres-contrat"


@pytest.fixture
def client(context: AppContext, clock: Clock) -> Iterator[TestClient]:
    """The advisor A1, who follows two persons whose contracts just ended, and A2 a third one."""
    ends = {"planned_end_on": context.today + timedelta(days=3)}
    for number, advisor in ((2, "A1"), (3, "A1"), (4, "A2")):
        drawn(context, small_plan(), number, advisor_id=advisor, **ends)
    name_person(context, actor=COMMAND, person_id="P-C2", given_name="Inès", family_name="M<b>")
    clock.move(days=4)
    with visiting(context) as opened:
        yield opened


def answer(client: TestClient, context: AppContext, **typed: str) -> int:
    fields = {"person_id": "P-C2", "moment": "end", "asked_on": context.today.isoformat()}
    token = token_of(client, PATH)
    sent = client.post(PATH, data={"csrf_token": token, **fields, "answer": "answered", **typed})
    return sent.status_code


def test_the_list_leads_to_those_an_advisor_follows(client: TestClient) -> None:
    assert "2 suivis après le contrat à faire" in client.get("/suivis").text
    page = client.get(PATH).text
    assert "Inès M&lt;b&gt;" in page
    assert "P-C3" in page
    assert "P-C4" not in page


def test_an_answer_is_stored_and_the_person_leaves_the_list(
    client: TestClient, context: AppContext
) -> None:
    typed = {"situation": "job", "job_kind": "permanent", "job_related": "0"}
    assert answer(client, context, **typed) == 303
    assert actions(context)[-1] == "keep_follow_up"
    with context.store.reading() as connection:
        [row] = programme.follow_ups_in_force(connection)
    assert (row.situation, row.job_kind, row.job_related) == ("job", "permanent", False)
    assert "Inès" not in client.get(PATH).text
    assert "1 suivi après le contrat à faire" in client.get("/suivis").text


def test_who_is_not_reached_stays_with_the_attempt(client: TestClient, context: AppContext) -> None:
    assert answer(client, context, answer="unreachable") == 303
    assert "1 essai sans réponse" in client.get(PATH).text


@pytest.mark.parametrize(
    "typed", [{"situation": ""}, {"asked_on": "hier"}, {"asked_on": "2026-01-01"}, {"moment": ""}]
)
def test_what_contradicts_is_refused_in_words_and_nothing_stored(
    client: TestClient, context: AppContext, typed: dict[str, str]
) -> None:
    assert answer(client, context, **{"situation": "job", **typed}) == 422
    with context.store.reading() as connection:
        assert programme.follow_ups_in_force(connection) == []


def test_nobody_answers_for_a_person_of_others(client: TestClient, context: AppContext) -> None:
    assert answer(client, context, person_id="P-C4", situation="job") == 404


@pytest.mark.parametrize("role", [Role.DATA, Role.ADMINISTRATOR])
def test_the_page_is_for_who_follows_cases(context: AppContext, role: Role) -> None:
    with visiting(context, role) as other:
        assert other.get(PATH).status_code == 403


def test_without_a_programme_there_is_nothing_to_do(context: AppContext) -> None:
    with visiting(context, Role.COORDINATOR) as coordinator:
        assert "Aucun suivi à faire" in coordinator.get(PATH).text
        assert "après le contrat" not in coordinator.get("/suivis").text
