"""PostgreSQL may stop under load: the service says so, loses nothing, and recovers by itself."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.context import AppContext, system_clock
from serving.store.engine import open_store
from serving.store.migrate import upgrade
from tests.lib.concurrent_clients import assert_problem, traffic, wait_until
from tests.lib.contexts import Clock, open_context
from tests.lib.databases import own_server
from tests.lib.service import running_service
from tests.lib.store_integrity import assert_stored, assert_whole

pytestmark = pytest.mark.slow
ENOUGH = 15


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL server of this test alone: it is going to be stopped."""
    with own_server(Path(tempfile.mkdtemp(prefix="vigie-faults-"))) as started:
        yield started


@pytest.fixture
def context(server: Any, bundles: Path) -> Iterator[AppContext]:
    url = server.get_uri()
    store = open_store(url)
    upgrade(store)
    store.close()
    with open_context(url, bundles, clock=Clock(system_clock())) as opened:
        yield opened


def test_a_stopped_postgresql_is_reported_and_nothing_is_lost(
    context: AppContext, server: Any, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running_service(context, workers=2, log=log) as url, traffic(context, url) as flow:
        flow.wait_for_stored(ENOUGH)
        server.stop()
        wait_until(lambda: flow.statuses[503] >= ENOUGH, describe=lambda: str(flow.statuses))
        ready, live = httpx.get(f"{url}/health/ready"), httpx.get(f"{url}/health/live")
        server.ensure_postgres_running()
        flow.wait_for_stored(ENOUGH)
        wait_until(lambda: httpx.get(f"{url}/health/ready").status_code == httpx.codes.OK)

    assert (ready.status_code, live.status_code) == (503, 200)
    assert ready.json()["missing"] == ["database"]
    assert int(ready.headers["retry-after"]) > 0
    # 404: of a contract whose own writing was refused.
    assert set(flow.statuses) <= {200, 201, 404, 503}
    for sent in flow.sent:
        if sent.status == httpx.codes.SERVICE_UNAVAILABLE:
            assert_problem(503, sent.headers)
    assert '"level": "critical"' not in log.read_text()
    context.close()  # the test's own connections broke too
    assert_stored(context, flow.sent)
    assert assert_whole(context) > 0
