"""Where a request does what only reads a little: on the event loop, unless that could hang."""

from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from serving.store.engine import Store

T = TypeVar("T")


async def run_inline_if_local(store: Store, work: Callable[[], T]) -> T:
    """Return what `work` answers, which takes milliseconds and only reads the store.

    A reader of SQLite (WAL) waits for no writer, and handing so little to a thread and back costs
    more than doing it here. A server may not answer: it is waited for in a thread, so that other
    requests are answered meanwhile. Work that writes waits for a lock: never give it here.
    """
    return work() if store.is_sqlite else await run_in_threadpool(work)
