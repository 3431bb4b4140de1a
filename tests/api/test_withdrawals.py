"""Taking back what was wrong: by HTTP and by a row of a file; sending it again undoes it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from serving.actors import COMMAND, Role, Scope
from serving.actors import Actor as Person
from serving.context import AppContext
from serving.operations.webhooks import add_endpoint
from serving.queries.caseload import caseload_of
from serving.scoring.nightly_run import rescore
from serving.store.tables import audit, outbox
from tests.lib import contexts
from tests.lib.api import Api
from tests.lib.contexts import TODAY, Clock
from tests.lib.write_paths import ADDED, Sent, by_api, by_file

ADVISOR = Person("account:1", role=Role.ADVISOR, advisor_id="A1")


def assessment(api: Api, contract_id: str = "C1") -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/v1/contracts/{contract_id}/assessment").json()
    return found


def listed(context: AppContext) -> list[str]:
    with context.reading(ADVISOR) as reads:
        return [case.contract_id for case in caseload_of(reads)]


def withdraw(api: Api, path: str, **params: str) -> tuple[int, dict[str, Any]]:
    answer = api.send("DELETE", f"/v1/{path}", params=params)
    return answer.status_code, answer.json()


def test_without_a_withdrawn_interview_the_score_is_as_if_it_had_never_been(api: Api) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    before = assessment(api)
    by_api(api, Sent("interviews", contexts.interview()))
    assert assessment(api)["risk"] != before["risk"]

    status, done = withdraw(api, "interviews/I1")

    assert (status, done["changed"]) == (201, True)
    assert assessment(api)["risk"] == before["risk"]
    assert withdraw(api, "interviews/I1")[0] == 200


def test_sending_it_again_undoes_a_withdrawal(api: Api) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    by_api(api, Sent("interviews", contexts.interview()))
    with_it = assessment(api)["risk"]
    withdraw(api, "interviews/I1")
    assert by_api(api, Sent("interviews", contexts.interview(known_on=TODAY))) == ADDED
    assert assessment(api)["risk"] == with_it


def test_a_withdrawn_contract_is_in_no_list_and_has_no_score(api: Api, context: AppContext) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    by_api(api, Sent("interviews", contexts.interview()))
    assert listed(context) == ["C1"]

    _, done = withdraw(api, "contracts/C1")

    assert done["assessment"]["status"] == "not_assessed"
    assert "retiré" in done["assessment"]["why_not"]
    assert done["assessment"]["risk"] is None
    assert listed(context) == []
    feed = api.get("/v1/assessments").json()["items"]
    assert feed[-1]["level"] is None
    assert rescore(context, actor=COMMAND).contracts == 0


def test_a_withdrawn_end_opens_the_contract_again(api: Api, context: AppContext) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    open_score = assessment(api)["risk"]
    by_api(api, Sent("outcomes", contexts.outcome()))
    assert (assessment(api)["risk"], listed(context)) == (None, [])

    status, _ = withdraw(api, "outcomes/C1")

    assert status == 201
    assert (assessment(api)["risk"], listed(context)) == (open_score, ["C1"])


def test_a_row_of_a_file_withdraws(api: Api) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    before = assessment(api)["risk"]
    by_api(api, Sent("events", contexts.event(value=300.0)))
    row = {"event_id": "E1", "contract_id": "C1", "known_on": TODAY, "withdrawn": True}
    assert by_file(api, Sent("events", row)) == ADDED
    assert assessment(api)["risk"] == before


@pytest.mark.parametrize("path", ["contracts/nobody", "interviews/nobody", "outcomes/C1"])
def test_what_is_not_stored_cannot_be_withdrawn(api: Api, path: str) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    assert withdraw(api, path)[0] == 404


def test_a_withdrawal_is_not_known_before_today_ends(api: Api) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    to_come = (TODAY + timedelta(days=1)).isoformat()
    assert withdraw(api, "contracts/C1", known_on=to_come)[0] == 422


def test_every_version_is_read_under_a_right_of_its_own_and_audited(
    make_api: Any, api: Api, context: AppContext
) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    by_api(api, Sent("interviews", contexts.interview(rating_tutor=1.0)))
    by_api(api, Sent("interviews", contexts.interview(rating_tutor=4.0)))
    withdraw(api, "interviews/I1")
    reader = make_api(Scope.RECORDS_READ)

    found = reader.get("/v1/interviews/I1").json()

    assert [v["rating_tutor"] for v in found["versions"]] == [1.0, 4.0, 4.0]
    assert [v["withdrawn"] for v in found["versions"]] == [False, False, True]
    assert found["withdrawn"] is True
    assert reader.get("/v1/interviews/nobody").status_code == 404
    assert make_api(Scope.RECORDS_WRITE).get("/v1/interviews/I1").status_code == 403
    with context.store.reading() as connection:
        query = select(audit.c.details).where(audit.c.action == "read_record")
        assert [dict(d) for d in connection.execute(query).scalars()] == [
            {"record": "interviews", "versions": 3}
        ]


def test_an_announced_end_is_no_input_until_its_day_comes(
    api: Api, context: AppContext, clock: Clock
) -> None:
    by_api(api, Sent("contracts", contexts.contract()))
    before = assessment(api)["risk"]
    ended_on = TODAY + timedelta(days=3)
    by_api(api, Sent("outcomes", contexts.outcome(ended_on=ended_on)))
    assert (assessment(api)["risk"], listed(context)) == (before, ["C1"])

    clock.move(days=5)
    rescore(context, actor=COMMAND)

    assert listed(context) == []
    assert assessment(api)["risk"] is None
    assert "terminé" in assessment(api)["why_not"]


def test_a_level_that_goes_with_a_withdrawal_is_announced(api: Api, context: AppContext) -> None:
    by_api(api, Sent("contracts", contexts.contract(known_on=date(2025, 9, 10))))
    level = assessment(api)["level"]
    withdraw(api, "contracts/C1")
    with context.store.reading() as connection:
        sent = connection.execute(select(outbox)).all()
    assert sent == []  # nobody listens, nothing waits
    feed = api.get("/v1/assessments").json()["items"]
    assert [item["level"] for item in feed] == [level, None]


def test_a_webhook_follows_a_withdrawal(api: Api, context: AppContext) -> None:
    add_endpoint(context, actor=COMMAND, url="http://127.0.0.1:9/hook")
    by_api(api, Sent("contracts", contexts.contract(known_on=date(2025, 9, 10))))
    level = assessment(api)["level"]
    withdraw(api, "contracts/C1")
    with context.store.reading() as connection:
        sent = connection.execute(select(outbox.c.payload).order_by(outbox.c.id)).scalars().all()
    changes = [(m["previous_level"], m["level"]) for m in sent]
    assert changes == [(None, level), (level, None)]
