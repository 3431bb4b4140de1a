"""Scoring every open contract for tomorrow's morning, in chunks, each written whole or not at all.

A contract that was assessed for that morning by this model, with the same records, is left alone;
so is one whose matrix row came out the same. A run that was cut short goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from features.common.errors import BundleError, InputError
from features.point_in_time.history import History
from serving.actors import Actor
from serving.context import House
from serving.predictor.scorer import Assessment
from serving.scoring.scoring_run import Morning, assess, is_current, whole_history, write
from serving.store import audit, history, rescores, standings
from serving.store.rescores import RescoreRun
from serving.store.standings import Standing

CHUNK = 2_000


@dataclass(frozen=True)
class Chunk:
    """Contracts gone through since the last write, and the assessments of those that were due."""

    due: Sequence[Standing]
    fresh: Sequence[Assessment]
    contracts: int
    last_contract_id: str


def rescore(
    house: House,
    *,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    chunk: int = CHUNK,
) -> RescoreRun:
    """Score every open contract; answers the finished run.

    `progress(done, total)` follows the work. Raises BundleError with no usable model, InputError
    while scoring is suspended, StoreError when the database fails: what was written stays, and the
    next run goes on from there.
    """
    tell = progress or (lambda _done, _total: None)
    morning, run = _begin(house, actor)
    with house.store.reading() as connection:
        total = standings.count_open(connection, morning=morning.as_of)
    last, done, passed = run.last_contract_id or "", run.contracts, 0
    known: History | None = None
    while True:
        with house.store.reading() as connection:
            page = standings.open_after(connection, last, morning=morning.as_of, limit=chunk)
            due = [standing for standing in page if not is_current(standing, morning)]
            if due and known is None:
                known = whole_history(connection, morning.as_of)
            fresh = assess(connection, due, morning, known) if due and known else []
        if not page:
            break
        last, done, passed = page[-1].contract_id, done + len(page), passed + len(page)
        if due:
            chunk_done = Chunk(due, fresh, passed, last)
            keep_chunk(house, actor=actor, morning=morning, done=chunk_done, run=run)
            passed = 0
        tell(done, total)
    if passed:
        last_chunk = Chunk([], [], passed, last)
        keep_chunk(house, actor=actor, morning=morning, done=last_chunk, run=run)
    return _finish(house, actor, run)


def rescore_contracts(house: House, *, actor: Actor, contract_ids: Sequence[str]) -> int:
    """Assess some contracts for tomorrow's morning; answers how many assessments are new.

    Assesses nothing, and answers 0, while scoring is suspended or no model is in service.
    """
    with house.store.reading() as connection:
        try:
            morning = Morning.of(connection, house)
        except (BundleError, InputError):
            return 0
        due = standings.of_ids(connection, contract_ids)
        known = whole_history(connection, morning.as_of)
        fresh = assess(connection, due, morning, known)
    done = Chunk(due, fresh, len(due), contract_ids[-1])
    return keep_chunk(house, actor=actor, morning=morning, done=done)


def keep_chunk(
    house: House,
    *,
    actor: Actor,
    morning: Morning,
    done: Chunk,
    run: RescoreRun | None = None,
) -> int:
    """Keep the assessments of a chunk; answers how many are new.

    Those whose records changed meanwhile are left alone: whoever changed them has assessed them
    again already, and knew more.
    """
    with house.store.writing() as connection:
        now_seq = standings.lock(connection, [standing.contract_id for standing in done.due])
        still = [
            (standing, assessment)
            for standing, assessment in zip(done.due, done.fresh, strict=True)
            if now_seq.get(standing.contract_id) == standing.records_seq
        ]
        scored = write(connection, house, morning, still)
        if run is not None:
            rescores.advance(
                connection,
                run.id,
                last_contract_id=done.last_contract_id,
                scored=scored,
                unchanged=done.contracts - scored,
            )
        audit.write(
            connection,
            at=house.now(),
            actor=actor.name,
            action="rescore_chunk",
            subject=None if run is None else f"rescore:{run.id}",
            details={"contracts": done.contracts, "scored": scored},
        )
        return scored


def _begin(house: House, actor: Actor) -> tuple[Morning, RescoreRun]:
    with house.store.writing() as connection:
        morning = Morning.of(connection, house)
        version = morning.scorer.bundle.version
        run = rescores.unfinished(connection, as_of=morning.as_of, model_version=version)
        if run is None:
            history.compact(connection)
            run = rescores.begin(
                connection, as_of=morning.as_of, model_version=version, now=house.now()
            )
            audit.write(
                connection,
                at=house.now(),
                actor=actor.name,
                action="begin_rescore",
                subject=f"rescore:{run.id}",
                details={"as_of": morning.as_of.isoformat(), "model_version": version},
            )
        return morning, run


def _finish(house: House, actor: Actor, run: RescoreRun) -> RescoreRun:
    with house.store.writing() as connection:
        run = rescores.finish(connection, run.id, now=house.now())
        audit.write(
            connection,
            at=house.now(),
            actor=actor.name,
            action="finish_rescore",
            subject=f"rescore:{run.id}",
            details={"contracts": run.contracts, "scored": run.scored},
        )
        return run
