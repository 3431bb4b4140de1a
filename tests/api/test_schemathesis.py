"""Requests drawn from the OpenAPI document: no server error, nothing that is not told there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from serving.actors import COMMAND, Scope
from serving.app import create_app
from serving.operations.keys import add_key
from tests.lib.contexts import open_context
from tests.lib.databases import database

pytestmark = [
    pytest.mark.slow,
    # Schemathesis asks an application through Starlette's test client, which announces a successor.
    pytest.mark.filterwarnings("ignore:Using `httpx` with:DeprecationWarning"),
]
EXAMPLES = 25
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.ignored_auth,
]


@schemathesis.serializer("application/x-ndjson")
def one_line(ctx: schemathesis.SerializationContext, value: Any) -> bytes:  # noqa: ARG001
    """A batch of one line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def first_line(ctx: schemathesis.DeserializationContext, response: schemathesis.Response) -> Any:  # noqa: ARG001
    """Its answer; a blank line has none."""
    return json.loads(response.content.split(b"\n")[0] or b"null")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bundles: Path
) -> Iterator[Any]:
    """The document of an application whose key may do everything."""
    folder = tmp_path_factory.mktemp("schemathesis")
    with (
        database(request.param, folder) as url,
        open_context(url, bundles, rate_limit="100000/second") as context,
    ):
        key = add_key(context, actor=COMMAND, name="drawn", scopes=list(Scope)).text
        app = create_app(context)
        headers = {"Authorization": f"Bearer {key}"}
        schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app, headers=headers)
        schema.config.update(headers=headers)
        yield schema
        app.state.import_runner.close()
        app.state.scoring_queue.close()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_drawn_requests_meet_no_surprise(drawn: Any, mode: GenerationMode) -> None:
    asked = 0
    for found in drawn.get_all_operations():
        operation = found.ok()
        try:
            _ask(operation.as_strategy(generation_mode=mode))
        except Unsatisfiable:
            # An operation without parameter nor body cannot be asked badly.
            continue
        asked += 1
    assert asked > 10


def _ask(strategy: Any) -> None:
    @given(case=strategy)
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
    def ask(case: schemathesis.Case) -> None:
        # A bad line of a batch has its own answer; a bad file where its import is followed.
        later = ("/v1/score/batch", "/v1/imports")
        lenient = [checks.negative_data_rejection] if case.path in later else []
        case.call_and_validate(checks=CHECKS, excluded_checks=lenient)

    ask()
