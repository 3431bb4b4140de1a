"""Sending one message: signed, to an address that was judged, within a limit of time."""

import asyncio
import json
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import httpx
from standardwebhooks import Webhook

from features.common.errors import InputError
from serving.operations.webhook_addresses import resolve
from serving.settings import Settings
from serving.store.outbox import Message

GONE = 410


@dataclass(frozen=True)
class Answer:
    """How a receiver took a message: `error` is None when it did, else one word or two."""

    error: str | None
    gone: bool = False


def body_of(message: Message) -> str:
    """Return the message as it travels: the same text at each attempt."""
    envelope = {
        "type": message.topic,
        "timestamp": message.created_at.isoformat(),
        "data": message.payload,
    }
    return json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def headers_of(message: Message, *, body: str, now: datetime) -> dict[str, str]:
    """Id, moment and signature (Standard Webhooks specification 1.0.0)."""
    now = now.astimezone(UTC)
    signature = Webhook(message.secret).sign(message.message_id, now, body)
    return {
        "content-type": "application/json",
        "user-agent": "vigie-webhooks/1",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


async def send(message: Message, *, settings: Settings, now: datetime) -> Answer:
    """Post a message once. No redirect is followed, and what the receiver writes back is not read.

    Never raises for what a receiver or the network does: the answer says what went wrong.
    """
    certificates()
    try:
        # For the whole: httpx's own limit begins anew with each byte that comes.
        async with asyncio.timeout(settings.webhook_timeout_seconds):
            status = await _post(message, settings=settings, now=now)
    except TimeoutError:
        return Answer("no answer in time")
    except InputError as error:
        return Answer(str(error))
    except httpx.HTTPError as error:
        return Answer(f"no answer: {type(error).__name__}")
    return Answer(None if 200 <= status < 300 else f"status {status}", gone=status == GONE)


async def _post(message: Message, *, settings: Settings, now: datetime) -> int:
    target = await resolve(message.url, allow_private=settings.webhook_allow_private)
    body = body_of(message)
    headers = {**headers_of(message, body=body, now=now), "host": target.header}
    # `trust_env`: a proxy of the environment would resolve the name again, by itself.
    client = httpx.AsyncClient(
        verify=certificates(),
        timeout=settings.webhook_timeout_seconds,
        follow_redirects=False,
        trust_env=False,
    )
    async with client:
        request = client.build_request(
            "POST",
            target.url,
            content=body.encode(),
            headers=headers,
            extensions={"sni_hostname": target.host},
        )
        response = await client.send(request, stream=True)
        await response.aclose()
        return response.status_code


@cache
def certificates() -> ssl.SSLContext:
    """Whom to trust, read once: it takes longer than a message does."""
    return httpx.create_ssl_context()
