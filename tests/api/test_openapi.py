"""The OpenAPI document is a manual: what it shows can be done, and all that is done is there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from serving.api import examples
from serving.api import problem_texts as wording
from serving.context import AppContext
from tests.lib.api import Api
from tests.lib.contexts import open_context

ROOT = Path(__file__).parents[2]
PARAMETERS = {
    "key": "I1",
    "contract_id": "C-2025-0042",
    "person_id": "P-0042",
    "organisation_id": "12345678900011",
    "import_id": "an-import",
}


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    return dict(api.get("/v1/openapi.json").json())


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_every_example_runs_and_answers_as_it_is_documented(
    api: Api, document: dict[str, Any]
) -> None:
    api.put("/v1/contracts/C-2025-0042", json=examples.CONTRACT)
    sent = 0

    for method, path, operation in operations(document):
        for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
            for example in body.get("examples", {}).values():
                answer = api.send(
                    method.upper(),
                    path.format(**PARAMETERS),
                    content=json.dumps(example["value"]),
                    headers={"Content-Type": media_type},
                )
                documented = [status for status in operation["responses"] if status.startswith("2")]
                assert str(answer.status_code) in documented, (path, answer.text)
                _check_schema(document, operation, answer)
                sent += 1
    assert sent >= 9


def _check_schema(document: dict[str, Any], operation: dict[str, Any], answer: Any) -> None:
    if not answer.content:
        return
    content = operation["responses"][str(answer.status_code)]["content"]
    (media,) = content.values()
    schema = {**media["schema"], "components": document["components"]}
    for line in answer.text.splitlines():
        jsonschema_rs.validate(schema, json.loads(line))


def test_every_operation_is_documented_in_french_with_its_problems(
    document: dict[str, Any],
) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], path
        assert operation["tags"], path
        if path.startswith("/v1"):
            assert operation["description"], path
            assert {"401", "403", "429", "500", "503"} <= set(operation["responses"]), path
            assert operation["security"] == [{"Key": []}, {"Session": []}], path
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= set(operation["responses"]), (method, path)


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    found = re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(document))

    assert found
    assert [ref for ref in found if ref[1] not in document["components"][ref[0]]] == []


def test_the_names_of_components_are_plain(document: dict[str, Any]) -> None:
    names = [name for kind in document["components"].values() for name in kind]
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9._-]+", name)] == []


def test_every_column_of_the_declarations_can_be_sent(document: dict[str, Any]) -> None:
    from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME

    schemas = document["components"]["schemas"]
    for name, record_type in (
        ("ContractToKeep", CONTRACT),
        ("Interview", INTERVIEW),
        ("Event", EVENT),
        ("OutcomeToKeep", OUTCOME),
    ):
        assert list(schemas[name]["properties"]) == record_type.stated
        assert schemas[name]["additionalProperties"] is False


def test_every_kind_of_problem_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"(?m)^\| `urn:vigie:problem:([a-z-]+)` \| ([0-9]+) \|", text))

    assert listed == {kind.name: str(kind.status) for kind in wording.KINDS.values()}


def test_only_health_answers_without_a_key(
    make_api: Callable[..., Api], document: dict[str, Any]
) -> None:
    stranger = make_api(Authorization="")

    for method, path, _ in operations(document):
        answer = stranger.send(method.upper(), path.format(**PARAMETERS))
        assert (answer.status_code == 401) is path.startswith("/v1"), path


def test_ready_says_what_is_missing(database_url: str, tmp_path: Path) -> None:
    from serving.app import create_app

    with open_context(database_url, tmp_path / "no bundles") as empty:
        api = Api(create_app(empty))
        answer = api.get("/health/ready")
        assert api.get("/health/live").status_code == 200
        api.close()
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["model"]


def test_the_model_and_its_catalogue_can_be_read(api: Api, context: AppContext) -> None:
    model = api.get("/v1/model").json()
    catalogue = api.get("/v1/features").json()

    assert model["version"] == context.model.current().bundle.version
    assert model["card"].startswith("# ")
    assert catalogue["hash"] == model["catalogue_hash"]
    score = api.post("/v1/score", json=examples.CASE).json()
    inputs = {f["name"] for f in catalogue["features"] if f["policy"] == "input"}
    assert set(score["contributions"]) == inputs
