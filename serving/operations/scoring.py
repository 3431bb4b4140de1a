"""Scoring cases that are sent and not kept: the audit says that it was done, and nothing else.

No score is answered before its line of audit is committed. Lines of requests under way together are
committed together, while the cases are scored: waiting for the disk costs more than a score.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from serving.actors import Actor
from serving.house import House
from serving.live import score_case as score_live
from serving.scoring import Assessment
from serving.store import audit, suspensions
from serving.store.engine import Connection
from serving.store.records import Row
from serving.store.suspensions import Suspension

# Less than a score takes, so that it delays none, and enough for others to join the transaction.
LINGER_SECONDS = 0.002


@dataclass(frozen=True)
class Unscored:
    """Why no case is scored now."""

    why: str


Score = Callable[[Row, Sequence[Row], Sequence[Row], date], Assessment | Unscored]
Told = Future[Suspension | None]


class AuditLines:
    """The lines of audit of one process: one thread writes all that wait, in one transaction."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="audit")
        self._waiting: list[tuple[Actor, Told]] = []
        self._lock = threading.Lock()
        self._pause = threading.Event()  # set once closing: nothing is waited for any more

    def add(self, actor: Actor) -> Told:
        """Write that an actor has a case scored; answers, once committed, the suspension."""
        told: Told = Future()
        with self._lock:
            self._waiting.append((actor, told))
            is_first = len(self._waiting) == 1
        if is_first:
            self._writer.submit(self._write)
        return told

    def close(self) -> None:
        """Write what waits and stop."""
        self._pause.set()
        self._writer.shutdown()

    def _write(self) -> None:
        self._pause.wait(LINGER_SECONDS)
        with self._lock:
            waiting, self._waiting = self._waiting, []
        try:
            with self._house.store.writing() as connection:
                actors = [actor for actor, _ in waiting]
                suspension = _audited(connection, self._house, actors, cases=1)
        except BaseException as error:  # whoever waits must be told
            for _, told in waiting:
                told.set_exception(error)
        else:
            for _, told in waiting:
                told.set_result(suspension)


def score_case(
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
    told = lines.add(actor)
    try:
        assessment = score_live(
            house, contract=contract, interviews=interviews, events=events, as_of=as_of
        )
    finally:
        suspension = told.result()
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
