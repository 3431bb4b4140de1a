"""Scoring cases that are sent and not stored: the audit says that it was done, and nothing else.

No score is answered before its line of audit is committed. Cases that wait together are audited in
one transaction and scored in one pass, either of which costs nearly the same for one as for ten.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from serving.actors import Actor
from serving.context import AppContext
from serving.predictor.scorer import Assessment
from serving.scoring.submitted import SubmittedCase, score_each
from serving.store import audit, suspensions
from serving.store.audit import Action
from serving.store.engine import Connection
from serving.store.suspensions import Suspension

MOST_AT_ONCE = 64  # cases of one pass, which all wait for its end


@dataclass(frozen=True)
class Unscored:
    """No case is scored now: scoring is suspended, for a reason an administrator gave."""

    because: str


Result = Assessment | Unscored
Results = Sequence[Result | Exception]
Score = Callable[[Sequence[SubmittedCase]], Results]
Waiting = list[tuple[Actor, SubmittedCase]]


class ScoringQueue:
    """Scores what one process is sent in one thread: what came meanwhile goes together next."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scoring")
        self._waiting: Waiting = []
        self._served: asyncio.Task[Results] | None = None  # what waits, once done
        self._lock = threading.Lock()

    async def score(self, case: SubmittedCase, *, actor: Actor) -> Result:
        """Score a case, for an actor who may; raises as `serving.scoring.submitted.score_cases`.

        Raises StoreError too when the audit cannot be written.
        """
        with self._lock:
            if self._served is None or len(self._waiting) == MOST_AT_ONCE:
                self._waiting = []
                self._served = asyncio.create_task(self._serve_next(self._waiting))
            served, place = self._served, len(self._waiting)
            self._waiting.append((actor, case))
        result = (await asyncio.shield(served))[place]  # the others wait for it too
        if isinstance(result, Exception):
            raise result
        return result

    def close(self) -> None:
        """Stop, once all is answered."""
        self._thread.shutdown()

    async def _serve_next(self, waiting: Waiting) -> Results:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)  # a turn of the loop: requests that are here already are read first
        try:
            return await loop.run_in_executor(self._thread, self._serve, waiting)
        except Exception as error:  # told to each: the task itself must not fail, all may be gone
            return [error] * len(waiting)

    def _serve(self, waiting: Waiting) -> Results:
        with self._lock:
            if waiting is self._waiting:  # who comes now is of the next pass
                self._waiting, self._served = [], None
        with self._context.store.writing() as connection:
            suspension = _audited(connection, self._context, [who for who, _ in waiting], cases=1)
        return _results(self._context, suspension, [case for _, case in waiting])


def score_cases(context: AppContext, *, actor: Actor, cases: int) -> Score:
    """A function that scores some at a time, once the audit holds that `cases` are going to be.

    It answers the score of each case, or why it has none. Raises StoreError when the database does
    not answer: what is not audited is not scored.
    """
    with context.store.writing() as connection:
        suspension = _audited(connection, context, [actor], cases=cases)
    return partial(_results, context, suspension)


def _results(
    context: AppContext, suspension: Suspension | None, cases: Sequence[SubmittedCase]
) -> Results:
    if suspension is not None:
        return [Unscored(suspension.why) for _ in cases]
    return score_each(context, cases)


def _audited(
    connection: Connection, context: AppContext, actors: Sequence[Actor], *, cases: int
) -> Suspension | None:
    suspension = suspensions.current(connection)
    details = {"cases": cases, "suspended": suspension is not None}
    audit.write_all(
        connection,
        at=context.now(),
        actors=[actor.name for actor in actors],
        action=Action.SCORE_CASE,
        details=details,
    )
    return suspension
