"""Asking for what is not there, or without the right: the right problem, and nothing is stored."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from serving.actors import COMMAND, Scope
from serving.api import examples
from serving.context import AppContext
from serving.operations.keys import add_key, revoke_key
from tests.lib.api import Api
from tests.lib.contexts import Clock
from tests.lib.refusals import MARK, refused, rows

REQUESTS: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "an unknown route": ("GET", "/v1/nothing", {}, 404, "not-found"),
    "a wrong verb": ("PATCH", "/v1/score", {}, 405, "method-not-allowed"),
    "no content type": ("POST", "/v1/score", {"content": b"{}"}, 415, "unsupported-media-type"),
    "a form": ("POST", "/v1/score", {"data": {"a": MARK}}, 415, "unsupported-media-type"),
    "an unknown parameter": ("GET", f"/v1/assessments?{MARK}=1", {}, 422, "invalid-request"),
    "a limit of 0": ("GET", "/v1/assessments?limit=0", {}, 422, "invalid-request"),
    "a cursor of our own": (
        "GET",
        f"/v1/assessments?changed_since={MARK}",
        {},
        422,
        "invalid-request",
    ),
    "a strange id": (
        "GET",
        "/v1/contracts/%27%20OR%201=1/assessment",
        {},
        422,
        "invalid-request",
    ),
    "an unknown contract": ("GET", "/v1/contracts/C9/assessment", {}, 404, "not-found"),
    "an interview of an unknown contract": (
        "POST",
        "/v1/interviews",
        {"json": {**examples.OF_CONTRACT, **examples.INTERVIEW}},
        404,
        "not-found",
    ),
    "an id that is not the address's": (
        "PUT",
        "/v1/contracts/C1",
        {"json": {**examples.CONTRACT, "contract_id": "C2"}},
        422,
        "invalid-record",
    ),
    "feedback without its reason": (
        "POST",
        "/v1/contracts/C1/feedback",
        {"json": {"kind": "disagree"}},
        422,
        "unusable-input",
    ),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_that_cannot_be_followed(api: Api, context: AppContext, what: str) -> None:
    method, path, request, status, kind = REQUESTS[what]

    answer = api.send(method, path, **request)
    refused(answer, status, kind)
    assert rows(context) == 0
    if status == 405:
        assert answer.headers["allow"] == "POST"


def test_a_record_that_changes_hands_is_a_conflict(api: Api) -> None:
    api.put("/v1/contracts/C1", json=examples.CONTRACT)

    refused(
        api.put("/v1/contracts/C1", json={**examples.CONTRACT, "person_id": "P-9"}), 409, "conflict"
    )


@pytest.mark.parametrize("key", [None, "nonsense", "vgk_0123456789ab_" + "x" * 43])
def test_an_unknown_key_is_refused(make_api: Callable[..., Api], key: str | None) -> None:
    api = make_api(Authorization=f"Bearer {key}" if key else "")

    for method, path in (("POST", "/v1/score"), ("GET", "/v1/model"), ("GET", "/v1/openapi.json")):
        answer = api.send(method, path)
        refused(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_or_expired_key_is_refused(
    make_api: Callable[..., Api], context: AppContext, clock: Clock
) -> None:
    revoked = add_key(context, actor=COMMAND, name="a", scopes=[Scope.SCORE])
    expired = add_key(context, actor=COMMAND, name="b", scopes=[Scope.SCORE], expires_days=1)
    revoke_key(context, actor=COMMAND, key_id=revoked.key_id)
    clock.moment += timedelta(days=2)

    for key in (revoked, expired):
        answer = make_api(key=key.text).post("/v1/score", json=examples.CASE)
        refused(answer, 401, "unauthenticated")


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        (Scope.RECORDS_WRITE, "POST", "/v1/score"),
        (Scope.RECORDS_WRITE, "POST", "/v1/score/batch"),
        (Scope.SCORE, "PUT", "/v1/contracts/C1"),
        (Scope.SCORE, "POST", "/v1/interviews"),
        (Scope.SCORE, "POST", "/v1/events"),
        (Scope.SCORE, "PUT", "/v1/outcomes/C1"),
        (Scope.SCORE, "PUT", "/v1/persons/P1"),
        (Scope.SCORE, "PUT", "/v1/organisations/O1"),
        (Scope.SCORE, "POST", "/v1/imports"),
        (Scope.SCORE, "GET", "/v1/contracts/C1/assessment"),
        (Scope.SCORE, "GET", "/v1/contracts/C1/assessments"),
        (Scope.SCORE, "GET", "/v1/assessments"),
        (Scope.SCORE, "POST", "/v1/contracts/C1/feedback"),
        (Scope.RECORDS_WRITE, "DELETE", "/v1/persons/P1"),
        (Scope.SCORE, "GET", "/metrics"),
    ],
)
def test_a_key_without_the_scope_is_refused(
    make_api: Callable[..., Api], context: AppContext, scope: Scope, method: str, path: str
) -> None:
    refused(make_api(scope).send(method, path, json=examples.CASE), 403, "forbidden")
    assert rows(context) == 0


def test_problems_are_reported_in_english_to_who_asks_for_it(make_api: Callable[..., Api]) -> None:
    answer = make_api(**{"Accept-Language": "de, en;q=0.8, fr;q=0.2"}).get("/v1/nothing")

    assert answer.json()["title"] == "Not found"
    assert answer.headers["content-language"] == "en"
    assert "Accept-Language" in answer.headers["vary"]
