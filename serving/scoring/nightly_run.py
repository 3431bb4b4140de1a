"""The nightly run: every open contract scored for tomorrow's morning, in chunks.

Each chunk is written whole or not at all; a run that was cut short goes on where it stopped.
"""

from collections.abc import Callable

from features.point_in_time.history import History
from serving.actors import Actor
from serving.context import AppContext
from serving.scoring.indexing import whole_history
from serving.scoring.rescoring import Chunk, ScoringRun, assess, is_current, write_chunk
from serving.store import audit, contract_summaries, history, rescores
from serving.store.audit import Action
from serving.store.rescores import RescoreRun

CHUNK = 2_000


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
    report_progress = progress or (lambda _done, _total: None)
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
            write_chunk(context, actor=actor, scoring_run=scoring_run, done=chunk_done, run=run)
            passed = 0
        report_progress(done, total)
    if passed:
        last_chunk = Chunk([], [], passed, last)
        write_chunk(context, actor=actor, scoring_run=scoring_run, done=last_chunk, run=run)
    return _finish(context, actor, run)


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
