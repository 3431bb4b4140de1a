"""Webhooks reach public addresses only, and the address that was judged."""

import asyncio
import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest

from features.common.errors import InputError
from serving.actors import COMMAND
from serving.operations.webhook_addresses import is_public, resolve
from serving.operations.webhooks import add_endpoint
from serving.store import outbox
from serving.webhooks.backoff import MOST_ATTEMPTS, delay_after
from serving.webhooks.delivery import deliver_due
from tests.lib.contexts import open_context
from tests.lib.databases import database
from tests.lib.receivers import receiver

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104  # the unspecified address is refused
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_recognised(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "8.8.8.8"])
def test_a_public_address_is_recognised(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data",
        "http://93.184.215.14/",
        "ftp://93.184.215.14/",
        "https://user:word@93.184.215.14/",
        "https://93.184.215.14/#part",
        "https:///path",
        "93.184.215.14",
        "",
        "https://[",
        "https://nowhere.invalid/",
    ],
)
def test_an_endpoint_that_is_not_public_and_https_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="webhook: expected"):
        asyncio.run(resolve(url, allow_private=False))


def test_a_public_address_is_connected_to_under_its_name() -> None:
    target = asyncio.run(resolve("https://93.184.215.14:8443/a?b=c", allow_private=False))

    assert str(target.url) == "https://93.184.215.14:8443/a?b=c"
    assert target.header == "93.184.215.14:8443"


def test_a_name_with_one_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answers(*_: Any, **__: Any) -> list[Any]:
        return [(0, 0, 0, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(InputError, match="public"):
        asyncio.run(resolve("https://receiver.example/", allow_private=False))


def test_the_name_is_resolved_once_and_travels_as_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A name that points elsewhere by the time we connect gains nothing."""
    asked: list[str] = []

    def answers(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with (
        database("sqlite", tmp_path) as url,
        open_context(url, tmp_path) as context,
        receiver() as taker,
    ):
        monkeypatch.setattr(socket, "getaddrinfo", answers)
        add_endpoint(context, actor=COMMAND, url=f"http://receiver.example:{taker.port}/hook")
        with context.store.writing() as connection:
            outbox.enqueue(connection, [{"contract_id": "C"}], topic="t", now=context.now())
        asked.clear()
        assert deliver_due(context) == 1

    assert asked == ["receiver.example"]
    assert taker.requests[0].headers["host"] == f"receiver.example:{taker.port}"


def test_a_name_that_became_private_is_refused_when_sending(tmp_path: Path) -> None:
    """What was added while private addresses were allowed is judged again."""
    with (
        database("sqlite", tmp_path) as url,
        open_context(url, tmp_path) as lax,
        open_context(url, tmp_path, webhook_allow_private=False) as strict,
        receiver() as taker,
    ):
        add_endpoint(lax, actor=COMMAND, url=taker.url)
        with lax.store.writing() as connection:
            outbox.enqueue(connection, [{"contract_id": "C"}], topic="t", now=lax.now())
        assert deliver_due(strict) == 1

    assert taker.requests == []


@pytest.mark.parametrize("draw", [0.0, 0.5, 0.999])
def test_waits_grow_to_twelve_hours_and_end_after_about_three_days(draw: float) -> None:
    waits = [delay_after(n, draw=draw) for n in range(1, MOST_ATTEMPTS)]
    seconds = [wait.total_seconds() for wait in waits if wait is not None]

    assert len(seconds) == MOST_ATTEMPTS - 1
    assert 4 <= seconds[0] <= 6
    assert seconds == sorted(seconds)
    assert 2 * 86400 < sum(seconds) < 4 * 86400
    assert delay_after(MOST_ATTEMPTS, draw=draw) is None
