"""A body above the limit is refused: at once when it says its length, else when it gets there."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.api.problem_texts import TOO_LARGE
from serving.api.problems import ProblemError, respond


class BodyLimit:
    """Refuses bodies of more than `most` bytes; `more` allows more on some paths."""

    def __init__(self, app: ASGIApp, *, most: int, more: Mapping[str, int]) -> None:
        self.app = app
        self.most = most
        self.more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the body through as it comes, up to the limit."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        most = self.more.get(scope["path"], self.most)
        if _announced(scope) > most:
            return await respond(scope, ProblemError(TOO_LARGE))(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise ProblemError(TOO_LARGE)
            return message

        return await self.app(scope, counted, send)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0
