"""An application asked in-process, without a socket, as clients would."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp


class Api:
    """Sends requests to an application, on an event loop of its own."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str] | None = None) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://vigie.test", headers=headers
        )

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """The answer to a request; `request` is as `httpx.request` takes it."""
        return self._runner.run(self._client.request(method, path, **request))

    def send_at_once(
        self, number: int, method: str, path: str, **request: Any
    ) -> list[httpx.Response]:
        """The answers to a request that some callers send at the same moment."""

        async def sent() -> list[httpx.Response]:
            asked = (self._client.request(method, path, **request) for _ in range(number))
            return await asyncio.gather(*asked)

        return self._runner.run(sent())

    def get(self, path: str, **request: Any) -> httpx.Response:
        """The answer to a GET."""
        return self.send("GET", path, **request)

    def post(self, path: str, **request: Any) -> httpx.Response:
        """The answer to a POST."""
        return self.send("POST", path, **request)

    def put(self, path: str, **request: Any) -> httpx.Response:
        """The answer to a PUT."""
        return self.send("PUT", path, **request)

    def close(self) -> None:
        """Close the loop and the client."""
        self._runner.run(self._client.aclose())
        self._runner.close()
