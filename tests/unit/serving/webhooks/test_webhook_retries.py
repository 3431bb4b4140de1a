"""Webhooks arrive at least once, whatever the receivers do."""

import socket
from datetime import timedelta

import pytest
from sqlalchemy import select

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations.webhooks import add_endpoint, list_endpoints, retry_endpoint
from serving.store.tables import audit
from serving.webhooks.backoff import MOST_ATTEMPTS
from serving.webhooks.delivery import deliver_due
from tests.lib.contexts import Clock
from tests.lib.outbox import enqueue, rows
from tests.lib.receivers import hangs_up, receiver


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_what_is_not_taken_is_sent_again_later_under_the_same_id(
    context: AppContext, clock: Clock, status: int
) -> None:
    with receiver(status=status) as taker:
        add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
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
        enqueue(context)
        deliver_due(context)

    [row] = rows(context)
    assert row["last_error"] == "no answer in time"
    assert row["due_at"] > context.now()


def test_a_receiver_that_hangs_up_is_tried_again(context: AppContext) -> None:
    with hangs_up() as url:
        add_endpoint(context, actor=COMMAND, url=url)
        enqueue(context)
        deliver_due(context)

    [row] = rows(context)
    # Whether the bytes or the answer were lost depends on who was quicker.
    assert row["last_error"] in {"no answer: ReadError", "no answer: RemoteProtocolError"}
    assert row["due_at"] > context.now()


def test_nobody_listens_there(context: AppContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
    add_endpoint(context, actor=COMMAND, url=url)
    enqueue(context)
    deliver_due(context)

    assert rows(context)[0]["last_error"] == "no answer: ConnectError"


def test_after_about_three_days_a_message_is_given_up_and_can_be_revived(
    context: AppContext, clock: Clock
) -> None:
    begun = clock.moment
    with receiver(status=500) as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context)
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


def test_who_answers_gone_gets_nothing_more_until_revived(context: AppContext) -> None:
    with receiver(status=410) as taker:
        added = add_endpoint(context, actor=COMMAND, url=taker.url)
        enqueue(context, times=2)
        deliver_due(context)
        enqueue(context)
        assert deliver_due(context) == 0
        assert [row["last_error"] for row in rows(context)] == ["status 410"] * 2
        assert list_endpoints(context, actor=COMMAND)[0].disabled_at == context.now()
        taker.status = 200
        retry_endpoint(context, actor=COMMAND, endpoint_id=added.endpoint_id)
        assert deliver_due(context) == 2

    with context.store.reading() as connection:
        actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["add_webhook", "retire_webhook", "retry_webhook"]
