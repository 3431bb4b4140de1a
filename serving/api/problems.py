"""RFC 9457 problems: what goes wrong has a stable type and a sentence, never by a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from serving.actors import Language
from serving.api import fault_texts
from serving.api.preferences import language_of, wants_page
from serving.api.problem_texts import Kind

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """A field at fault: its JSON pointer (or its parameter), the rule it broke, and what came."""

    place: str
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    value: Any = None
    parameter: bool = False

    def content(self, language: Language) -> dict[str, str]:
        """Return the fault in words, without the value."""
        return {
            "parameter" if self.parameter else "pointer": self.place,
            "code": fault_texts.code_of(self.rule),
            "expected": fault_texts.expected(self.rule, self.facts, language),
            "got": fault_texts.got(self.value, rule=self.rule, language=language),
        }


class ProblemError(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        kind: Kind,
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.faults = faults
        self.headers = dict(headers or {})
        self.reason = reason


def document(error: ProblemError, *, language: Language, instance: str | None) -> dict[str, Any]:
    """Return the problem as JSON-able data.

    `reason` is a technical sentence of ours, in English.
    """
    data: dict[str, Any] = {
        "type": error.kind.type,
        "title": error.kind.titles[language],
        "status": error.kind.status,
        "detail": error.kind.details[language],
    }
    if instance is not None:
        data["instance"] = instance
    if error.reason is not None:
        data["reason"] = error.reason
    if error.faults:
        data["errors"] = [fault.content(language) for fault in error.faults]
    return data


def respond(scope: Scope, error: ProblemError) -> Response:
    """Return the answer that tells a problem, in the language of the request.

    A browser at a page is shown one, made by `app.state.render_error(request, status)` where pages
    have set it.
    """
    render = getattr(scope["app"].state, "render_error", None) if "app" in scope else None
    if render is not None and wants_page(scope):
        page: Response = render(Request(scope), error.kind.status)
        page.headers.update(error.headers)
        return page
    language = language_of(scope)
    instance = scope.get("state", {}).get("request_id")
    return Response(
        to_json(document(error, language=language, instance=instance)),
        status_code=error.kind.status,
        headers={
            **error.headers,
            "Content-Language": language,
            "Vary": "Accept-Language",
            "Cache-Control": "no-store",
        },
        media_type=MEDIA_TYPE,
    )
