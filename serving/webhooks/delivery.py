"""Delivering what waits in the outbox: claim, send, mark; each endpoint apart from the others."""

import asyncio
import random
from datetime import timedelta

from serving.context import AppContext
from serving.operations import webhooks as operations
from serving.store import outbox, suspensions
from serving.store.outbox import Message
from serving.webhooks.backoff import delay_after
from serving.webhooks.sending import Answer, send

AT_ONCE = 10  # messages on their way to one endpoint
# Beyond the time limit of sending: marking may have to wait for the database.
MARGIN = timedelta(seconds=30)


def deliver_due(context: AppContext) -> int:
    """Send everything that is due, each message once and return how many were sent.

    Raises StoreError when the database cannot be used.
    """
    return asyncio.run(_deliver_all(context))


def endpoints_due(context: AppContext) -> list[int]:
    """Endpoints with a message to send; none while scoring is suspended: they tell scores."""
    with context.store.reading() as connection:
        if suspensions.current(connection) is not None:
            return []
        return outbox.endpoints_due(connection, now=context.now())


async def deliver_batch(context: AppContext, *, endpoint_id: int) -> int:
    """Claim the messages longest due to one endpoint, send them together, mark each as it ends."""
    messages = await asyncio.to_thread(_claim, context, endpoint_id)
    await asyncio.gather(*(_deliver(context, message) for message in messages))
    return len(messages)


async def _deliver_all(context: AppContext) -> int:
    sent = 0
    while endpoints := await asyncio.to_thread(endpoints_due, context):
        batches = (deliver_batch(context, endpoint_id=number) for number in endpoints)
        claimed = sum(await asyncio.gather(*batches))
        if not claimed:  # others are at it
            break
        sent += claimed
    return sent


def _claim(context: AppContext, endpoint_id: int) -> list[Message]:
    lease = timedelta(seconds=context.settings.webhook_timeout_seconds) + MARGIN
    with context.store.writing() as connection:
        return outbox.claim(
            connection, endpoint_id=endpoint_id, now=context.now(), lease=lease, limit=AT_ONCE
        )


async def _deliver(context: AppContext, message: Message) -> None:
    answer = await send(message, settings=context.settings, now=context.now())
    await asyncio.to_thread(_mark, context, message, answer)


def _mark(context: AppContext, message: Message, answer: Answer) -> None:
    if answer.gone:
        operations.retire_endpoint(context, endpoint_id=message.endpoint_id)
        return
    wait = delay_after(message.attempts, draw=random.random())  # noqa: S311  # spreads retries
    now = context.now()
    with context.store.writing() as connection:
        if answer.error is None:
            outbox.mark_delivered(connection, message=message, now=now)
        elif wait is None:
            outbox.mark_dead(connection, message=message, error=answer.error, now=now)
        else:
            outbox.mark_failed(connection, message=message, error=answer.error, due_at=now + wait)
