"""Told to stop, the service answers what is under way, takes nothing more, and ends well."""

import http.client
import json
import signal
import socket
import threading
from contextlib import suppress

import httpx
import pytest

from serving.context import AppContext, system_clock
from serving.queries.cases import case_file
from serving.store import records
from tests.lib.concurrent_clients import as_json, contract_row, key_of, wait_until
from tests.lib.contexts import Clock
from tests.lib.read_once import read
from tests.lib.service import PATIENCE_SECONDS, environment_of, free_port, started
from tests.lib.store_integrity import assert_whole

pytestmark = pytest.mark.slow
WRITERS = 3


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


@pytest.mark.parametrize("workers", [1, 2])
def test_requests_under_way_are_answered_and_new_ones_refused(
    context: AppContext, workers: int
) -> None:
    port, key, statuses = free_port(), key_of(context), list[int]()
    under_way = threading.Semaphore(0)

    def put(number: int) -> None:
        row = contract_row("C1", context.today, pay_percent_smic=40.0 + number)
        statuses.append(put_once_read(port, key, json.dumps(as_json(row)).encode(), under_way))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(WRITERS)]
    with started(environment_of(context, port=port, workers=workers)) as process:
        with context.store.writing() as connection:
            records.lock_contract(connection, "C1")  # the requests wait for this
            for thread in threads:
                thread.start()
            for _ in threads:
                assert under_way.acquire(timeout=PATIENCE_SECONDS)
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: is_refused(port))
            assert statuses == []
        for thread in threads:
            thread.join()
        code = process.wait(PATIENCE_SECONDS)

    assert statuses == [httpx.codes.CREATED] * WRITERS
    assert code == 0
    versions = read(context, case_file, contract_id="C1").versions
    assert len(versions.contracts) == WRITERS
    assert assert_whole(context) == 1


def put_once_read(port: int, key: str, body: bytes, under_way: threading.Semaphore) -> int:
    """Return the status of a PUT whose body is sent once the service asks for it.

    The service answers `Expect: 100-continue` when it starts to read the body: from then on the
    request is under way, and `under_way` is released.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Expect": "100-continue",
    }
    connection.putrequest("PUT", "/v1/contracts/C1")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.sock.recv(1024).startswith(b"HTTP/1.1 100 ")
    under_way.release()
    connection.send(body)
    with connection.getresponse() as response:
        return response.status


def is_refused(port: int) -> bool:
    """Whether nobody listens any more."""
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return False
    return True
