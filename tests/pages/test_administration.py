"""What an administrator does on the page, and the words for what is refused."""

import re
from collections.abc import Iterator

import pytest

from features.common.errors import VigieError
from serving.actors import COMMAND, Role, Scope
from serving.context import AppContext
from serving.operations import accounts, keys, suspension
from serving.store import accounts as stored_accounts
from serving.store.refusals import RefusalCode
from serving.wording import wording
from tests.lib.sign_in_site import TestClient, actions
from tests.pages.clients_by_role import token_of, visiting

PATH = "/administration"
T = wording("fr")


@pytest.fixture
def client(context: AppContext) -> Iterator[TestClient]:
    """An administrator, signed in."""
    with visiting(context, Role.ADMINISTRATOR) as opened:
        yield opened


def _send(client: TestClient, path: str, **typed: object) -> tuple[int, str]:
    answer = client.post(f"{PATH}{path}", data={"csrf_token": token_of(client, PATH), **typed})
    return answer.status_code, answer.text


def _account(context: AppContext, email: str) -> stored_accounts.Account:
    with context.store.reading() as connection:
        found = stored_accounts.find_by_email(connection, email)
    assert found is not None
    return found


def test_the_number_of_people_a_week_is_changed_and_audited(
    client: TestClient, context: AppContext
) -> None:
    number = _account(context, "a1@example.org").id

    assert _send(client, f"/comptes/{number}/capacite", capacity="12")[0] == 303

    assert _account(context, "a1@example.org").capacity == 12
    assert actions(context)[-1] == "change_capacity"


@pytest.mark.parametrize("typed", ["0", "201", "", "douze", "-3", "9" * 40])
def test_a_number_that_makes_no_sense_is_refused_in_french(
    client: TestClient, context: AppContext, typed: str
) -> None:
    number = _account(context, "a1@example.org").id

    status, page = _send(client, f"/comptes/{number}/capacite", capacity=typed)

    assert status == 422
    assert "entre 1 et 200" in page


def test_accounts_are_closed_reopened_and_given_a_new_password(
    client: TestClient, context: AppContext
) -> None:
    number = _account(context, "a1@example.org").id

    _send(client, f"/comptes/{number}/fermer")
    assert _account(context, "a1@example.org").disabled_at is not None

    _send(client, f"/comptes/{number}/retablir")
    assert _account(context, "a1@example.org").disabled_at is None

    _, page = _send(client, f"/comptes/{number}/mot-de-passe")
    assert 'class="secret">' in page
    assert _account(context, "a1@example.org").must_change_password


def test_nobody_closes_their_own_account(client: TestClient, context: AppContext) -> None:
    """Or the last administrator could lock themselves out."""
    me = _account(context, "administrator@example.org").id

    status, page = _send(client, f"/comptes/{me}/fermer")

    assert status == 422
    assert "votre propre compte" in page
    assert _account(context, "administrator@example.org").disabled_at is None


def test_an_invited_person_signs_in_with_the_password_shown_once(
    client: TestClient, context: AppContext
) -> None:
    typed = {"email": "neuf@example.org", "name": "Neuf", "role": "advisor", "advisor_id": "A9"}

    _, page = _send(client, "/comptes", **typed)
    secret = re.search(r'class="secret">([^<]+)<', page)

    assert secret is not None
    assert secret.group(1) not in client.get(PATH).text
    assert _account(context, "neuf@example.org").must_change_password


def test_a_key_is_revoked(client: TestClient, context: AppContext) -> None:
    key = keys.add_key(context, actor=COMMAND, name="SI de suivi", scopes=[Scope.SCORE])

    _send(client, f"/cles/{key.key_id}/revoquer")

    assert "révoquée" in client.get(PATH).text


REFUSED = {
    RefusalCode.NOT_AN_ADDRESS: lambda h: _invite(h, email="sans arobase"),
    RefusalCode.NO_NAME: lambda h: _invite(h, name=" "),
    RefusalCode.NO_ADVISOR_ID: lambda h: _invite(h, advisor_id=None),
    RefusalCode.NO_SITE: lambda h: _invite(h, role=Role.COORDINATOR, site=None),
    RefusalCode.CAPACITY_OUT_OF_RANGE: lambda h: accounts.change_capacity(
        h, actor=COMMAND, email="x@y.fr", capacity=0
    ),
    RefusalCode.ACCOUNT_TAKEN: lambda h: [_invite(h) for _ in range(2)],
    RefusalCode.NO_KEY_NAME: lambda h: keys.add_key(
        h, actor=COMMAND, name="", scopes=[Scope.SCORE]
    ),
    RefusalCode.NO_SCOPE: lambda h: keys.add_key(h, actor=COMMAND, name="SI", scopes=[]),
    RefusalCode.NO_REASON: lambda h: suspension.suspend_scoring(h, actor=COMMAND, why=" "),
    RefusalCode.ALREADY_SUSPENDED: lambda h: [
        suspension.suspend_scoring(h, actor=COMMAND, why="essai") for _ in range(2)
    ],
    RefusalCode.NOT_SUSPENDED: lambda h: suspension.resume_scoring(h, actor=COMMAND),
}


def _invite(context: AppContext, **values: object) -> None:
    usual: dict[str, object] = {
        "email": "x@example.org",
        "name": "X",
        "role": Role.ADVISOR,
        "advisor_id": "A5",
        "site": "Nantes",
    }
    accounts.add_account(context, actor=COMMAND, **{**usual, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_carries_its_code(context: AppContext, code: RefusalCode) -> None:
    with pytest.raises(VigieError) as refused:
        REFUSED[code](context)

    assert refused.value.code is code


def test_no_refusal_was_forgotten() -> None:
    assert {*REFUSED, RefusalCode.OWN_ACCOUNT, RefusalCode.OTHER} == set(RefusalCode)


def test_the_audit_is_searched_and_read_page_by_page(
    client: TestClient, context: AppContext
) -> None:
    for number in range(60):
        keys.add_key(context, actor=COMMAND, name=f"Clé {number}", scopes=[Scope.SCORE])

    first = client.get(f"{PATH}?acteur=command").text
    older = re.search(r'href="([^"]+avant=[^"]+)"', first)
    assert older is not None
    second = client.get(older.group(1).replace("&amp;", "&")).text

    def lines(page: str) -> list[str]:
        return re.findall(r"<code>key:([^<]+)</code>", page.partition('id="audit"')[2])

    assert len(lines(first)) == 50
    assert lines(second)
    assert not set(lines(first)) & set(lines(second))
    assert "a créé une clé" in first
    assert "Aucune ligne ne correspond" in client.get(f"{PATH}?sujet=contract:nobody").text
