"""The client of the documentation, against the real service over a socket."""

import importlib.util
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from serving.actors import COMMAND, Scope
from serving.context import AppContext, system_clock
from serving.operations.keys import add_key
from serving.operations.webhooks import add_endpoint
from tests.lib.contexts import Clock
from tests.lib.service import PATIENCE_SECONDS, running_service

CONTRACT = {
    "contract_id": "dossier-17",
    "person_id": "personne-17",
    "kind": "apprenticeship",
    "started_on": "2026-09-01",
    "planned_end_on": "2028-08-31",
    "born_on": "2008-03-02",
    "level_prepared": 4,
    "employer_headcount": 12,
}
INTERVIEW = {
    "interview_id": "entretien-1",
    "contract_id": "dossier-17",
    "held_on": "2026-10-01",
    "status": "held",
    "rating_tutor": 1,
}


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


def client_module() -> Any:
    path = Path("docs/client/vigie_client.py")
    specification = importlib.util.spec_from_file_location("vigie_client", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    """A server that keeps what it is sent: its address, and the list of (body, headers)."""
    got: list[tuple[bytes, dict[str, str]]] = []

    class MemoOwner(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name the library calls
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), MemoOwner)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_documented_client_pushes_follows_and_verifies(
    context: AppContext, receiver: tuple[str, list[tuple[bytes, dict[str, str]]]]
) -> None:
    address, got = receiver
    endpoint = add_endpoint(context, actor=COMMAND, url=address)
    scopes = [Scope.RECORDS_WRITE, Scope.ASSESSMENTS_READ]
    key = add_key(context, actor=COMMAND, name="client", scopes=scopes)
    client = client_module()
    with running_service(context) as url:
        vigie = client.Vigie(url, key.text)
        first = vigie.keep_contract(CONTRACT)
        again = vigie.keep_contract(CONTRACT)
        vigie.keep_interview(INTERVIEW)
        case_summary = list(vigie.changes())
        with pytest.raises(RuntimeError, match="rupture_date"):
            vigie.keep_contract({**CONTRACT, "rupture_date": "2026-10-01"})
        later = list(vigie.changes(case_summary[-1][1]))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not got and time.monotonic() < deadline:
            time.sleep(0.1)
        vigie.close()
    assert (first["changed"], again["changed"]) == (True, False)
    assert first["assessment"]["id"] == again["assessment"]["id"]
    assert [a["contract_id"] for a, _ in case_summary] == ["dossier-17", "dossier-17"]
    assert later == []
    assert got
    for body, headers in got:
        assert client.read_webhook(endpoint.secret, body, headers)
        with pytest.raises(WebhookVerificationError):
            client.read_webhook(endpoint.secret, body + b" ", headers)
