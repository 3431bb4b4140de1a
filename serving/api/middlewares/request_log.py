"""One line per request, without query string, body, address or name; the last net for errors."""

import traceback
from timeit import default_timer as stopwatch
from types import TracebackType
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.api.problem_texts import INTERNAL
from serving.api.problems import ProblemError, respond
from serving.runtime.metrics import Metrics

UNMATCHED = "(no route)"


class CutShortError(RuntimeError):
    """An answer that failed after it began: the connection is closed, nothing is quoted."""


class RequestLog:
    """Logs each request; an unforeseen error is answered as internal, and logged by its place."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics
        self.log = structlog.get_logger("vigie.requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond, then log."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun, status = stopwatch(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:  # the last net: nothing may pass it
            log_unexpected(scope, error)
            if status:
                raise CutShortError("the answer was cut short") from None
            await respond(scope, ProblemError(INTERNAL))(scope, receive, noted)
        finally:
            seconds = stopwatch() - begun
            self.log.info("request", **_line(scope), status=status, ms=round(seconds * 1000, 1))
            self.metrics.observe_request(
                method=scope["method"], route=route_of(scope), status=status, seconds=seconds
            )


def log_unexpected(scope: Scope, error: Exception) -> None:
    """Log an error that nobody foresaw, with its request."""
    log = structlog.get_logger("vigie.requests")
    log.critical("unexpected", **_line(scope), **error_fields(error))


def _line(scope: Scope) -> dict[str, Any]:
    state = scope.get("state", {})
    return {
        "method": scope["method"],
        "route": route_of(scope) or UNMATCHED,
        "request_id": state.get("request_id"),
        "actor": state.get("actor"),
    }


def route_of(scope: Scope) -> str | None:
    """Return the template of the route, never the path: a path holds identifiers."""
    return getattr(scope.get("route"), "path", None)


def error_fields(error: BaseException) -> dict[str, Any]:
    """Return an error by its class and the places it went through.

    Its message may quote a value.
    """
    return {"error": type(error).__name__, "frames": _frames(error.__traceback__)}


def _frames(trail: TracebackType | None) -> list[str]:
    steps = traceback.extract_tb(trail)[-12:]
    return [f"{step.filename}:{step.lineno} {step.name}" for step in steps]
