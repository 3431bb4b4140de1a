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
Moment = datetime | None


class LastUses:
    """What this process wrote lately, so that a slow database gets one write and not a thousand."""

    def __init__(self) -> None:
        self._written: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def is_due(self, name: str, *, last: Moment, now: datetime) -> bool:
        """Return whether a use is worth writing; the next minute it will not be."""
        with self._lock:
            latest = max((at for at in (last, self._written.get(name)) if at), default=None)
            if latest is not None and now - latest < EVERY:
                return False
            if len(self._written) >= MANY:
                self._written.clear()
            self._written[name] = now
            return True


def store_last_use(
    request: Request, background: BackgroundTasks, name: str, *, last: Moment, write: Write
) -> None:
    """Write a use once the answer is sent; a database that refuses is no matter for the caller."""
    state = request.app.state
    if not hasattr(state, "last_uses"):
        state.last_uses = LastUses()
    context: AppContext = state.context
    if state.last_uses.is_due(name, last=last, now=context.now()):
        background.add_task(_write, context, write)


def _write(context: AppContext, write: Write) -> None:
    try:
        with context.store.writing() as connection:
            write(connection)
    except Exception:  # whatever it is, the caller has their answer
        structlog.get_logger().warning("last_use_not_written")
