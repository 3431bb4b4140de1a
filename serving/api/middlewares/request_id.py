"""Every request has an identifier: the caller's when it is one, else ours; the answer names it."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-request-id"
# Hexadecimal digits only (a UUID, a trace id): the log holds it, and a name does not fit in.
ACCEPTED = re.compile(rb"[0-9A-Fa-f-]{8,64}")


class RequestId:
    """Puts `request_id` in the state of the request and X-Request-ID on the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        request_id = given.decode() if ACCEPTED.fullmatch(given) else secrets.token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        return await self.app(scope, receive, named)
