"""The pages on a real service: who may see, what is kept, what is never shown."""

import re
from collections.abc import Iterator

import pytest

from serving.actors import COMMAND, Role
from serving.app import create_app
from serving.context import AppContext
from serving.operations import directory, records
from serving.operations.suspension import suspend_scoring
from serving.queries.assessments import assessment_history, latest_assessment
from serving.queries.cases import case_file
from tests.lib.contexts import contract
from tests.lib.reading import read
from tests.lib.site import ADDRESS, PASSWORD, TestClient, browser, settle

THEIRS = "SOMEBODY-ELSES"  # no token holds it by chance
MINE = ("/suivis/C1", "/suivis/C1/entretien", "/suivis/C1/donnees")
RECORD = "/suivis/C1/fiche?nature=contrat&id=C1"
EVERY = ("/", "/suivis", "/suivis.csv", "/equipe", "/modele", "/administration", *MINE)


@pytest.fixture
def visitor(context: AppContext) -> Iterator[TestClient]:
    """Somebody who is not signed in, at a site with two contracts of A1 and one of A2."""
    settle(context, advisor_id="A1")
    for name, advisor in (("C1", "A1"), ("C2", "A1"), (THEIRS, "A2")):
        records.keep_contract(context, actor=COMMAND, record=contract(name, advisor_id=advisor))
    directory.name_person(
        context, actor=COMMAND, person_id="P-C1", given_name="Inès", family_name="=M<b>"
    )
    app = create_app(context)
    with browser(app) as client:
        yield client


@pytest.fixture
def advisor(visitor: TestClient) -> TestClient:
    """The advisor A1, signed in."""
    typed = {"email": ADDRESS, "password": PASSWORD, "suite": "/suivis"}
    sent = visitor.post("/connexion", data={**typed, "csrf_token": _token(visitor, "/connexion")})
    assert (sent.status_code, sent.headers["location"]) == (303, "/suivis")
    return visitor


def _as(visitor: TestClient, context: AppContext, role: Role) -> TestClient:
    """Somebody of another role, signed in at the same site."""
    settle(
        context, "autre@example.org", role=role, advisor_id="A7" if role is Role.ADVISOR else None
    )
    typed = {"email": "autre@example.org", "password": PASSWORD, "suite": "/"}
    visitor.post("/connexion", data={**typed, "csrf_token": _token(visitor, "/connexion")})
    return visitor


def _token(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)


def _form(client: TestClient, path: str, **typed: str) -> dict[str, str]:
    record_id = re.search(r'name="record_id" value="([^"]+)"', client.get(path).text)
    return {
        "csrf_token": _token(client, "/suivis"),
        **({"record_id": record_id.group(1)} if record_id else {}),
        **typed,
    }


@pytest.mark.parametrize("path", EVERY)
def test_unauthorized(visitor: TestClient, path: str) -> None:
    """Who is not signed in is shown the door, and comes back here after."""
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


def test_a_search_is_sent_in_the_body_with_its_token(advisor: TestClient) -> None:
    token = _token(advisor, "/suivis")

    found = advisor.post("/suivis", data={"q": "ines", "csrf_token": token})

    assert found.text.count('<li class="card case') == 1
    assert advisor.post("/suivis", data={"q": "ines"}).status_code == 403


def test_a_spreadsheet_is_given_no_formula(advisor: TestClient, context: AppContext) -> None:
    directory.name_person(
        context, actor=COMMAND, person_id="P-C1", given_name="=cmd()", family_name=""
    )

    assert ";'=cmd();" in advisor.get("/suivis.csv").text


def test_the_risk_of_the_page_is_the_one_that_is_kept(
    advisor: TestClient, context: AppContext
) -> None:
    kept = read(context, latest_assessment, contract_id="C1")

    assert f'<data value="{kept.risk}">' in advisor.get("/suivis/C1").text
    assert f'<data value="{kept.risk}">' in advisor.get("/suivis").text


def test_an_interview_is_kept_once_and_the_risk_that_moved_is_told(
    advisor: TestClient, context: AppContext
) -> None:
    """Sending the same form twice, as after a lost connection, changes nothing."""
    path = "/suivis/C1/entretien"
    typed = _form(advisor, path, held_on="2026-03-15", status="held", rating_tutor="1")

    first, second = (advisor.post(path, data=typed) for _ in range(2))

    kept = read(context, case_file, contract_id="C1").versions.interviews
    history = read(context, assessment_history, contract_id="C1")
    assert (first.status_code, second.status_code, len(kept)) == (200, 200, 1)
    assert kept[0].rating_tutor == 1
    assert len(history) == 2
    assert "Le risque passe de" in first.text


