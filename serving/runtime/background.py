"""What a worker does beside answering: it follows the promoted bundle and delivers webhooks."""

import asyncio
from types import TracebackType
from typing import Self

import structlog

from features.common.errors import BundleError
from serving.context import AppContext
from serving.operations.models import keep_model_served
from serving.runtime.upload_folders import remove_left_folders
from serving.webhooks.background import Background as Webhooks

EVERY_SECONDS = 2.0
log = structlog.get_logger("vigie.background")


class Background:
    """Runs while the service serves: `async with Background(context): ...`."""

    def __init__(self, context: AppContext, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._context = context
        self._every_seconds = every_seconds
        self._webhooks = Webhooks(context)
        self._watch: asyncio.Task[None] | None = None
        self._recorded_version: str | None = None  # the last version written down as served

    async def __aenter__(self) -> Self:
        """Load the model, so that the first request does not wait for it, and begin."""
        await asyncio.to_thread(self._refresh)
        await asyncio.to_thread(remove_left_folders)
        self._watch = asyncio.create_task(self._follow())
        self._webhooks.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trail: TracebackType | None,
    ) -> None:
        """Stop, let what is under way end, and give the connections back."""
        if self._watch is not None:
            self._watch.cancel()
        await asyncio.to_thread(self._webhooks.stop)
        await asyncio.to_thread(self._context.close)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            await asyncio.to_thread(self._refresh)

    def _refresh(self) -> None:
        """Look at the promoted bundle; whatever is wrong with it, the watch goes on."""
        before = self._context.model.refusal
        try:
            replaced = self._context.model.refresh()
        except Exception as error:  # a watch that dies would never see the next one
            log.warning("model_refresh_failed", error=type(error).__name__)
            return
        if replaced:
            log.info("model_in_service", version=self._context.model.current().bundle.version)
        elif self._context.model.refusal != before:
            log.warning("model_refused", reason=self._context.model.refusal)
        self._keep_version()

    def _keep_version(self) -> None:
        """Write down which version serves; a store that does not answer is asked again later."""
        try:
            version = self._context.model.current().bundle.version
            if version != self._recorded_version:
                keep_model_served(self._context)
                self._recorded_version = version
        except BundleError:
            return  # nothing serves, which the readiness probe tells
        except Exception as error:  # serving goes on: the next look tries again
            log.warning("model_served_not_kept", error=type(error).__name__)
