"""Delivering what waits in the outbox: claim, send, mark; each endpoint apart from the others."""

import asyncio
import random
from datetime import timedelta

from serving.context import House
from serving.operations import webhooks as operations
from serving.store import outbox, suspensions
from serving.store.outbox import Message
from serving.webhooks.backoff import delay_after
from serving.webhooks.sending import Answer, send

AT_ONCE = 10  # messages on their way to one endpoint
# Beyond the time limit of sending: marking may have to wait for the database.
MARGIN = timedelta(seconds=30)


def deliver_due(house: House) -> int:
    """Send everything that is due, each message once; answers how many were sent.

    Raises StoreError when the database cannot be used.
    """
    return asyncio.run(_deliver_all(house))


def endpoints_due(house: House) -> list[int]:
    """Endpoints with a message to send; none while scoring is suspended: they tell scores."""
    with house.store.reading() as connection:
        if suspensions.current(connection) is not None:
            return []
        return outbox.endpoints_due(connection, now=house.now())


async def deliver_batch(house: House, *, endpoint_id: int) -> int:
    """Claim the messages longest due to one endpoint, send them together, mark each as it ends."""
    messages = await asyncio.to_thread(_claim, house, endpoint_id)
    await asyncio.gather(*(_deliver(house, message) for message in messages))
    return len(messages)


async def _deliver_all(house: House) -> int:
    sent = 0
    while endpoints := await asyncio.to_thread(endpoints_due, house):
        batches = (deliver_batch(house, endpoint_id=number) for number in endpoints)
        claimed = sum(await asyncio.gather(*batches))
        if not claimed:  # others are at it
            break
        sent += claimed
    return sent


def _claim(house: House, endpoint_id: int) -> list[Message]:
    lease = timedelta(seconds=house.settings.webhook_timeout_seconds) + MARGIN
    with house.store.writing() as connection:
        return outbox.claim(
            connection, endpoint_id=endpoint_id, now=house.now(), lease=lease, limit=AT_ONCE
        )


async def _deliver(house: House, message: Message) -> None:
    answer = await send(message, settings=house.settings, now=house.now())
    await asyncio.to_thread(_mark, house, message, answer)


def _mark(house: House, message: Message, answer: Answer) -> None:
    if answer.gone:
        operations.retire_endpoint(house, endpoint_id=message.endpoint_id)
        return
    wait = delay_after(message.attempts, draw=random.random())  # noqa: S311  # spreads retries
    now = house.now()
    with house.store.writing() as connection:
        if answer.error is None:
            outbox.mark_delivered(connection, message=message, now=now)
        elif wait is None:
            outbox.mark_dead(connection, message=message, error=answer.error, now=now)
        else:
            outbox.mark_failed(connection, message=message, error=answer.error, due_at=now + wait)
