"""Who saw a case: one line an hour for each person, and nothing shown that is not told."""

import pytest
from sqlalchemy import text

from features.common.errors import NotFoundError
from serving.actors import COMMAND, Actor, Role, Scope
from serving.context import AppContext
from serving.operations.keys import add_key
from serving.operations.records import keep_contract
from serving.operations.views import record_view
from tests.laws.test_every_operation import FAILING_AUDIT
from tests.lib.contexts import Clock, contract
from tests.lib.sign_in_site import actions
from tests.pages.clients_by_role import visiting

ADVISOR = Actor("account:9", role=Role.ADVISOR, account_id=9, advisor_id="A1")


def _views(context: AppContext) -> int:
    return actions(context).count("view_case")


def test_reloading_within_the_hour_adds_no_line(context: AppContext, clock: Clock) -> None:
    keep_contract(context, actor=COMMAND, record=contract())

    audited = [record_view(context, actor=ADVISOR, contract_id="C1")]
    clock.move(minutes=59)
    audited.append(record_view(context, actor=ADVISOR, contract_id="C1"))
    clock.move(minutes=2)
    audited.append(record_view(context, actor=ADVISOR, contract_id="C1"))

    assert audited == [True, False, True]
    assert _views(context) == 2


def test_each_person_and_each_contract_has_a_line(context: AppContext) -> None:
    for name in ("C1", "C2"):
        keep_contract(context, actor=COMMAND, record=contract(name))

    for actor in (ADVISOR, COMMAND):
        for name in ("C1", "C2"):
            assert record_view(context, actor=actor, contract_id=name)

    assert _views(context) == 4


def test_a_case_that_may_not_be_seen_leaves_no_line(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract(advisor_id="A2"))

    with pytest.raises(NotFoundError):
        record_view(context, actor=ADVISOR, contract_id="C1")

    assert _views(context) == 0


@pytest.mark.parametrize("path", ["/suivis/C1", "/v1/contracts/C1/assessment"])
def test_a_person_who_reads_a_case_is_audited_once(context: AppContext, path: str) -> None:
    with visiting(context) as client:
        assert {client.get(path).status_code for _ in range(3)} == {200}
        assert client.get("/suivis/nobody").status_code == 404

    assert _views(context) == 1


def test_an_explanation_that_is_handed_out_is_audited_as_such_and_each_time(
    context: AppContext,
) -> None:
    with visiting(context) as client:
        assert {client.get("/suivis/C1/donnees").status_code for _ in range(2)} == {200}
        assert client.get("/suivis/nobody/donnees").status_code == 404

    assert actions(context).count("explain") == 2
    assert _views(context) == 0


def test_a_machine_that_asks_again_and_again_is_audited_once_an_hour(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    key = add_key(context, actor=COMMAND, name="SI", scopes=[Scope.ASSESSMENTS_READ])

    with visiting(context) as client:
        client.cookies.clear()
        asked = {"Authorization": f"Bearer {key.text}"}
        for path in ("assessment", "assessments", "assessment"):
            assert client.get(f"/v1/contracts/C1/{path}", headers=asked).status_code == 200

    assert _views(context) == 1


@pytest.mark.parametrize(
    "path", ["/suivis/C1", "/suivis/C1/donnees", "/v1/contracts/C1/assessment"]
)
def test_a_case_is_not_shown_when_the_audit_cannot_record_it(
    context: AppContext, path: str
) -> None:
    with visiting(context) as client:
        with context.store.writing() as connection:
            for statement in FAILING_AUDIT[connection.dialect.name]:
                connection.execute(text(statement))

        answer = client.get(path)

    assert answer.status_code == 503
    assert "Niveau" not in answer.text
    assert "contributions" not in answer.text
