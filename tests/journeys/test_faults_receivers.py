"""Webhook receivers that hang, fail or point elsewhere slow nothing down and stop nobody else."""

import httpx
import pytest

from serving.actors import COMMAND
from serving.context import AppContext, system_clock
from serving.operations.webhooks import add_endpoint
from serving.store import outbox
from tests.lib.concurrent_clients import as_json, client, contract_row, key_of, wait_until
from tests.lib.contexts import Clock
from tests.lib.receivers import receiver
from tests.lib.service import running_service

pytestmark = pytest.mark.slow
MORE_THAN_ONE_BATCH = 15


@pytest.fixture
def clock() -> Clock:
    """The real moment: the service in its own process has no other."""
    return Clock(system_clock())


def test_bad_receivers_delay_neither_the_api_nor_the_good_one(context: AppContext) -> None:
    with (
        receiver() as good,
        receiver() as private,
        receiver(hangs=True) as hanging,
        receiver(status=500) as failing,
        receiver(status=302, location=private.url) as redirecting,
    ):
        for taker in (hanging, failing, redirecting, good):
            add_endpoint(context, actor=COMMAND, url=taker.url)
        key = key_of(context)
        with (
            running_service(context, workers=2, webhook_timeout_seconds="60") as url,
            client(url, key) as http,
        ):
            statuses = [_keep(context, http, number) for number in range(MORE_THAN_ONE_BATCH)]
            wait_until(lambda: len(good.requests) >= MORE_THAN_ONE_BATCH)
            wait_until(lambda: bool(failing.requests and redirecting.requests))
            assert hanging.arrived.is_set()
            assert not hanging.release.is_set()  # it still hangs, and all went well
            assert http.get("/health/ready").status_code == httpx.codes.OK
            hanging.release.set()
            wait_until(lambda: len(set(hanging.ids)) == MORE_THAN_ONE_BATCH)

    assert statuses == [httpx.codes.CREATED] * MORE_THAN_ONE_BATCH
    assert len(good.ids) == len(set(good.ids)) == MORE_THAN_ONE_BATCH
    assert private.requests == []
    with context.store.reading() as connection:
        depth = outbox.depth(connection)
    assert depth.waiting == 2 * MORE_THAN_ONE_BATCH  # for the failing and the redirecting one


def _keep(context: AppContext, http: httpx.Client, number: int) -> int:
    row = as_json(contract_row(f"C{number}", context.today))
    return http.put(f"/v1/contracts/C{number}", json=row).status_code
