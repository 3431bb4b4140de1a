"""A disk that is full or a database that is locked: a problem, nothing half-written, then over.

The disk is full in two ways: a file system of some megabytes, and a limit on the size of files.
"""

import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from serving.context import AppContext, system_clock
from tests.lib.concurrent_clients import (
    Traffic,
    as_json,
    assert_problem,
    client,
    contract_row,
    traffic,
    wait_until,
)
from tests.lib.contexts import Clock, open_context
from tests.lib.databases import database
from tests.lib.service import environment_of, free_port, running_service, started
from tests.lib.store_integrity import assert_stored, assert_whole

pytestmark = pytest.mark.slow
ENOUGH = 8
ROOM = "24m"


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of some megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    made = subprocess.run(["mount", *options], capture_output=True, check=False)  # noqa: S603, S607  # fixed
    if made.returncode:
        pytest.skip("making a file system needs rights that this user has not")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607  # likewise


def test_a_full_disk_is_reported_and_over_once_there_is_room(
    small_disk: Path, bundles: Path, clock: Clock
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(database("sqlite", small_disk))
        context = stack.enter_context(open_context(url, bundles, clock=clock))
        environment = {**_environment(context), "TMPDIR": str(small_disk)}
        stack.enter_context(started(environment))
        flow = stack.enter_context(traffic(context, _url(environment)))
        flow.wait_for_stored(ENOUGH)
        # Where uploads are written is chosen once, and a place without room is not chosen.
        assert _uploaded(flow).status_code == httpx.codes.UNPROCESSABLE_ENTITY
        _fill(small_disk / "ballast")
        _assert_full(flow)
        (small_disk / "ballast").unlink()
        flow.wait_for_stored(ENOUGH)
        flow.end()

        _assert_nothing_lost(context, flow)


def test_files_that_may_not_grow_are_reported_and_over_once_they_may(
    tmp_path: Path, bundles: Path, clock: Clock
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(database("sqlite", tmp_path))
        context = stack.enter_context(open_context(url, bundles, clock=clock))
        environment = _environment(context)
        process = stack.enter_context(started(environment))
        flow = stack.enter_context(traffic(context, _url(environment)))
        flow.wait_for_stored(ENOUGH)
        soft, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, hard))
        _assert_full(flow)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (soft, hard))
        flow.wait_for_stored(ENOUGH)
        flow.end()

        _assert_nothing_lost(context, flow)


def test_a_locked_database_is_reported_and_over_once_it_is_free(context: AppContext) -> None:
    """Somebody else holds the lock longer than the service waits; readers are answered."""
    with running_service(context, workers=2) as url, traffic(context, url) as flow:
        flow.wait_for_stored(ENOUGH)
        with _locked(context), client(url, flow.key) as http:
            wait_until(lambda: flow.statuses[503] > 0, describe=lambda: str(flow.statuses))
            assert http.get("/v1/assessments").status_code == httpx.codes.OK
            assert http.get("/health/ready").status_code == httpx.codes.OK
            assert_problem(*_scored(http, flow))
        flow.wait_for_stored(ENOUGH)
        flow.end()

    _assert_nothing_lost(context, flow)


def _environment(context: AppContext) -> dict[str, str]:
    return environment_of(context, port=free_port(), workers=1)


def _url(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['VIGIE_PORT']}"


def _fill(ballast: Path) -> None:
    """Write until there is no room."""
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def _assert_full(flow: Traffic) -> None:
    """Writes are refused, reads are answered, and no request is an error of the service."""
    wait_until(lambda: flow.statuses[503] >= ENOUGH, describe=lambda: str(flow.statuses))
    with client(flow.url, flow.key) as http:
        assert http.get("/v1/assessments").status_code == httpx.codes.OK
        assert http.get("/health/live").status_code == httpx.codes.OK
        status, headers = _scored(http, flow)  # not audited: not scored
        assert_problem(status, headers)
    sent = _uploaded(flow)
    assert sent.status_code == httpx.codes.INSUFFICIENT_STORAGE
    assert_problem(sent.status_code, sent.headers)


def _uploaded(flow: Traffic) -> httpx.Response:
    """The answer to a file without any dossier in it."""
    with client(flow.url, flow.key) as http:
        prefer = {"Prefer": "wait"}
        return http.post("/v1/imports", json=[{"filler": "x" * 100_000}], headers=prefer)


def _scored(http: httpx.Client, flow: Traffic) -> tuple[int, httpx.Headers]:
    body = {"contract": as_json(contract_row("C-seen", flow.today))}
    answer = http.post("/v1/score", json={**body, "interviews": [], "events": []})
    return answer.status_code, answer.headers


def _assert_nothing_lost(context: AppContext, flow: Traffic) -> None:
    assert set(flow.statuses) <= {200, 201, 404, 503}  # 404: of a contract that was not stored
    for sent in flow.sent:
        if sent.status == httpx.codes.SERVICE_UNAVAILABLE:
            assert_problem(sent.status, sent.headers)
    assert_stored(context, flow.sent)
    assert assert_whole(context) > 0


@contextmanager
def _locked(context: AppContext) -> Iterator[None]:
    """Another process (ours) keeps all writers of the service out."""
    if context.store.is_sqlite:
        path = str(context.store.engine.url.database)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with context.store.engine.begin() as connection:
        connection.execute(text("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE"))
        yield
