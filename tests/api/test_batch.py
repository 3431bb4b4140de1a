"""A batch answers what its lines would be answered one by one, on both databases."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from serving.actors import COMMAND, Scope
from serving.api import examples
from serving.app import create_app
from serving.context import AppContext
from serving.operations.keys import add_key
from serving.operations.suspension import suspend_scoring
from serving.store import audit
from serving.store.audit import Action
from tests.lib.api import Api
from tests.lib.contexts import open_context

CASE: dict[str, Any] = examples.CASE
CONTRACT = CASE["contract"]
ANOTHERS = {"contract_id": "C-OTHER"}
CASES: dict[str, Any] = {
    "a case": CASE,
    "another of the same name": {**CASE, "contract": {**CONTRACT, "employer_headcount": 900}},
    "no case": {"contract": 3},
    "a past morning": {**CASE, "as_of": "2026-01-20"},
    "not known that morning": {**CASE, "as_of": CONTRACT["known_on"], "interviews": []},
    "another's record": {**CASE, "events": [{**examples.EVENT, **ANOTHERS}]},
    "a contract alone": {"contract": {**CONTRACT, "contract_id": "0", "employer_siret": None}},
    "one that is kept": {"contract": {**CONTRACT, "contract_id": "C-KEPT"}},
}


def batch(api: Api, lines: list[str]) -> httpx.Response:
    headers = {"Content-Type": "application/x-ndjson"}
    return api.post("/v1/score/batch", content="\n".join(lines), headers=headers)


def line_of(case: dict[str, Any], line_id: str = "L-1") -> str:
    return json.dumps({"id": line_id, **case})


def audited(context: AppContext) -> list[dict[str, Any]]:
    with context.store.reading() as connection:
        return [line.details for line in audit.search(connection, action=Action.SCORE_CASE)]


@pytest.fixture
def past(api: Api) -> None:
    """A contract that ended, so that its employer and the contract itself have a past."""
    api.put("/v1/contracts/C-KEPT", json=examples.CONTRACT)
    api.put("/v1/outcomes/C-KEPT", json=examples.OUTCOME)


@pytest.mark.usefixtures("past")
def test_a_batch_answers_byte_for_byte_what_its_cases_are_answered_alone(api: Api) -> None:
    """Names repeated, bad lines between good ones, several mornings, more than one pass."""
    alone = {what: api.post("/v1/score", json=case) for what, case in CASES.items()}
    asked = [(f"L-{number % 5}", what) for number, what in enumerate([*CASES] * 30)]
    expected = []
    for number, (line_id, what) in enumerate(asked, start=1):
        content = re.sub(rb'"instance":"[0-9a-f]+",', b"", alone[what].content)
        part = "assessment" if alone[what].status_code == 200 else "problem"
        expected.append(f'{{"id":"{line_id}","line":{number},"{part}":'.encode() + content + b"}\n")

    answer = batch(api, [line_of(CASES[what], line_id) for line_id, what in asked])
    assert answer.content.splitlines(keepends=True) == expected
    assert {what for what in CASES if alone[what].status_code != 200} == {
        "no case",
        "not known that morning",
        "another's record",
    }


def test_a_bad_line_is_reported_while_the_good_ones_are_answered(
    api: Api, context: AppContext
) -> None:
    good = line_of(CASE)
    answer = batch(api, [good, '{"id": "L-2", "contract": 3}', "", "not json", good])

    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["id"], line["line"]) for line in found] == [
        ("L-1", 1),
        ("L-2", 2),
        (None, 4),
        ("L-1", 5),
    ]
    assert found[0]["assessment"] == found[3]["assessment"]
    assert found[1]["problem"]["errors"][0]["pointer"] == "/contract"
    assert found[2]["problem"]["status"] == 400
    assert audited(context) == [{"cases": 4, "suspended": False}]


def test_every_line_says_that_scoring_is_suspended(api: Api, context: AppContext) -> None:
    suspend_scoring(context, actor=COMMAND, why="contrôle")

    answer = batch(api, [line_of(CASE), "not json", line_of(CASE)])
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line.get("assessment", {}).get("status") for line in found] == [
        "suspended",
        None,
        "suspended",
    ]
    assert found[1]["problem"]["status"] == 400
    assert audited(context) == [{"cases": 3, "suspended": True}]


def test_lines_that_cannot_be_scored_each_have_their_problem(api: Api, context: AppContext) -> None:
    """The stored sums are gone: what a database refuses is reported without its words."""
    with context.store.writing() as connection:
        connection.execute(text("DROP TABLE history_steps"))

    answer = batch(api, [line_of(CASE, f"L-{number}") for number in range(3)])
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["id"] for line in found] == ["L-0", "L-1", "L-2"]
    assert {line["problem"]["status"] for line in found} == {503}


def test_nothing_is_scored_that_the_audit_does_not_hold(api: Api, context: AppContext) -> None:
    with context.store.writing() as connection:
        connection.execute(text("DROP TABLE audit"))

    answer = batch(api, [line_of(CASE)])
    assert (answer.status_code, answer.json()["type"]) == (
        503,
        "urn:vigie:problem:store-unavailable",
    )


def test_limits_are_of_the_lines_and_of_each_line(database_url: str, bundles: Path) -> None:
    with open_context(database_url, bundles, batch_limit=3, body_limit=4000) as context:
        key = add_key(context, actor=COMMAND, name="test", scopes=[Scope.SCORE]).text
        app = create_app(context)
        api = Api(app, headers={"Authorization": f"Bearer {key}"})
        long = line_of({**CASE, "note": "x" * 9000}, "L-2")
        answer = batch(api, [line_of(CASE), long, line_of(CASE)])
        more = batch(api, [line_of(CASE)] * 5)
        api.close()
        app.state.scoring_queue.close()
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert ["assessment" in line for line in found] == [True, False, True]
    assert (found[1]["id"], found[1]["problem"]["status"]) == ("L-2", 413)
    assert more.status_code == 413
