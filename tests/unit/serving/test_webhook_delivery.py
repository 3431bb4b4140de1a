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
from serving.context import AppContext, system_clock
from serving.operations import suspension
from serving.operations.webhooks import add_endpoint, list_endpoints, retry_endpoint
from serving.store import outbox
from serving.store.tables import audit
from serving.store.tables import outbox as messages
from serving.webhooks.background import Background
from serving.webhooks.backoff import MOST_ATTEMPTS
from serving.webhooks.delivery import deliver_due
from tests.lib.contexts import Clock, open_context
from tests.lib.receivers import Receiver, hangs_up, receiver

PAYLOAD = {"contract_id": "C1", "level": "eleve", "previous_level": "faible"}
PATIENCE = 2.0


@pytest.fixture
def clock() -> Clock:
    """The real moment: a receiver refuses a signature of another day."""
    return Clock(system_clock())


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model, with little patience."""
    with open_context(
        database_url, tmp_path, clock=clock, webhook_timeout_seconds=PATIENCE
    ) as opened:
        yield opened


def tell(context: AppContext, *, times: int = 1, then_fail: bool = False) -> None:
    with context.store.writing() as connection:
        for _ in range(times):
            outbox.enqueue(connection, [PAYLOAD], topic=outbox.LEVEL_CHANGED, now=context.now())
        if then_fail:
            raise RuntimeError


def rows(context: AppContext) -> list[RowMapping]:
    with context.store.reading() as connection:
        return list(connection.execute(select(messages).order_by(messages.c.id)).mappings())


def test_a_message_is_signed_by_the_standard_and_delivered_once(context: AppContext) -> None:
    with receiver() as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        assert deliver_due(context) == 1
        assert deliver_due(context) == 0
    [request] = taker.requests

    told = Webhook(added.secret).verify(request.body, request.headers)

    assert told == {
        "type": "assessment.level_changed",
        "timestamp": context.now().isoformat(),
        "data": PAYLOAD,
    }
    assert rows(context)[0]["delivered_at"] == context.now()


def test_every_active_endpoint_gets_its_own_message(context: AppContext) -> None:
    with receiver() as one, receiver() as other:
        for taker in (one, other):
            add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        deliver_due(context)

    assert len(one.ids) == len(other.ids) == 1
    assert one.ids != other.ids


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_what_is_not_taken_is_sent_again_later_under_the_same_id(
    context: AppContext, clock: Clock, status: int
) -> None:
    with receiver(status=status) as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        deliver_due(context)
        assert deliver_due(context) == 0
        assert rows(context)[0]["last_error"] == f"status {status}"
        clock.move(seconds=7)
        taker.status = 200
        assert deliver_due(context) == 1

    assert len(taker.ids) == 2
    assert len(set(taker.ids)) == 1
    assert taker.requests[0].body == taker.requests[1].body
    assert rows(context)[0]["delivered_at"] == clock.moment


def test_a_receiver_that_hangs_is_left_after_a_while(context: AppContext) -> None:
    with receiver(hangs=True) as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        deliver_due(context)

    [row] = rows(context)
    assert row["last_error"] == "no answer in time"
    assert row["due_at"] > context.now()


def test_a_receiver_that_hangs_up_is_tried_again(context: AppContext) -> None:
    with hangs_up() as url:
        add_endpoint(context, actor=COMMAND, url=url)
        tell(context)
        deliver_due(context)

    [row] = rows(context)
    # Whether the bytes or the answer were lost depends on who was quicker.
    assert row["last_error"] in {"no answer: ReadError", "no answer: RemoteProtocolError"}
    assert row["due_at"] > context.now()


def test_nobody_listens_there(context: AppContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    add_endpoint(context, actor=COMMAND, url=url)
    tell(context)
    deliver_due(context)

    assert rows(context)[0]["last_error"] == "no answer: ConnectError"


def test_no_redirect_is_followed(context: AppContext) -> None:
    """Whoever receives could send us anywhere, the metadata service of the host included."""
    with receiver() as private, receiver(status=307, location=private.url) as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        deliver_due(context)

    assert len(taker.ids) == 1
    assert private.requests == []


def test_after_about_three_days_a_message_is_given_up_and_can_be_revived(
    context: AppContext, clock: Clock
) -> None:
    begun = clock.moment
    with receiver(status=500) as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
        for _ in range(MOST_ATTEMPTS):
            assert deliver_due(context) == 1
            clock.moment = max(clock.moment, rows(context)[0]["due_at"])
        assert deliver_due(context) == 0
        assert rows(context)[0]["dead_at"] is not None
        assert timedelta(days=2) < clock.moment - begun < timedelta(days=4)
        taker.status = 204
        assert retry_endpoint(context, actor=COMMAND, endpoint_id=added.endpoint_id) == 1
        assert deliver_due(context) == 1

    assert len(set(taker.ids)) == 1
    assert rows(context)[0]["delivered_at"] is not None


def test_who_answers_gone_is_told_nothing_more_until_revived(context: AppContext) -> None:
    with receiver(status=410) as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context, times=2)
        deliver_due(context)
        tell(context)
        assert deliver_due(context) == 0
        assert [row["last_error"] for row in rows(context)] == ["status 410"] * 2
        assert list_endpoints(context, actor=COMMAND)[0].disabled_at == context.now()
        taker.status = 200
        retry_endpoint(context, actor=COMMAND, endpoint_id=added.endpoint_id)
        assert deliver_due(context) == 2

    with context.store.reading() as connection:
        actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["add_webhook", "retire_webhook", "retry_webhook"]


def test_several_workers_send_each_message_once(context: AppContext) -> None:
    with receiver() as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context, times=40)
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
            tell(context, then_fail=True)
        assert deliver_due(context) == 0

    assert rows(context) == []


def test_nothing_is_sent_while_scoring_is_suspended(context: AppContext) -> None:
    with receiver() as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        tell(context)
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
        tell(context)
        background = Background(patient, every_seconds=0.01)
        background.start()
        assert slow.arrived.wait(20)
        assert quick.arrived.wait(20)
        tell(context)
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