def test_a_faulty_interview_is_shown_again_and_nothing_is_kept(
    advisor: TestClient, context: AppContext
) -> None:
    path = "/suivis/C1/entretien"
    typed = _form(advisor, path, held_on="2027-01-01", status="held", note="Un mot")

    answer = advisor.post(path, data=typed)

    assert answer.status_code == 422
    assert "Un mot" in answer.text
    assert read(context, case_file, contract_id="C1").versions.interviews == []


def test_a_disagreement_is_kept_and_shown_and_changes_no_score(
    advisor: TestClient, context: AppContext
) -> None:
    before = read(context, latest_assessment, contract_id="C1").risk
    typed = _form(advisor, "/suivis/C1", kind="disagree", reason="level_too_high")

    assert advisor.post("/suivis/C1/reponse", data=typed).status_code == 303

    assert "le niveau semble trop élevé" in advisor.get("/suivis/C1").text
    assert read(context, latest_assessment, contract_id="C1").risk == before


def test_a_record_is_withdrawn_and_restored_by_who_follows_its_case(
    advisor: TestClient, context: AppContext
) -> None:
    form = {"csrf_token": _token(advisor, RECORD), "nature": "contrat", "id": "C1"}

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
    form = {"csrf_token": _token(advisor, "/suivis"), "nature": nature, "id": key}

    assert advisor.get(f"{path}?nature={nature}&id={key}").status_code == 404
    for what in ("withdraw", "restore"):
        assert advisor.post(path, data={**form, "what": what}).status_code == 404


def test_setting_aside_without_a_day_is_asked_again(advisor: TestClient) -> None:
    typed = _form(advisor, "/suivis/C1", kind="snooze", reason="interview_planned")

    answer = advisor.post("/suivis/C1/reponse", data=typed)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


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


def test_pages_are_kept_by_no_cache_and_files_for_long(advisor: TestClient) -> None:
    page, file = advisor.get("/suivis"), advisor.get("/static/vigie.css?v=1")

    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "immutable" in file.headers["cache-control"]


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
    client = _as(visitor, context, role)

    places = ("/suivis", "/equipe", "/modele", "/administration")

    assert tuple(client.get(place).status_code for place in places) == statuses


def test_a_coordinator_sees_the_caseloads_of_the_site(
    visitor: TestClient, context: AppContext
) -> None:
    page = _as(visitor, context, Role.COORDINATOR).get("/equipe").text

    assert "Camille Durand-Testée" in page
    assert 'href="/suivis/C1"' in page
    assert THEIRS not in page


def test_an_administrator_suspends_and_resumes_scoring(
    visitor: TestClient, context: AppContext
) -> None:
    client = _as(visitor, context, Role.ADMINISTRATOR)
    token = {"csrf_token": _token(client, "/administration")}

    client.post("/administration/suspension", data={**token, "why": "contrôle en cours"})
    assert "contrôle en cours" in client.get("/administration").text

    client.post("/administration/reprise", data=token)
    assert "contrôle en cours" not in client.get("/administration").text


def test_a_secret_is_shown_once(visitor: TestClient, context: AppContext) -> None:
    """A key and a one-time password are on the page that made them and on no other."""
    client = _as(visitor, context, Role.ADMINISTRATOR)
    token = {"csrf_token": _token(client, "/administration")}

    made = client.post("/administration/cles", data={**token, "name": "SI", "scope": "score"})
    shown = re.search(r'class="secret">([^<]+)<', made.text)

    assert shown is not None
    assert shown.group(1).startswith("vgk_")
    assert shown.group(1) not in client.get("/administration").text


def test_an_account_that_cannot_be_opened_is_told_why(
    visitor: TestClient, context: AppContext
) -> None:
    client = _as(visitor, context, Role.ADMINISTRATOR)
    typed = {"email": "sans arobase", "name": "N", "role": "advisor"}

    answer = client.post(
        "/administration/comptes", data={**typed, "csrf_token": _token(client, "/administration")}
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
