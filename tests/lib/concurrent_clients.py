"""Clients that write to the running service at once, and what each write was answered."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx

from serving.actors import COMMAND, Scope
from serving.context import AppContext
from serving.operations.keys import add_key
from tests.lib.contexts import contract, event, interview

SCOPES = (Scope.RECORDS_WRITE, Scope.ASSESSMENTS_READ, Scope.SCORE, Scope.ADMIN)
PATIENCE_SECONDS = 60.0
OF_EACH = 2  # interviews and events of each contract
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Sent:
    """One write: the record, and the status it was answered, None when no answer came."""

    table: str
    key: str
    contract_id: str
    status: int | None
    headers: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def is_stored(self) -> bool:
        """Whether the service said that the record is stored."""
        return self.status in {httpx.codes.OK, httpx.codes.CREATED}


@dataclass
class Traffic:
    """What several clients send until `stop` is set."""

    url: str
    key: str
    today: date
    sent: list[Sent] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def stored(self) -> list[Sent]:
        """The writes that were acknowledged."""
        return [sent for sent in list(self.sent) if sent.is_stored]

    @property
    def statuses(self) -> Counter[int | None]:
        """How many writes were answered each status."""
        return Counter(sent.status for sent in list(self.sent))

    def wait_for_stored(self, more: int) -> None:
        """Return once `more` writes were acknowledged from now on."""
        wanted = len(self.stored) + more
        wait_until(lambda: len(self.stored) >= wanted, describe=lambda: str(self.statuses))

    def begin(self, clients: int) -> None:
        """Send from some clients at once."""
        self.threads = [threading.Thread(target=self.write, args=(str(n),)) for n in range(clients)]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Send nothing more, and return once the last answers came."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def write(self, name: str) -> None:
        """Send contracts with their interviews and events, one after the other."""
        with client(self.url, self.key) as http:
            for number in itertools.count():
                contract_id = f"C-{name}-{number}"
                for table, key, (method, path, row) in records_of(contract_id, self.today):
                    if self.stop.is_set():
                        return
                    self.sent.append(_answered(http, method, path, row, table, key, contract_id))


@contextmanager
def traffic(context: AppContext, url: str, *, clients: int = 3) -> Iterator[Traffic]:
    """Clients that write to the service at `url` while the block runs."""
    flow = Traffic(url, key_of(context), context.today)
    flow.begin(clients)
    try:
        yield flow
    finally:
        flow.end()


def key_of(context: AppContext) -> str:
    """A key that may do all that the tests of faults do."""
    return add_key(context, actor=COMMAND, name="faults", scopes=list(SCOPES)).text


def client(url: str, key: str) -> httpx.Client:
    """A client of the API with a key."""
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=url, headers=headers, timeout=PATIENCE_SECONDS)


def wait_until(true: Callable[[], bool], *, describe: Callable[[], str] = str) -> None:
    """Return once a condition holds; a test that waits in vain fails with `describe()`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"what was waited for did not come; {describe()}"
        time.sleep(0.02)


def contract_row(contract_id: str, today: date, **values: Any) -> dict[str, Any]:
    """A contract under way on the day it really is: the service has no other clock."""
    days = {"signed_on": -190, "started_on": -180, "planned_end_on": 400, "known_on": -170}
    return contract(contract_id, **_days(days, today), **values)


def records_of(
    contract_id: str, today: date
) -> Iterator[tuple[str, str, tuple[str, str, dict[str, Any]]]]:
    """A contract, its interviews and its events as requests: (table, key, (verb, path, body))."""
    row = contract_row(contract_id, today)
    yield "contracts", contract_id, ("PUT", f"/v1/contracts/{contract_id}", row)
    for number in range(OF_EACH):
        key = f"I-{contract_id}-{number}"
        days = _days({"held_on": -9 * number - 3, "known_on": -2}, today)
        yield "interviews", key, ("POST", "/v1/interviews", interview(key, contract_id, **days))
        key = f"E-{contract_id}-{number}"
        days = _days({"happened_on": -9 * number - 3, "known_on": -2}, today)
        yield "events", key, ("POST", "/v1/events", event(key, contract_id, **days))


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    """A typed row as it is sent."""
    return {name: _as_json(value) for name, value in row.items()}


def assert_problem(status: int, headers: dict[str, str] | httpx.Headers) -> None:
    """A refusal that can be acted on: a problem document, and when to try again."""
    refusals = {httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.INSUFFICIENT_STORAGE}
    assert status in refusals, status
    assert headers["content-type"] == PROBLEM
    if status == httpx.codes.SERVICE_UNAVAILABLE:
        assert int(headers["retry-after"]) > 0


def _as_json(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _days(offsets: dict[str, int], today: date) -> dict[str, date]:
    return {name: today + timedelta(days=days) for name, days in offsets.items()}


def _answered(
    http: httpx.Client,
    method: str,
    path: str,
    row: dict[str, Any],
    table: str,
    key: str,
    contract_id: str,
) -> Sent:
    try:
        answer = http.request(method, path, json=as_json(row))
    except httpx.HTTPError:
        time.sleep(0.05)  # nobody is there: no need to ask a thousand times
        return Sent(table, key, contract_id, None)
    return Sent(table, key, contract_id, answer.status_code, dict(answer.headers))
