"""Webhooks arrive signed, once, and where they should."""

import json
import threading

import pytest
from standardwebhooks import Webhook

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations import suspension
from serving.operations.webhooks import add_endpoint
from serving.webhooks.background import Background
from serving.webhooks.delivery import deliver_due
from tests.lib.outbox import PAYLOAD, enqueue, rows
from tests.lib.receivers import Receiver, receiver


def test_a_message_is_signed_by_the_standard_and_delivered_once(context: AppContext) -> None:
    with receiver() as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
        assert deliver_due(context) == 1
        assert deliver_due(context) == 0
    [request] = taker.requests

    payload = Webhook(added.secret).verify(request.body, request.headers)

    assert payload == {
        "type": "assessment.level_changed",
        "timestamp": context.now().isoformat(),
        "data": PAYLOAD,
    }
    assert rows(context)[0]["delivered_at"] == context.now()


def test_every_active_endpoint_gets_its_own_message(context: AppContext) -> None:
    with receiver() as one, receiver() as other:
        for taker in (one, other):
            add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
        deliver_due(context)

    assert len(one.ids) == len(other.ids) == 1
    assert one.ids != other.ids


def test_no_redirect_is_followed(context: AppContext) -> None:
    """Whoever receives could send us anywhere, the metadata service of the host included."""
    with receiver() as private, receiver(status=307, location=private.url) as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
        deliver_due(context)

    assert len(taker.ids) == 1
    assert private.requests == []


def test_several_workers_send_each_message_once(context: AppContext) -> None:
    with receiver() as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context, times=40)
        workers = [threading.Thread(target=deliver_due, args=(context,)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert len(taker.ids) == 40
    assert len(set(taker.ids)) == 40


def test_a_message_whose_transaction_is_undone_was_never_there(context: AppContext) -> None:
    with receiver() as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        with pytest.raises(RuntimeError):
            enqueue(context, then_fail=True)
        assert deliver_due(context) == 0

    assert rows(context) == []


def test_nothing_is_sent_while_scoring_is_suspended(context: AppContext) -> None:
    with receiver() as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
        suspension.suspend_scoring(context, actor=COMMAND, why="contrôle")
        assert deliver_due(context) == 0
        suspension.resume_scoring(context, actor=COMMAND)
        assert deliver_due(context) == 1

    assert len(taker.ids) == 1


def test_a_receiver_that_hangs_delays_nobody_else(context: AppContext) -> None:
    """The thread of the service tells one while it still waits for the other."""
    patient = AppContext(
        context.settings.model_copy(update={"webhook_timeout_seconds": 30.0}),
        context.store,
        context.model,
        context.now,
    )
    with receiver(hangs=True) as slow, receiver() as quick:
        for taker in (slow, quick):
            add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
        background = Background(patient, every_seconds=0.01)
        background.start()
        assert slow.arrived.wait(20)
        assert quick.arrived.wait(20)
        enqueue(context)
        wait_for(quick, 2)
        assert not slow.release.is_set()
        slow.release.set()
        background.stop()

    assert json.loads(quick.requests[1].body)["data"] == PAYLOAD
    assert rows(context)[0]["delivered_at"] is not None


def wait_for(taker: Receiver, count: int) -> None:
    ticks = threading.Event()
    for _ in range(2000):
        if len(taker.requests) >= count:
            return
        ticks.wait(0.01)
    pytest.fail(f"{len(taker.requests)} requests came, not {count}")
