"""A real OpenID provider: a process of its own on loopback, that signs in whoever is asked for."""

import json
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.lib.commands import BINARIES
from tests.lib.sign_in_site import ADDRESS

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import httpx

PATIENCE_SECONDS = 30
PEOPLE: tuple[dict[str, object], ...] = (
    {"sub": "camille", "email": ADDRESS.upper(), "email_verified": True},
    {"sub": "impostor", "email": ADDRESS, "email_verified": False},
    {"sub": "impostor-in-words", "email": ADDRESS, "email_verified": "true"},
    {"sub": "second", "email": ADDRESS, "email_verified": True},
    {"sub": "no-address"},
    {"sub": "stranger", "email": "stranger@example.org", "email_verified": True},
)


@dataclass(frozen=True)
class Provider:
    """Where it listens, which is also its issuer."""

    issuer: str

    def send_back(self, leaving: str, *, subject: str) -> str:
        """What the browser asks us for after `subject` signed in there: path and query."""
        answer = httpx.post(leaving, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        there = urlsplit(answer.headers["Location"])
        return f"{there.path}?{there.query}"

    def refuse(self, leaving: str) -> str:
        """Likewise when the person says no."""
        there = urlsplit(httpx.post(leaving, data={"action": "deny"}).headers["Location"])
        return f"{there.path}?{there.query}"


def with_query(address: str, **changes: str) -> str:
    """An address with some parameters of its query replaced."""
    parts = urlsplit(address)
    query = urlencode({**dict(parse_qsl(parts.query)), **changes})
    return parts._replace(query=query).geturl()


@contextmanager
def running_provider(*people: dict[str, object]) -> Iterator[Provider]:
    """A provider that knows some people, by their claims."""
    port = _free_port()
    known = [word for claims in people for word in ("--user-claims", json.dumps(claims))]
    process = subprocess.Popen(  # noqa: S603 - a program of the development environment
        [BINARIES / "oidc-provider-mock", "--port", str(port), "--require-nonce", *known],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the provider stopped by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the provider did not start")


def leave(client: Any) -> str:
    """Where the site sends a browser that wants to sign in there."""
    reply = client.get("/oidc/connexion")
    assert reply.status_code == 303, reply.text
    return str(reply.headers["Location"])


def come_in(client: Any, provider: Provider, subject: str = "camille") -> Any:
    """Sign in there as `subject`, and come back."""
    return client.get(provider.send_back(leave(client), subject=subject))


def refused(reply: Any) -> bool:
    """Tell whether the site says that the sign-in was not finished."""
    return reply.status_code == 400 and "n'est pas allée à son terme" in unescape(reply.text)
