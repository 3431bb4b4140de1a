"""Whatever is sent, the answer is the right problem, it quotes nothing, and nothing is stored."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from features.records.declarations import RECORD_TYPES
from features.records.schema import Kind
from serving.api import examples
from serving.context import AppContext
from serving.store.tables import feedback, interviews
from tests.lib.api import Api
from tests.lib.refusals import MARK, refused, rows

JSON = {"Content-Type": "application/json"}
CONTRACT = json.dumps(examples.CONTRACT)

BODIES: dict[str, tuple[bytes, int, str]] = {
    "malformed JSON": (b'{"kind": "' + MARK.encode(), 400, "malformed-json"),
    "nothing": (b"", 400, "malformed-json"),
    "two documents": (CONTRACT.encode() * 2, 400, "malformed-json"),
    "NaN outside of a number": (b"NaN", 422, "invalid-record"),
    "invalid UTF-8": (b'{"person_id": "\xff\xfe"}', 400, "malformed-json"),
    "half a surrogate": (b'{"person_id": "\\ud800"}', 400, "malformed-json"),
    "deep nesting": (b"[" * 100_000, 400, "malformed-json"),
    "deep objects": (b'{"a":' * 100_000, 400, "malformed-json"),
    "a list": (f"[{CONTRACT}]".encode(), 422, "invalid-record"),
    "a text": (json.dumps(MARK).encode(), 422, "invalid-record"),
    "null": (b"null", 422, "invalid-record"),
    "10 MB": (json.dumps({"person_id": MARK + "x" * 10_000_000}).encode(), 413, "too-large"),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_record(api: Api, context: AppContext, what: str) -> None:
    body, status, kind = BODIES[what]

    refused(api.put("/v1/contracts/C1", content=body, headers=JSON), status, kind)
    assert rows(context) == 0


VALUES: dict[str, tuple[str, str]] = {
    "NaN": ("weekly_hours", "NaN"),
    "Infinity": ("weekly_hours", "Infinity"),
    "minus Infinity": ("weekly_hours", "-Infinity"),
    "a number too large for a float": ("weekly_hours", "1e999"),
    "a number in words": ("weekly_hours", '"trente-cinq"'),
    "above its bounds": ("weekly_hours", "61"),
    "a part of a whole": ("level_prepared", "3.5"),
    "a huge whole number": ("level_prepared", "9" * 1000),
    "a flag as a number": ("distance_learning", "1"),
    "the year 9999": ("planned_end_on", '"9999-12-31"'),
    "the year 1": ("started_on", '"0001-01-01"'),
    "an hour": ("started_on", '"2025-09-08T10:00:00"'),
    "a moment": ("started_on", "1757289600"),
    "no such day": ("started_on", '"2025-02-30"'),
    "a code of another list": ("kind", f'"{MARK}"'),
    "known tomorrow": ("known_on", '"2026-03-17"'),
    "null where a value is required": ("started_on", "null"),
    "a list": ("person_id", f'["{MARK}"]'),
    "a long id": ("person_id", json.dumps(MARK * 20)),
    "a NUL": ("person_id", '"a\\u0000"'),
}


@pytest.mark.parametrize("what", VALUES)
def test_a_field_at_fault_is_pointed_at(api: Api, context: AppContext, what: str) -> None:
    field, text = VALUES[what]
    others = {name: value for name, value in examples.CONTRACT.items() if name != field}
    body = f'{json.dumps(others)[:-1]}, "{field}": {text}}}'

    problem = refused(
        api.put("/v1/contracts/C1", content=body.encode(), headers=JSON), 422, "invalid-record"
    )
    assert [fault["pointer"] for fault in problem["errors"]] == [f"/{field}"]
    assert rows(context) == 0


@pytest.mark.parametrize(
    ("language", "expected", "got"),
    [
        ("fr", "un code parmi 'professionalisation' ou 'apprenticeship'", "un texte, longueur 1"),
        ("en", "a code among 'professionalisation' or 'apprenticeship'", "a text of length 1"),
    ],
)
def test_a_refusal_is_reported_in_one_language(
    api: Api, language: str, expected: str, got: str
) -> None:
    body = {**examples.CONTRACT, "kind": "x"}

    reply = api.put("/v1/contracts/C1", json=body, headers={"Accept-Language": language})

    (error,) = reply.json()["errors"]
    assert (error["pointer"], error["expected"], error["got"]) == ("/kind", expected, got)


def test_a_rupture_date_sent_as_a_feature_is_an_error_that_names_it(api: Api) -> None:
    case = {
        **examples.CASE,
        "contract": {**examples.CASE["contract"], "rupture_date": "2026-01-01"},
    }

    problem = refused(api.post("/v1/score", json=case), 422, "invalid-record")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/contract/rupture_date"]


def test_a_field_whose_name_could_hold_a_value_is_not_quoted(api: Api) -> None:
    problem = refused(
        api.put("/v1/contracts/C1", json={**examples.CONTRACT, MARK: 1}), 422, "invalid-record"
    )
    assert problem["errors"][0]["pointer"] == ""


NASTY = (
    "'; DROP TABLE contracts; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n",
    "\u202e\u2067",
)
TEXTS = [
    (record_type.name, column.name)
    for record_type in RECORD_TYPES
    for column in record_type.columns
    if column.kind in (Kind.ID, Kind.TEXT) and column.name not in ("contract_id", "note")
]
ADDRESSES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "contracts": ("PUT", "/v1/contracts/C1", examples.CONTRACT),
    "interviews": ("POST", "/v1/interviews", {**examples.OF_CONTRACT, **examples.INTERVIEW}),
    "events": ("POST", "/v1/events", {**examples.OF_CONTRACT, **examples.EVENT}),
    "outcomes": ("PUT", "/v1/outcomes/C1", examples.OUTCOME),
}


@pytest.mark.parametrize(("table", "field"), TEXTS)
def test_sql_and_html_fit_in_no_identifier_or_code(
    api: Api, context: AppContext, table: str, field: str
) -> None:
    method, path, body = ADDRESSES[table]

    for text in NASTY:
        answer = api.send(method, path, json={**body, field: text})
        problem = refused(answer, 422, "invalid-record")
        assert [fault["pointer"] for fault in problem["errors"]] == [f"/{field}"]
    assert rows(context) == 0


@pytest.mark.parametrize("text", NASTY)
def test_sql_and_html_in_free_text_are_only_text(api: Api, context: AppContext, text: str) -> None:
    api.put("/v1/contracts/C-2025-0042", json=examples.CONTRACT)
    note = {**examples.OF_CONTRACT, **examples.INTERVIEW, "note": text}

    assert api.post("/v1/interviews", json=note).status_code == 201
    answer = api.post(
        "/v1/contracts/C-2025-0042/feedback", json={**examples.FEEDBACK, "comment": text}
    )
    assert answer.status_code == 201
    with context.store.reading() as connection:
        assert connection.execute(select(interviews.c.note)).scalar_one() == text
        assert connection.execute(select(feedback.c.comment)).scalar_one() == text
