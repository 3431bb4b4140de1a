"""Receivers of webhooks on real sockets: one that answers, one that hangs, one that hangs up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    """Answers `status` to every request and keeps it; `release` lets it answer."""

    status: int = 204
    location: str | None = None
    requests: list[Received] = field(default_factory=list)
    port: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """Message ids in the order they came."""
        return [request.headers["webhook-id"] for request in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def receiver(
    *, status: int = 204, location: str | None = None, hangs: bool = False
) -> Iterator[Receiver]:
    """A receiver on a loopback socket; one that `hangs` takes a message and answers on release."""
    state = Receiver(status, location)
    if not hangs:
        state.release.set()
    server = _Server(("127.0.0.1", 0), _handler(state))
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def hangs_up() -> Iterator[str]:
    """The address of a receiver that closes every connection without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_hang_up, args=(server,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _hang_up(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.close()


def _handler(state: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server calls
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append(Received(self.path, headers, body))
            state.arrived.set()
            state.release.wait(30)
            try:
                self._answer()
            except OSError:  # the sender lost patience
                self.close_connection = True

        do_GET = do_POST  # noqa: N815  # a redirect that were followed would arrive here

        def _answer(self) -> None:
            self.send_response(state.status)
            if state.location is not None:
                self.send_header("location", state.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    return Handler
