"""What every request goes through, on both databases or on an application of a few lines."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.api import examples
from serving.api.middlewares.body_limit import BodyLimit
from serving.api.middlewares.rate_limit import RateLimit
from serving.api.middlewares.request_id import RequestId
from serving.api.middlewares.request_log import RequestLog
from serving.api.middlewares.timeout import Timeout
from serving.api.preferences import preferred
from serving.runtime.logs import set_up_logs
from serving.runtime.metrics import Metrics
from tests.lib.api import Api


async def answer_at_once(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("done")(scope, receive, send)


async def fail(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    raise ValueError("Camille Exemple, née le 17/05/2008")


def ask(app: ASGIApp, **request: Any) -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://vigie.test") as client:
            return await client.request("POST", "/somewhere", **request)

    return asyncio.run(sent())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr;q=0.4, EN;q=0.5", "en"),
        ("en;q=0", "fr"),
        ("en-US;q=0.1, en;q=0.9, fr;q=0.5", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("en;q=many", "fr"),
        ("en;q=nan", "fr"),
        (";;;,,,", "fr"),
    ],
)
def test_the_language_is_the_one_wanted_most(header: str, language: str) -> None:
    assert preferred(header) == language


def test_an_answer_that_takes_too_long_is_replaced_by_a_problem() -> None:
    finished = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.2)
        await answer_at_once(scope, receive, send)
        finished.append(True)

    late = ask(Timeout(slow, seconds=0.05, longer={}))
    assert (late.status_code, late.json()["type"]) == (503, "urn:vigie:problem:timeout")
    assert late.headers["retry-after"]
    assert finished == [True]
    assert ask(Timeout(slow, seconds=0.05, longer={"/somewhere": 5})).text == "done"


def test_a_body_that_hides_its_length_is_cut_at_the_limit() -> None:
    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await answer_at_once(scope, receive, send)

    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 100

    app = BodyLimit(read, most=1000, more={})
    assert ask(app, content=chunks(10)).text == "done"
    assert ask(app, content=b"x" * 1001).status_code == 413
    with pytest.raises(Exception, match="too-large"):
        ask(app, content=chunks(11))


def test_a_chunked_body_above_the_limit_is_a_problem(api: Api) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    answer = api.post("/v1/score", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:vigie:problem:too-large")


def test_a_batch_of_too_many_lines_is_refused_before_any_is_scored(api: Api) -> None:
    answer = api.post(
        "/v1/score/batch",
        content=b"{}\n" * 10_001,
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:vigie:problem:too-large")


def test_each_key_has_its_own_window() -> None:
    app = RateLimit(answer_at_once, limit="2/minute")

    async def statuses() -> list[tuple[int, str, str | None]]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://vigie.test") as client:
            answers = [
                await client.get("/", headers={"Authorization": f"Bearer {key}"})
                for key in ("a", "a", "a", "b")
            ]
        return [
            (a.status_code, a.headers["ratelimit"], a.headers.get("retry-after")) for a in answers
        ]

    assert asyncio.run(statuses()) == [
        (200, '"key";r=1', None),
        (200, '"key";r=0', None),
        (429, '"key";r=0', "60"),
        (200, '"key";r=1', None),
    ]


@pytest.mark.parametrize(
    ("given", "preserved"),
    [
        ("3f0c9a52-d1e8-4b7c-8e6f-2a1b0c9d8e7f", True),
        ("Camille-Exemple", False),
        ("0" * 65, False),
        ("abc\tdef0", False),
    ],
)
def test_a_request_keeps_the_identifier_it_came_with_if_it_is_one(
    given: str, preserved: bool
) -> None:
    answer = ask(RequestId(answer_at_once), headers={"X-Request-ID": given})

    assert (answer.headers["x-request-id"] == given) is preserved
    assert len(answer.headers["x-request-id"]) >= 8


def test_an_error_nobody_foresaw_is_reported_by_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("INFO")
    try:
        answer = ask(RequestId(RequestLog(fail, metrics=Metrics())))
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()

    assert (answer.status_code, answer.json()["type"]) == (500, "urn:vigie:problem:internal")
    assert [line["event"] for line in lines] == ["unexpected", "request"]
    assert lines[0]["error"] == "ValueError"
    assert lines[0]["frames"][-1].endswith("fail")
    assert "Camille" not in answer.text + json.dumps(lines, ensure_ascii=False)


def test_the_log_of_a_request_names_the_route_and_the_actor_only(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("INFO")
    try:
        api.put("/v1/contracts/C-MARK?MARK=1", json={**examples.CONTRACT, "person_id": "P-MARK"})
        (line,) = [
            json.loads(text)
            for text in capsys.readouterr().err.splitlines()
            if '"event": "request"' in text
        ]
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()

    assert line["route"] == "/v1/contracts/{contract_id:path}"
    assert (line["method"], line["status"]) == ("PUT", 201)
    assert line["actor"].startswith("key:")
    assert "MARK" not in json.dumps(line)


def test_a_large_answer_is_compressed_for_who_can_read_it(
    make_api: Callable[..., Api],
) -> None:
    packed = make_api(**{"Accept-Encoding": "gzip"}).get("/v1/features")
    plain = make_api(**{"Accept-Encoding": "identity"}).get("/v1/features")

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_every_answer_is_guarded(api: Api) -> None:
    for path in ("/v1/model", "/v1/nothing", "/health/live"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-frame-options"] == "DENY"
