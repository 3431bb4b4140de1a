"""An answer that does not begin in time is replaced by a problem; the work itself goes on.

A thread cannot be stopped half-way, and need not be: a write is whole or nothing, and may be sent
again. What is sent after the deadline goes nowhere.
"""

import asyncio
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.api.problem_texts import TIMEOUT
from serving.api.problems import ProblemError, respond


class Timeout:
    """Gives each request `seconds` to begin its answer; `longer` gives more to some paths."""

    def __init__(self, app: ASGIApp, *, seconds: float, longer: Mapping[str, float]) -> None:
        self.app = app
        self.seconds = seconds
        self.longer = longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond, or say that it takes too long."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        seconds = self.longer.get(scope["path"], self.seconds)
        race = _Race(scope, receive, send)
        deadline = asyncio.get_running_loop().call_later(seconds, race.lose)
        try:
            await self.app(scope, receive, race.send)
        finally:
            deadline.cancel()
            await race.over()


class _Race:
    """Between the answer and the deadline: the first to begin is the one that is sent."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._begun = False
        self._late: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        if self._late is None:
            self._begun = True
            await self._send(message)

    def lose(self) -> None:
        if not self._begun:
            problem = ProblemError(TIMEOUT, headers={"Retry-After": "30"})
            self._late = asyncio.ensure_future(
                respond(self._scope, problem)(self._scope, self._receive, self._send)
            )

    async def over(self) -> None:
        if self._late is not None:
            await self._late
