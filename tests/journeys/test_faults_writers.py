"""Writers of one contract at once: each write is stored, in order, and seen by the last score."""

import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from features.records.declarations import RECORD_TYPES
from serving.context import AppContext, system_clock
from serving.queries.assessments import latest_assessment
from serving.queries.cases import case_file
from serving.store import records
from serving.store.tables import RECORD_TABLES
from tests.lib.concurrent_clients import as_json, client, contract_row, key_of
from tests.lib.contexts import Clock, event, interview, outcome
from tests.lib.read_once import read
from tests.lib.service import running_service
from tests.lib.store_integrity import assert_whole

pytestmark = pytest.mark.slow
WRITERS, EACH = 4, 8
REGION = 40_000  # contracts: more than PostgreSQL has room for locks
CONTRACT_ID = "C-shared"
Request = tuple[str, str, dict[str, object]]


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


def requests_of(context: AppContext, writer: int) -> list[Request]:
    """Corrections of one contract and of one interview, and events of the writer's own."""
    today, requests = context.today, list[Request]()
    for turn in range(EACH):
        pay = 30.0 + writer * EACH + turn  # each version differs from all others
        row = contract_row(CONTRACT_ID, today, pay_percent_smic=pay, employer_siret=_siret(turn))
        requests.append(("PUT", f"/v1/contracts/{CONTRACT_ID}", {**row, "known_on": today}))
        days = {"held_on": today - timedelta(days=5), "known_on": today}
        shared = interview("I-shared", CONTRACT_ID, note=f"{writer}-{turn}", **days)
        requests.append(("POST", "/v1/interviews", shared))
        days = {"happened_on": today - timedelta(days=4), "known_on": today}
        requests.append(("POST", "/v1/events", event(f"E-{writer}-{turn}", CONTRACT_ID, **days)))
    ended = outcome(ended_on=today - timedelta(days=writer + 1), known_on=today)
    requests.append(("PUT", f"/v1/outcomes/{CONTRACT_ID}", {**ended, "contract_id": CONTRACT_ID}))
    return requests


def _siret(turn: int) -> str:
    return f"1234567890{turn % 3:04}"


def send_all(url: str, key: str, requests: list[Request], statuses: list[int]) -> None:
    with client(url, key) as http:
        for method, path, row in requests:
            statuses.append(http.request(method, path, json=as_json(row)).status_code)


def test_writers_of_one_contract_lose_nothing(context: AppContext) -> None:
    statuses: list[int] = []
    requests = [requests_of(context, writer) for writer in range(WRITERS)]
    key = key_of(context)
    with running_service(context, workers=2) as url:
        send_all(url, key, [requests[0].pop(0)], statuses)  # the contract must be there first
        threads = [
            threading.Thread(target=send_all, args=(url, key, own, statuses)) for own in requests
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert set(statuses) == {httpx.codes.CREATED}
    versions = read(context, case_file, contract_id=CONTRACT_ID).versions
    counts = {t.name: len(versions.of(t)) for t in RECORD_TYPES}
    each = WRITERS * EACH
    assert counts == {"contracts": each, "interviews": each, "events": each, "outcomes": WRITERS}
    with context.store.reading() as connection:
        for table in RECORD_TABLES.values():
            recorded = list(connection.execute(select(table.c.recorded_at).order_by(table.c.seq)))
            assert recorded == sorted(recorded)
    assert {row.note for row in versions.interviews} == {
        f"{writer}-{turn}" for writer in range(WRITERS) for turn in range(EACH)
    }
    assert assert_whole(context) == 1
    latest = read(context, latest_assessment, contract_id=CONTRACT_ID)
    assert latest.why_not is not None  # it has ended, and the last assessment knows


def test_one_id_sent_for_two_contracts_at_once_is_stored_for_one(context: AppContext) -> None:
    """A record never changes hands, not even between two requests under way together."""
    key, today = key_of(context), context.today
    contracts = [f"C-{n}" for n in range(WRITERS)]
    days = {"held_on": today - timedelta(days=5), "known_on": today}
    statuses: dict[str, list[int]] = {contract_id: [] for contract_id in contracts}
    with running_service(context, workers=2) as url:
        for contract_id in contracts:
            put = ("PUT", f"/v1/contracts/{contract_id}", contract_row(contract_id, today))
            send_all(url, key, [put], [])
        threads = [
            threading.Thread(
                target=send_all,
                args=(
                    url,
                    key,
                    [
                        ("POST", "/v1/interviews", interview(f"I-{n}", contract_id, **days))
                        for n in range(EACH)
                    ],
                    statuses[contract_id],
                ),
            )
            for contract_id in contracts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    answers = list(zip(*statuses.values(), strict=True))
    assert [sorted(answer) for answer in answers] == [[201, 409, 409, 409]] * EACH
    assert assert_whole(context) == WRITERS


def test_a_whole_region_can_be_locked_for_an_import(context: AppContext) -> None:
    """A lock for each contract would not fit, and would break the transactions of others."""
    with context.store.writing() as connection:
        records.lock(connection, (f"C{number}" for number in range(REGION)))
