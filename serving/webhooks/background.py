"""The thread of a worker that delivers webhooks while the service runs."""

import asyncio
import threading

import structlog

from features.common.errors import StoreError
from serving.context import AppContext
from serving.webhooks.delivery import deliver_batch, endpoints_due

EVERY_SECONDS = 1.0
log = structlog.get_logger("vigie.webhooks")


class Background:
    """Looks at the outbox every second; a receiver that hangs delays nobody else.

    Start it once in each worker: workers share the outbox by claiming.
    """

    def __init__(self, context: AppContext, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._context = context
        self._every_seconds = every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self, *, patience_seconds: float = 15) -> None:
        """Claim nothing more and wait for what is under way; what is cut off is sent again."""
        self._stop.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        asyncio.run(self._loop())

    async def _loop(self) -> None:
        batches: dict[int, asyncio.Task[int]] = {}
        while not self._stop.is_set():
            for number in await self._due():
                if number not in batches or _ended(batches[number]):
                    batch = deliver_batch(self._context, endpoint_id=number)
                    batches[number] = asyncio.create_task(batch)
            await asyncio.to_thread(self._stop.wait, self._every_seconds)
        await asyncio.gather(*batches.values(), return_exceptions=True)

    async def _due(self) -> list[int]:
        try:
            return await asyncio.to_thread(endpoints_due, self._context)
        except StoreError as error:
            log.warning("webhooks_wait", reason=str(error))
        except Exception as error:  # a thread that dies would deliver nothing any more
            log.warning("webhooks_failed", kind=type(error).__name__)
        return []


def _ended(batch: "asyncio.Task[int]") -> bool:
    """Return whether a batch is over.

    One that failed is reported, and its messages are sent again.
    """
    if not batch.done():
        return False
    if (error := batch.exception()) is not None:
        log.warning("webhooks_failed", kind=type(error).__name__)
    return True
