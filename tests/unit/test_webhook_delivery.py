"""Webhooks arrive at least once, signed, whatever the receivers do."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, select
from standardwebhooks import Webhook

from serving.actors import COMMAND
from serving.context import House, system_clock
from serving.operations import suspension
from serving.operations.webhooks import add_endpoint, list_endpoints, retry_endpoint
from serving.store import outbox
from serving.store.tables import audit
from serving.store.tables import outbox as messages
from serving.webhooks.background import Background
from serving.webhooks.backoff import MOST_ATTEMPTS
from serving.webhooks.delivery import deliver_due
from tests.lib.house import Clock, open_house
from tests.lib.receivers import Receiver, hangs_up, receiver

PAYLOAD = {"contract_id": "C1", "level": "eleve", "previous_level": "faible"}
PATIENCE = 2.0


@pytest.fixture
def clock() -> Clock:
    """The real moment: a receiver refuses a signature of another day."""
    return Clock(system_clock())


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house without a model, with little patience."""
    with open_house(
        database_url, tmp_path, clock=clock, webhook_timeout_seconds=PATIENCE
    ) as opened:
        yield opened


def tell(house: House, *, times: int = 1, then_fail: bool = False) -> None:
    with house.store.writing() as connection:
        for _ in range(times):
            outbox.enqueue(connection, [PAYLOAD], topic=outbox.LEVEL_CHANGED, now=house.now())
        if then_fail:
            raise RuntimeError


def rows(house: House) -> list[RowMapping]:
    with house.store.reading() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)).mappings())


def test_a_message_is_signed_by_the_standard_and_delivered_once(house: House) -> None:
    with receiver() as taker:
        added = add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        assert deliver_due(house) == 1
        assert deliver_due(house) == 0
    [request] = taker.requests

    told = Webhook(added.secret).verify(request.body, request.headers)

    assert told == {
        "type": "assessment.level_changed",
        "timestamp": house.now().isoformat(),
        "data": PAYLOAD,
    }
    assert rows(house)[0]["delivered_at"] == house.now()


def test_every_active_endpoint_gets_its_own_message(house: House) -> None:
    with receiver() as one, receiver() as other:
        for taker in (one, other):
            add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        deliver_due(house)

    assert len(one.ids) == len(other.ids) == 1
    assert one.ids != other.ids


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_what_is_not_taken_is_sent_again_later_under_the_same_id(
    house: House, clock: Clock, status: int
) -> None:
    with receiver(status=status) as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        deliver_due(house)
        assert deliver_due(house) == 0
        assert rows(house)[0]["last_error"] == f"status {status}"
        clock.move(seconds=7)
        taker.status = 200
        assert deliver_due(house) == 1

    assert len(taker.ids) == 2
    assert len(set(taker.ids)) == 1
    assert taker.requests[0].body == taker.requests[1].body
    assert rows(house)[0]["delivered_at"] == clock.moment


def test_a_receiver_that_hangs_is_left_after_a_while(house: House) -> None:
    with receiver(hangs=True) as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        deliver_due(house)

    [row] = rows(house)
    assert row["last_error"] == "no answer in time"
    assert row["due_at"] > house.now()


def test_a_receiver_that_hangs_up_is_tried_again(house: House) -> None:
    with hangs_up() as url:
        add_endpoint(house, actor=COMMAND, url=url)
        tell(house)
        deliver_due(house)

    [row] = rows(house)
    # Whether the bytes or the answer were lost depends on who was quicker.
    assert row["last_error"] in {"no answer: ReadError", "no answer: RemoteProtocolError"}
    assert row["due_at"] > house.now()


def test_nobody_listens_there(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    add_endpoint(house, actor=COMMAND, url=url)
    tell(house)
    deliver_due(house)

    assert rows(house)[0]["last_error"] == "no answer: ConnectError"


def test_no_redirect_is_followed(house: House) -> None:
    """Whoever receives could send us anywhere, the metadata service of the host included."""
    with receiver() as private, receiver(status=307, location=private.url) as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        deliver_due(house)

    assert len(taker.ids) == 1
    assert private.requests == []


def test_after_about_three_days_a_message_is_given_up_and_can_be_revived(
    house: House, clock: Clock
) -> None:
    begun = clock.moment
    with receiver(status=500) as taker:
        added = add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        for _ in range(MOST_ATTEMPTS):
            assert deliver_due(house) == 1
            clock.moment = max(clock.moment, rows(house)[0]["due_at"])
        assert deliver_due(house) == 0
        assert rows(house)[0]["dead_at"] is not None
        assert timedelta(days=2) < clock.moment - begun < timedelta(days=4)
        taker.status = 204
        assert retry_endpoint(house, actor=COMMAND, endpoint_id=added.endpoint_id) == 1
        assert deliver_due(house) == 1

    assert len(set(taker.ids)) == 1
    assert rows(house)[0]["delivered_at"] is not None


def test_who_answers_gone_is_told_nothing_more_until_revived(house: House) -> None:
    with receiver(status=410) as taker:
        added = add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house, times=2)
        deliver_due(house)
        tell(house)
        assert deliver_due(house) == 0
        assert [row["last_error"] for row in rows(house)] == ["status 410"] * 2
        assert list_endpoints(house, actor=COMMAND)[0].disabled_at == house.now()
        taker.status = 200
        retry_endpoint(house, actor=COMMAND, endpoint_id=added.endpoint_id)
        assert deliver_due(house) == 2

    with house.store.reading() as connection:
        actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["add_webhook", "retire_webhook", "retry_webhook"]


def test_several_workers_send_each_message_once(house: House) -> None:
    with receiver() as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house, times=40)
        workers = [threading.Thread(target=deliver_due, args=(house,)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(taker.ids) == 40
    assert len(set(taker.ids)) == 40


def test_a_message_whose_transaction_is_undone_was_never_there(house: House) -> None:
    with receiver() as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        with pytest.raises(RuntimeError):
            tell(house, then_fail=True)
        assert deliver_due(house) == 0

    assert rows(house) == []


def test_nothing_is_sent_while_scoring_is_suspended(house: House) -> None:
    with receiver() as taker:
        add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        suspension.suspend_scoring(house, actor=COMMAND, why="contrôle")
        assert deliver_due(house) == 0
        suspension.resume_scoring(house, actor=COMMAND)
        assert deliver_due(house) == 1

    assert len(taker.ids) == 1


def test_a_receiver_that_hangs_delays_nobody_else(house: House) -> None:
    """The thread of the service tells one while it still waits for the other."""
    patient = House(
        house.settings.model_copy(update={"webhook_timeout_seconds": 30.0}),
        house.store,
        house.model,
        house.now,
    )
    with receiver(hangs=True) as slow, receiver() as quick:
        for taker in (slow, quick):
            add_endpoint(house, actor=COMMAND, url=taker.url)
        tell(house)
        background = Background(patient, every_seconds=0.01)
        background.start()
        assert slow.arrived.wait(20)
        assert quick.arrived.wait(20)
        tell(house)
        wait_for(quick, 2)
        assert not slow.release.is_set()
        slow.release.set()
        background.stop()

    assert json.loads(quick.requests[1].body)["data"] == PAYLOAD
    assert rows(house)[0]["delivered_at"] is not None


def wait_for(taker: Receiver, count: int) -> None:
    ticks = threading.Event()
    for _ in range(2000):
        if len(taker.requests) >= count:
            return
        ticks.wait(0.01)
    pytest.fail(f"{len(taker.requests)} requests came, not {count}")
