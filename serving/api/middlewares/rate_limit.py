"""Requests per key: each key (or session, or else address) has its own window, in each worker.

The IETF draft on RateLimit headers (draft-ietf-httpapi-ratelimit-headers) tells what is left.
"""

import hashlib

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.api.problem_texts import TOO_MANY_REQUESTS
from serving.api.problems import ProblemError, respond

FREE = frozenset({"/health/live", "/health/ready"})


class RateLimit:
    """Respond 429 to whoever asks more than `limit`, as in `600/second`."""

    def __init__(self, app: ASGIApp, *, limit: str) -> None:
        self.app = app
        self.item: RateLimitItem = parse(limit)
        self.limiter = FixedWindowRateLimiter(MemoryStorage())
        self.window = str(self.item.get_expiry())
        self.policy = f'"key";q={self.item.amount};w={self.window}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and tell what is left."""
        if scope["type"] != "http" or scope["path"] in FREE:
            return await self.app(scope, receive, send)
        who = caller(scope)
        allowed = await self.limiter.hit(self.item, who)
        left = (await self.limiter.get_window_stats(self.item, who)).remaining
        headers = {"RateLimit-Policy": self.policy, "RateLimit": f'"key";r={left}'}
        if not allowed:
            # The whole window: a little more than needed, and no clock is read for it.
            problem = ProblemError(
                TOO_MANY_REQUESTS, headers={**headers, "Retry-After": self.window}
            )
            return await respond(scope, problem)(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        return await self.app(scope, receive, send_with_headers)


def caller(scope: Scope) -> str:
    """Return who asks, as a digest of what they present: nothing readable stays in memory."""
    headers = Headers(scope=scope)
    shown = headers.get("authorization") or headers.get("cookie")
    if shown is None:
        shown = (scope.get("client") or ("nobody", 0))[0]
    return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()
