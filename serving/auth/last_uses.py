"""When a key or session was last used: written at most once a minute, after the answer is sent."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from fastapi import BackgroundTasks, Request

from serving.context import AppContext
from serving.store.engine import Connection

EVERY = timedelta(minutes=1)
MANY = 10_000
Write = Callable[[Connection], None]


class LastUses:
    """What this process said lately, so that a slow database gets one write and not a thousand."""

    def __init__(self) -> None:
        self._said: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def is_due(self, name: str, *, kept: datetime | None, now: datetime) -> bool:
        """Return whether a use is worth writing; the next minute it will not be."""
        with self._lock:
            last = max((at for at in (kept, self._said.get(name)) if at), default=None)
            if last is not None and now - last < EVERY:
                return False
            if len(self._said) >= MANY:
                self._said.clear()
            self._said[name] = now
            return True


def keep_last_use(
    request: Request, background: BackgroundTasks, name: str, *, kept: datetime | None, write: Write
) -> None:
    """Write a use once the answer is sent; a database that refuses is no matter for the caller."""
    state = request.app.state
    if not hasattr(state, "last_uses"):
        state.last_uses = LastUses()
    context: AppContext = state.context
    if state.last_uses.is_due(name, kept=kept, now=context.now()):
        background.add_task(_write, context, write)


def _write(context: AppContext, write: Write) -> None:
    try:
        with context.store.writing() as connection:
            write(connection)
    except Exception:  # whatever it is, the caller has their answer
        structlog.get_logger().warning("last_use_not_written")
