"""How a route is described in the OpenAPI document: answers, problems, body and examples."""

from typing import Any

from pydantic import BaseModel

from serving.api import problem_texts as wording
from serving.api.problem_texts import Kind

JSON, NDJSON, PROBLEM = "application/json", "application/x-ndjson", "application/problem+json"
EVERYWHERE = (
    wording.BAD_REQUEST,
    wording.UNAUTHENTICATED,
    wording.FORBIDDEN,
    wording.TOO_LARGE,
    wording.TOO_MANY_REQUESTS,
    wording.INTERNAL,
    wording.STORE_UNAVAILABLE,
)
BODY = (wording.MALFORMED_JSON, wording.UNSUPPORTED_MEDIA_TYPE, wording.INVALID_RECORD)
BODY_MODELS: dict[str, type[BaseModel]] = {}  # what routes read, for the document's components


def documented(
    summary: str,
    description: str,
    *,
    responses: dict[int, tuple[str, type[BaseModel] | None]],
    problems: tuple[Kind, ...] = (),
    body: type[BaseModel] | None = None,
    media_type: str = JSON,
    examples: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Keyword arguments of a router's decorator.

    `responses` gives the words and the model of each status; `problems` what may go wrong beside
    what may go wrong everywhere; `examples` are bodies by name, and a test sends them all.
    """
    options: dict[str, Any] = {
        "summary": summary,
        "description": description,
        "response_model": None,
        "responses": {
            **{status: _response(words, model) for status, (words, model) in responses.items()},
            **_problems((*EVERYWHERE, *problems, *(BODY if body else ()))),
        },
    }
    if body is not None:
        options["openapi_extra"] = {"requestBody": _body(body, media_type, examples or {})}
    return options


def _response(words: str, model: type[BaseModel] | None) -> dict[str, Any]:
    return {"description": words} if model is None else {"description": words, "model": model}


def _problems(kinds: tuple[Kind, ...]) -> dict[int, dict[str, Any]]:
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: problem_response(found) for status, found in sorted(by_status.items())}


def problem_response(kinds: list[Kind]) -> dict[str, Any]:
    """Return the response of a status that tells one of several problems."""
    return {
        "description": " ; ".join(dict.fromkeys(kind.titles["fr"] for kind in kinds)),
        "content": {
            PROBLEM: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.name: {"value": _example(kind)} for kind in kinds},
            }
        },
    }


def _example(kind: Kind) -> dict[str, Any]:
    return {
        "type": kind.type,
        "title": kind.titles["fr"],
        "status": kind.status,
        "detail": kind.details["fr"],
        "instance": "3f0c9a52d1e84b7c8e6f2a1b0c9d8e7f",
    }


def _body(model: type[BaseModel], media_type: str, examples: dict[str, Any]) -> dict[str, Any]:
    BODY_MODELS[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    named = {name: {"value": value} for name, value in examples.items()}
    return {"required": True, "content": {media_type: {"schema": schema, "examples": named}}}
