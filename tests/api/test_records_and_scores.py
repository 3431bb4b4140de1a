"""What a case-management system does all day, on both databases."""

import json
import math
from typing import Any

import pytest

from serving.actors import COMMAND
from serving.api import examples
from serving.context import AppContext
from serving.operations.suspension import suspend_scoring
from tests.lib.api import Api

ID = "C-2025-0042"
WHAT_MADE_IT = {"model_version", "label_version", "catalogue_hash", "as_of", "valid_until"}


def put_contract(api: Api, contract_id: str = ID, **values: Any) -> dict[str, Any]:
    answer = api.put(f"/v1/contracts/{contract_id}", json={**examples.CONTRACT, **values})
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


def test_a_score_adds_up_and_names_what_made_it(api: Api) -> None:
    answer = api.post("/v1/score", json=examples.CASE).json()

    margin = answer["base_value"] + sum(answer["contributions"].values())
    assert 1 / (1 + math.exp(-margin)) == pytest.approx(answer["risk"], abs=1e-9)
    assert answer["status"] == "assessed"
    assert all(answer[name] for name in WHAT_MADE_IT)
    assert answer["reasons"]


def test_a_first_record_answers_201_and_its_repeat_200_with_the_same_assessment(api: Api) -> None:
    first = api.put(f"/v1/contracts/{ID}", json=examples.CONTRACT)
    again = api.put(f"/v1/contracts/{ID}", json=examples.CONTRACT)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "changed": False}
    assert first.json()["assessment"]["contract_id"] == ID


def test_a_stored_case_is_assessed_as_the_same_case_sent_for_a_score(api: Api) -> None:
    put_contract(api)
    api.post("/v1/interviews", json={**examples.OF_CONTRACT, **examples.INTERVIEW})
    stored = api.post("/v1/events", json={**examples.OF_CONTRACT, **examples.EVENT}).json()

    sent = api.post("/v1/score", json=examples.CASE).json()
    assert stored["assessment"]["risk"] == pytest.approx(sent["risk"], abs=1e-12)


def test_the_outcome_ends_the_assessments(api: Api) -> None:
    put_contract(api)

    answer = api.put(f"/v1/outcomes/{ID}", json=examples.OUTCOME)
    assert answer.status_code == 201
    assert answer.json()["assessment"]["status"] == "not_assessed"
    assert answer.json()["assessment"]["risk"] is None


def test_an_id_may_hold_a_slash(api: Api) -> None:
    put_contract(api, "OPCO/44/17")

    answer = api.get("/v1/contracts/OPCO%2F44%2F17/assessment")
    assert answer.json()["contract_id"] == "OPCO/44/17"


def test_an_assessment_that_did_not_change_answers_304(api: Api) -> None:
    put_contract(api)
    first = api.get(f"/v1/contracts/{ID}/assessment")

    again = api.get(
        f"/v1/contracts/{ID}/assessment", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    api.post("/v1/events", json={**examples.OF_CONTRACT, **examples.EVENT})
    changed = api.get(
        f"/v1/contracts/{ID}/assessment", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200
    assert changed.json()["changes"]


def test_the_feed_gives_every_assessment_once_by_its_cursor(api: Api) -> None:
    numbers = [put_contract(api, f"C{i}", person_id=f"P{i}")["assessment"]["id"] for i in range(5)]

    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/v1/assessments?limit=2{cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = f"&changed_since={page['next']}"
    assert seen == numbers
    assert page["more"] is False
    last = api.get(f"/v1/assessments?limit=2{cursor}").json()
    assert last == {"items": [], "next": page["next"], "more": False}


def test_the_history_is_the_latest_first(api: Api) -> None:
    put_contract(api)
    api.post("/v1/events", json={**examples.OF_CONTRACT, **examples.EVENT})

    items = api.get(f"/v1/contracts/{ID}/assessments").json()["items"]
    assert [item["previous_id"] for item in items] == [items[1]["id"], None]


def test_nothing_is_scored_while_scoring_is_suspended(api: Api, context: AppContext) -> None:
    put_contract(api)
    suspend_scoring(context, actor=COMMAND, why="contrôle")

    sent = api.post("/v1/score", json=examples.CASE).json()
    read = api.get(f"/v1/contracts/{ID}/assessment").json()
    assert {sent["status"], read["status"]} == {"suspended"}
    assert sent["risk"] is read["risk"] is None
    assert "contrôle" in sent["why_not"]
    assert sent["why_not_code"] == "suspended"


def test_why_there_is_no_score_is_reported_in_the_reader_s_language(api: Api) -> None:
    put_contract(api)
    api.put(f"/v1/outcomes/{ID}", json=examples.OUTCOME)

    french = api.get(f"/v1/contracts/{ID}/assessment")
    english = api.get(f"/v1/contracts/{ID}/assessment", headers={"Accept-Language": "en"})

    assert french.json()["why_not_code"] == english.json()["why_not_code"] == "ended"
    assert french.json()["why_not"] == "non évalué : le contrat est terminé"
    assert english.json()["why_not"] == "not assessed: the contract has ended"
    assert french.headers["ETag"] != english.headers["ETag"]
    assert english.headers["Content-Language"] == "en, fr"


def test_a_person_is_erased(api: Api) -> None:
    put_contract(api)
    api.put("/v1/persons/P-0042", json=examples.PERSON)

    answer = api.send("DELETE", "/v1/persons/P-0042")
    assert answer.status_code == 200
    assert answer.json()["counts"]["contracts"] == 1
    assert api.get(f"/v1/contracts/{ID}/assessment").status_code == 404
    assert api.send("DELETE", "/v1/persons/P-0042").status_code == 404


def test_a_past_morning_asks_what_was_known_then(api: Api) -> None:
    case = {**examples.CASE, "as_of": "2025-12-01", "events": [{**examples.EVENT}]}
    answer = api.post("/v1/score", json=case)
    assert answer.status_code == 200, answer.text
    del case["events"][0]["known_on"]

    refused = api.post("/v1/score", json=case)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/events/0/known_on"


def test_a_score_is_counted_where_it_is_asked_for(api: Api) -> None:
    """What Prometheus reads, not what the counter could do."""
    api.post("/v1/score", json=examples.CASE)
    line = json.dumps({"id": "L-1", **examples.CASE})
    headers = {"Content-Type": "application/x-ndjson"}
    api.post("/v1/score/batch", content=f"{line}\n{line}\n", headers=headers)

    lines = api.get("/metrics").text.splitlines()
    counted = [line for line in lines if "assessments_total{" in line]
    assert [line.endswith(" 3.0") for line in counted] == [True]
