"""Scoring cases that are sent and not kept: the audit says that it was done, and nothing else.

No score is answered before its line of audit is committed. Lines of cases scored at about the same
time are committed together: a transaction costs a good part of a score.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial

from serving.actors import Actor
from serving.house import House
from serving.live import score_case as score_live
from serving.promptly import promptly
from serving.scoring import Assessment
from serving.store import audit, suspensions
from serving.store.engine import Connection
from serving.store.records import Row
from serving.store.suspensions import Suspension

# Less than a score takes, and enough for the cases that are waiting to join the transaction.
LINGER_SECONDS = 0.001


@dataclass(frozen=True)
class Unscored:
    """Why no case is scored now."""

    why: str


Score = Callable[[Row, Sequence[Row], Sequence[Row], date], Assessment | Unscored]
Written = asyncio.Task[Suspension | None]


class AuditLines:
    """The lines of audit of one process: one thread writes all that wait, in one transaction."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="audit")
        self._waiting: list[Actor] = []
        self._written: Written | None = None  # the write that takes what waits
        self._lock = threading.Lock()

    async def add(self, actor: Actor) -> Suspension | None:
        """Write that an actor had a case scored; answers, once committed, the suspension.

        Raises StoreError when the database does not answer.
        """
        with self._lock:
            if self._written is None:
                self._written = asyncio.create_task(self._write_soon())
            written = self._written
            self._waiting.append(actor)
        return await asyncio.shield(written)  # the others wait for it too

    def close(self) -> None:
        """Stop, once all is written."""
        self._writer.shutdown()

    async def _write_soon(self) -> Suspension | None:
        await asyncio.sleep(LINGER_SECONDS)
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write)

    def _write(self) -> Suspension | None:
        with self._lock:
            actors, self._waiting, self._written = self._waiting, [], None
        with self._house.store.writing() as connection:
            return _audited(connection, self._house, actors, cases=1)


async def score_case(
    house: House,
    *,
    actor: Actor,
    lines: AuditLines,
    contract: Row,
    interviews: Sequence[Row],
    events: Sequence[Row],
    as_of: date,
) -> Assessment | Unscored:
    """Score one case; raises as `serving.live.score_case`, and StoreError without audit."""
    score = partial(
        score_live, house, contract=contract, interviews=interviews, events=events, as_of=as_of
    )
    try:
        assessment = await promptly(house.store, score)
    finally:
        suspension = await lines.add(actor)
    return assessment if suspension is None else _suspended(suspension)


def score_cases(house: House, *, actor: Actor, cases: int) -> Score:
    """A function that scores, once the audit holds that `cases` are going to be.

    Raises StoreError when the database does not answer: what is not audited is not scored.
    """
    with house.store.writing() as connection:
        suspension = _audited(connection, house, [actor], cases=cases)

    def score(
        contract: Row, interviews: Sequence[Row], events: Sequence[Row], as_of: date
    ) -> Assessment | Unscored:
        if suspension is not None:
            return _suspended(suspension)
        return score_live(
            house, contract=contract, interviews=interviews, events=events, as_of=as_of
        )

    return score


def _suspended(suspension: Suspension) -> Unscored:
    return Unscored(suspension.told)


def _audited(
    connection: Connection, house: House, actors: Sequence[Actor], *, cases: int
) -> Suspension | None:
    suspension = suspensions.current(connection)
    details = {"cases": cases, "suspended": suspension is not None}
    audit.write_all(
        connection,
        at=house.now(),
        actors=[actor.name for actor in actors],
        action="score_case",
        details=details,
    )
    return suspension
