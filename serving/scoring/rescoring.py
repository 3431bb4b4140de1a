"""Scoring every open contract for tomorrow's morning, in chunks, each written whole or not at all.

A contract that was assessed for that morning by this model, with the same records, is left alone;
so is one whose matrix row came out the same. A run that was cut short goes on where it stopped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from features.common.errors import BundleError, InputError
from features.point_in_time.history import History
from serving.actors import Actor
from serving.context import AppContext
from serving.predictor.scorer import Assessment
from serving.scoring.indexing import whole_history
from serving.scoring.scoring_run import ScoringRun, assess, is_current, write
from serving.store import audit, contract_summaries, history, rescores
from serving.store.audit import Action
from serving.store.contract_summaries import ContractSummary
from serving.store.rescores import RescoreRun

CHUNK = 2_000
FEW = 200


@dataclass(frozen=True)
class Chunk:
    """Contracts gone through since the last write, and the assessments of those that were due."""

    due: Sequence[ContractSummary]
    fresh: Sequence[Assessment]
    contracts: int
    last_contract_id: str


def rescore(
    context: AppContext,
    *,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    chunk: int = CHUNK,
) -> RescoreRun:
    """Score every open contract and return the finished run.

    `progress(done, total)` follows the work. Raises BundleError with no usable model, InputError
    while scoring is suspended, StoreError when the database fails: what was written stays, and the
    next run goes on from there.
    """
    tell = progress or (lambda _done, _total: None)
    scoring_run, run = _begin(context, actor)
    with context.store.reading() as connection:
        total = contract_summaries.count_open(connection, morning=scoring_run.as_of)
    last, done, passed = run.last_contract_id or "", run.contracts, 0
    known: History | None = None
    while True:
        with context.store.reading() as connection:
            page = contract_summaries.open_after(
                connection, last, morning=scoring_run.as_of, limit=chunk
            )
            due = [
                contract_summary
                for contract_summary in page
                if not is_current(contract_summary, scoring_run)
            ]
            if due and known is None:
                known = whole_history(connection, scoring_run.as_of)
            fresh = assess(connection, due, scoring_run, known) if due and known else []
        if not page:
            break
        last, done, passed = page[-1].contract_id, done + len(page), passed + len(page)
        if due:
            chunk_done = Chunk(due, fresh, passed, last)
            keep_chunk(context, actor=actor, scoring_run=scoring_run, done=chunk_done, run=run)
            passed = 0
        tell(done, total)
    if passed:
        last_chunk = Chunk([], [], passed, last)
        keep_chunk(context, actor=actor, scoring_run=scoring_run, done=last_chunk, run=run)
    return _finish(context, actor, run)


def rescore_contracts(context: AppContext, *, actor: Actor, contract_ids: Sequence[str]) -> int:
    """Assess some contracts for tomorrow's morning and return how many assessments are new.

    Assesses nothing, and answers 0, while scoring is suspended or no model is in service.
    """
    with context.store.reading() as connection:
        try:
            scoring_run = ScoringRun.of(connection, context)
        except (BundleError, InputError):
            return 0
        due = contract_summaries.of_ids(connection, contract_ids)
        # What crosses contracts is read for these few alone, or once for all when they are many.
        known = whole_history(connection, scoring_run.as_of) if len(due) > FEW else None
        fresh = assess(connection, due, scoring_run, known)
    done = Chunk(due, fresh, len(due), contract_ids[-1])
    return keep_chunk(context, actor=actor, scoring_run=scoring_run, done=done)


def keep_chunk(
    context: AppContext,
    *,
    actor: Actor,
    scoring_run: ScoringRun,
    done: Chunk,
    run: RescoreRun | None = None,
) -> int:
    """Keep the assessments of a chunk and return how many are new.

    Those whose records changed meanwhile are left alone: whoever changed them has assessed them
    again already, and knew more.
    """
    with context.store.writing() as connection:
        now_seq = contract_summaries.lock(
            connection, [contract_summary.contract_id for contract_summary in done.due]
        )
        still = [
            (contract_summary, assessment)
            for contract_summary, assessment in zip(done.due, done.fresh, strict=True)
            if now_seq.get(contract_summary.contract_id) == contract_summary.records_seq
        ]
        scored = write(connection, context, scoring_run, still)
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
            at=context.now(),
            actor=actor.name,
            action=Action.RESCORE_CHUNK,
            subject=None if run is None else f"rescore:{run.id}",
            details={"contracts": done.contracts, "scored": scored},
        )
        return scored


def _begin(context: AppContext, actor: Actor) -> tuple[ScoringRun, RescoreRun]:
    with context.store.writing() as connection:
        scoring_run = ScoringRun.of(connection, context)
        version = scoring_run.scorer.bundle.version
        run = rescores.unfinished(connection, as_of=scoring_run.as_of, model_version=version)
        if run is None:
            history.compact(connection)
            run = rescores.begin(
                connection, as_of=scoring_run.as_of, model_version=version, now=context.now()
            )
            audit.write(
                connection,
                at=context.now(),
                actor=actor.name,
                action=Action.BEGIN_RESCORE,
                subject=f"rescore:{run.id}",
                details={"as_of": scoring_run.as_of.isoformat(), "model_version": version},
            )
        return scoring_run, run


def _finish(context: AppContext, actor: Actor, run: RescoreRun) -> RescoreRun:
    with context.store.writing() as connection:
        run = rescores.finish(connection, run.id, now=context.now())
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.FINISH_RESCORE,
            subject=f"rescore:{run.id}",
            details={"contracts": run.contracts, "scored": run.scored},
        )
        return run
