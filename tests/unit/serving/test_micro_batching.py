"""Cases that wait together: how many go at once, and what becomes of those nobody waits for."""

import asyncio
import gc
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from features.common.errors import StoreError
from serving.actors import Actor, Scope
from serving.context import AppContext
from serving.predictor.scorer import Assessment
from serving.scoring.micro_batching import MOST_AT_ONCE, ScoringQueue
from serving.store import audit
from tests.lib.contexts import TODAY, Clock, contract, event, interview, submitted_case

MACHINE = Actor("key:test", scopes=frozenset({Scope.SCORE}))
CASE = submitted_case(contract(), [interview()], [event()], as_of=TODAY + timedelta(days=1))

Results = list[Any]


class Ticking(Clock):
    """A clock that is a second later each time it is read."""

    def __call__(self) -> Any:
        self.move(seconds=1)
        return self.moment


def with_queue(
    context: AppContext, work: Callable[[ScoringQueue], Awaitable[Results]]
) -> tuple[Results, list[str]]:
    """Return what some work at a queue returns, and what the event loop complains of afterwards."""
    complaints: list[str] = []

    async def run() -> Results:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context["message"]))
        queue = ScoringQueue(context)
        found = await work(queue)
        await asyncio.to_thread(queue.close)
        return found

    found = asyncio.run(run())
    gc.collect()  # a task that failed unheard says so when it is thrown away
    return found, complaints


def asked(queue: ScoringQueue, number: int) -> "list[asyncio.Task[Any]]":
    return [asyncio.create_task(queue.score(CASE, actor=MACHINE)) for _ in range(number)]


async def left(queue: ScoringQueue, number: int) -> None:
    """Callers who hang up once their cases wait."""
    tasks = asked(queue, number)
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in found)


def sizes(context: AppContext) -> list[int]:
    """Lines of audit of each moment, in order."""
    with context.store.reading() as connection:
        lines = audit.search(connection, actor=MACHINE.name, limit=1000)
        return [number for _, number in sorted(Counter(line.at for line in lines).items())]


def drop(context: AppContext, table: str) -> None:
    with context.store.writing() as connection:
        connection.execute(text(f"DROP TABLE {table}"))


def test_a_flood_goes_in_passes_of_bounded_size_and_each_is_answered(context: AppContext) -> None:
    async def flood(queue: ScoringQueue) -> Results:
        return await asyncio.gather(*asked(queue, 2 * MOST_AT_ONCE + 3))

    found, complaints = with_queue(replace(context, now=Ticking()), flood)
    assert [type(result) for result in found] == [Assessment] * (2 * MOST_AT_ONCE + 3)
    assert sizes(context) == [MOST_AT_ONCE, MOST_AT_ONCE, 3]
    assert complaints == []


def test_an_audit_that_fails_is_reported_to_each_who_waits(context: AppContext) -> None:
    drop(context, "audit")

    async def ask(queue: ScoringQueue) -> Results:
        first = await asyncio.gather(*asked(queue, 3), return_exceptions=True)
        return first + await asyncio.gather(*asked(queue, 2), return_exceptions=True)

    found, complaints = with_queue(context, ask)
    assert [type(result) for result in found] == [StoreError] * 5
    assert complaints == []


def test_who_hangs_up_takes_nobody_with_them(context: AppContext) -> None:
    async def ask(queue: ScoringQueue) -> Results:
        stays = asked(queue, 1)
        await left(queue, 2)
        return await asyncio.gather(*stays, *asked(queue, 1))

    found, complaints = with_queue(context, ask)
    assert [type(result) for result in found] == [Assessment] * 2
    assert sum(sizes(context)) == 4
    assert complaints == []


def test_a_failure_that_nobody_waits_for_any_more_is_no_complaint(context: AppContext) -> None:
    drop(context, "audit")

    async def ask(queue: ScoringQueue) -> Results:
        await left(queue, 3)
        return []

    assert with_queue(context, ask) == ([], [])
