"""What advisors write on the site: stored once, shown again when it is faulty."""

import pytest

from serving.context import AppContext
from serving.queries.assessments import assessment_history, latest_assessment
from serving.queries.cases import case_file
from tests.lib.read_once import read
from tests.lib.sign_in_site import TestClient
from tests.pages.signed_in_clients import THEIRS, form_of, token_of

RECORD = "/suivis/C1/fiche?nature=contrat&id=C1"


def test_an_interview_is_stored_once_and_the_risk_that_moved_is_shown(
    advisor: TestClient, context: AppContext
) -> None:
    """Sending the same form twice, as after a lost connection, changes nothing."""
    path = "/suivis/C1/entretien"
    typed = form_of(advisor, path, held_on="2026-03-15", status="held", rating_tutor="1")

    first, second = (advisor.post(path, data=typed) for _ in range(2))

    stored = read(context, case_file, contract_id="C1").versions.interviews
    history = read(context, assessment_history, contract_id="C1")
    assert (first.status_code, second.status_code, len(stored)) == (200, 200, 1)
    assert stored[0].rating_tutor == 1
    assert len(history) == 2
    assert "Le risque passe de" in first.text


def test_a_faulty_interview_is_shown_again_and_nothing_is_stored(
    advisor: TestClient, context: AppContext
) -> None:
    path = "/suivis/C1/entretien"
    typed = form_of(advisor, path, held_on="2027-01-01", status="held", note="Un mot")

    answer = advisor.post(path, data=typed)

    assert answer.status_code == 422
    assert "Un mot" in answer.text
    assert read(context, case_file, contract_id="C1").versions.interviews == []


def test_a_disagreement_is_stored_and_shown_and_changes_no_score(
    advisor: TestClient, context: AppContext
) -> None:
    before = read(context, latest_assessment, contract_id="C1").risk
    typed = form_of(advisor, "/suivis/C1", kind="disagree", reason="level_too_high")

    assert advisor.post("/suivis/C1/reponse", data=typed).status_code == 303

    assert "le niveau semble trop élevé" in advisor.get("/suivis/C1").text
    assert read(context, latest_assessment, contract_id="C1").risk == before


def test_a_record_is_withdrawn_and_restored_by_who_follows_its_case(
    advisor: TestClient, context: AppContext
) -> None:
    form = {"csrf_token": token_of(advisor, RECORD), "nature": "contrat", "id": "C1"}

    for what, withdrawn in (("withdraw", True), ("restore", False), ("restore", False)):
        answer = advisor.post("/suivis/C1/fiche", data={**form, "what": what})
        assert answer.status_code == 200
        versions = read(context, case_file, contract_id="C1").versions.contracts
        assert versions[-1].withdrawn is withdrawn
    assert len(versions) == 3
    assert advisor.post("/suivis/C1/fiche", data={**form, "what": "else"}).status_code == 404
    stale = {**form, "what": "withdraw", "csrf_token": "x"}
    assert advisor.post("/suivis/C1/fiche", data=stale).status_code == 403


@pytest.mark.parametrize(
    ("of_case", "nature", "key"),
    [
        ("C1", "contrat", "C2"),
        (THEIRS, "contrat", THEIRS),
        ("C1", "contrat", THEIRS),
        ("C1", "fin", "C1"),
        ("C1", "autre", "C1"),
        ("C1", "contrat", "%00"),
    ],
)
def test_a_record_of_another_case_is_not_found(
    advisor: TestClient, of_case: str, nature: str, key: str
) -> None:
    path = f"/suivis/{of_case}/fiche"
    form = {"csrf_token": token_of(advisor, "/suivis"), "nature": nature, "id": key}

    assert advisor.get(f"{path}?nature={nature}&id={key}").status_code == 404
    for what in ("withdraw", "restore"):
        assert advisor.post(path, data={**form, "what": what}).status_code == 404


def test_setting_aside_without_a_day_is_asked_again(advisor: TestClient) -> None:
    typed = form_of(advisor, "/suivis/C1", kind="snooze", reason="interview_planned")

    answer = advisor.post("/suivis/C1/reponse", data=typed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
