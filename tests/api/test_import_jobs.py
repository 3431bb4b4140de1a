"""Imports as jobs: followed at an address, in a process of their own, told when they fail."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from serving.actors import COMMAND, Scope
from serving.api.prefer import LONGEST, seconds_to_wait
from serving.app import create_app
from serving.context import AppContext
from serving.operations.import_limits import FileSize, size_of
from serving.operations.privacy import erase_person, retain
from serving.store import imports
from serving.store.tables import audit
from tests.api.conftest import MakeApi, new_key
from tests.api.test_imports import CONTRACTS, EVENTS, zipped
from tests.lib.api import Api
from tests.lib.contexts import Clock, open_context
from tests.lib.sign_in_site import TestClient

FINISHED = ("done", "refused", "failed")
HEADER = CONTRACTS.splitlines()[0]


def rows(number: int) -> bytes:
    """A zip of so many contracts."""
    lines = (f"M{n},P{n},apprenticeship,2025-09-01,2027-08-31,2025-09-10" for n in range(number))
    return zipped(contracts="\n".join([HEADER, *lines]))


def send(api: Api, body: bytes, **headers: str) -> Any:
    sent_headers = {"Content-Type": "application/zip", **headers}
    return api.post("/v1/imports", content=body, headers=sent_headers)


def ended(api: Api, address: str) -> dict[str, Any]:
    """Follow an import to its end."""
    for _ in range(1_200):
        job: dict[str, Any] = api.get(address).json()
        if job["status"] in FINISHED:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


@contextmanager
def asked_with(database_url: str, bundles: Path, clock: Clock, **settings: Any) -> Iterator[Api]:
    """Ask a service of other settings."""
    with open_context(database_url, bundles, clock=clock, **settings) as context:
        app = create_app(context)
        api = Api(app, headers={"Authorization": f"Bearer {new_key(context, *Scope)}"})
        yield api
        app.state.import_runner.close()
        app.state.scoring_queue.close()
        api.close()


def test_a_file_is_received_followed_and_its_rejects_read(
    api: Api, make_api: MakeApi, context: AppContext
) -> None:
    begun = send(api, zipped(contracts=CONTRACTS, events=EVENTS))
    assert begun.status_code == 202, begun.text
    address = begun.headers["location"]
    assert begun.json()["import_id"] == address.rpartition("/")[2]

    job = ended(api, address)

    assert (job["status"], job["problem"]) == ("done", None)
    assert job["result"]["accepted"]["contracts"] == 1
    assert "ZZmarqu" not in str(job)
    assert api.get("/v1/contracts/C1/assessment").status_code == 200
    rejects = api.get(f"{address}/rejects")
    assert rejects.headers["content-type"].startswith("text/csv")
    assert "kind" in rejects.text
    other = make_api(Scope.RECORDS_WRITE)
    assert [other.get(a).status_code for a in (address, f"{address}/rejects")] == [404, 404]
    with context.store.reading() as connection:
        lines = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    wanted = ["begin_import", "import_records", "finish_import", "read_rejects"]
    assert [line for line in lines if line in wanted] == wanted


def test_who_prefers_to_wait_for_a_larger_file_is_answered_at_its_end(api: Api) -> None:
    done = send(api, rows(6_000), Prefer="wait=200")
    assert done.status_code == 200, done.text
    assert done.json()["accepted"]["contracts"] == 6_000
    assert api.get(done.headers["content-location"]).json()["status"] == "done"


def test_a_file_that_cannot_be_used_is_refused_at_its_address(api: Api) -> None:
    job = ended(api, send(api, b"[[[", **{"Content-Type": "application/json"}).headers["location"])

    assert job["status"] == "refused"
    assert job["problem"]["type"] == "urn:vigie:problem:unusable-input"


def test_a_file_larger_than_its_memory_takes_no_worker_down(
    database_url: str, bundles: Path, clock: Clock
) -> None:
    with asked_with(database_url, bundles, clock, import_memory=50_000_000) as api:
        job = ended(api, send(api, rows(150_000)).headers["location"])
        assert job["status"] in ("refused", "failed")
        assert api.get("/v1/contracts/M1/assessment").status_code == 404


def test_an_import_whose_process_dies_is_reported_as_failed_and_may_be_sent_again(api: Api) -> None:
    address = send(api, rows(20_000)).headers["location"]
    while not multiprocessing.active_children():
        time.sleep(0.05)
    for child in multiprocessing.active_children():
        child.kill()

    assert ended(api, address)["status"] == "failed"
    assert api.get("/v1/contracts/M1/assessment").status_code == 404
    assert send(api, rows(3), Prefer="wait").json()["accepted"]["contracts"] == 3


def test_after_a_restart_an_import_that_was_under_way_is_reported_as_failed(
    api: Api, context: AppContext, clock: Clock
) -> None:
    with context.store.writing() as connection:
        imports.add(connection, "gone", actor="key:x", now=context.now())
    assert api.get("/v1/imports/gone").json()["status"] == "running"
    clock.move(minutes=3)
    job = api.get("/v1/imports/gone").json()
    assert (job["status"], job["problem"]["status"]) == ("failed", 500)
    assert "again" in job["problem"]["reason"]


def test_rejects_go_with_the_person_they_name_and_after_thirty_days(
    api: Api, context: AppContext, clock: Clock
) -> None:
    send(api, zipped(contracts=CONTRACTS), Prefer="wait")
    for import_id, rejects in (("one", "C1 was refused"), ("two", "C9 was refused")):
        with context.store.writing() as connection:
            imports.add(connection, import_id, actor="key:x", now=context.now())
            done, now = imports.ImportStatus.DONE, context.now()
            imports.finish(connection, import_id, status=done, now=now, rejects=rejects)

    def statuses() -> list[int]:
        return [api.get(f"/v1/imports/{i}/rejects").status_code for i in ("one", "two")]

    assert statuses() == [200, 200]
    erase_person(context, actor=COMMAND, person_id="P1")
    assert statuses() == [404, 200]
    clock.move(days=31)
    retain(context, actor=COMMAND)
    assert statuses() == [404, 404]


def test_rows_above_the_limit_are_refused_before_they_are_read(
    database_url: str, bundles: Path, clock: Clock
) -> None:
    with asked_with(database_url, bundles, clock, import_rows=2) as api:
        assert send(api, rows(3)).status_code == 413


def test_rows_of_parquet_are_counted_by_its_metadata(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": ["x"] * 1_000}), tmp_path / "contracts.parquet")
    (tmp_path / "events.csv").write_text("a\nb\n")
    (tmp_path / "outcomes.parquet").write_bytes(b"no parquet")
    assert size_of(tmp_path).rows == 1_002
    assert size_of(tmp_path / "events.csv") == FileSize(4, 2)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ([], None),
        (["wait=10"], 10),
        (["respond-async, wait = 5"], 5),
        (["Wait"], LONGEST),
        (["wait=999999"], LONGEST),
        (["waiting=1"], None),
        (["wait=x"], None),
    ],
)
def test_how_long_a_client_is_ready_to_wait(header: list[str], seconds: int | None) -> None:
    assert seconds_to_wait(header) == seconds


def test_an_application_that_starts_again_takes_files_again(context: AppContext) -> None:
    """What its first end closed is opened anew."""
    app = create_app(context)
    headers = {"Authorization": f"Bearer {new_key(context, *Scope)}"}
    for _ in range(2):
        with TestClient(app, headers=headers) as client:
            begun = client.post("/v1/imports", json=[])
            assert begun.status_code == 202, begun.text
