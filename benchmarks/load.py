"""A client that costs little: requests on connections held open, timed one by one.

Written on sockets because the client shares two cores with the service: a full HTTP library would
take as long for a request as the service does.
"""

import socket
import threading
import time
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Request:
    """A request to send again and again."""

    port: int
    path: str
    body: bytes = b""
    headers: tuple[str, ...] = ()
    method: str = "POST"

    @property
    def wire(self) -> bytes:
        """The bytes of the request."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Content-Type: application/json",
            f"Content-Length: {len(self.body)}",
            *self.headers,
        ]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Timing:
    """What a load run saw."""

    clients: int
    median_ms: float
    p99_ms: float
    per_second: float
    answered: int

    def __str__(self) -> str:
        return (
            f"{self.clients} client(s): median {self.median_ms:.1f} ms, p99 {self.p99_ms:.1f} ms, "
            f"{self.per_second:.0f} requests/s"
        )


def measure(request: Request, *, clients: int, seconds: float, warm_up: int = 50) -> Timing:
    """Send the request from several clients at once, each as fast as it is answered."""
    _ask(request, until=time.perf_counter() + 3600, most=warm_up)
    found: list[list[float]] = [[] for _ in range(clients)]
    start = time.perf_counter()

    def run(number: int) -> None:
        found[number] = _ask(request, until=start + seconds)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    times = 1000 * np.array([t for times in found for t in times])
    median, p99 = np.percentile(times, [50, 99])
    return Timing(clients, float(median), float(p99), len(times) / took, len(times))


def _ask(request: Request, *, until: float, most: int = 10**9) -> list[float]:
    """Seconds of each request on one connection; a reply other than 200 stops everything."""
    wire, times = request.wire, []
    with socket.create_connection(("127.0.0.1", request.port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < until and len(times) < most:
            start = time.perf_counter()
            connection.sendall(wire)
            _read_reply(connection)
            times.append(time.perf_counter() - start)
    return times


def _read_reply(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    if status != b"200":
        raise RuntimeError(f"expected 200, got {status.decode()}: {body[:300]!r}")
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    missing = int(fields[b"content-length"]) - len(body)
    while missing > 0:
        missing -= len(_some(connection))


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("expected a reply, got a closed connection")
    return data
