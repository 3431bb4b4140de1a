"""Rescoring stored contracts for tomorrow's morning: a few after a change, or a chunk of the night.

A contract that was assessed for that morning by this model, with the same records, is left alone;
so is one whose matrix row came out the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.common.errors import BundleError, InputError
from features.point_in_time.history import History
from serving.actors import Actor
from serving.context import AppContext
from serving.predictor.scorer import Assessment, Scorer
from serving.scoring.assessment_writer import Fresh, previous_of, write_assessments
from serving.scoring.indexing import whole_history
from serving.scoring.stored_contracts import assess_stored
from serving.store import audit, contract_summaries, records, rescores, suspensions
from serving.store.audit import Action
from serving.store.contract_summaries import ContractSummary
from serving.store.engine import Connection
from serving.store.rescores import RescoreRun

FEW = 200


@dataclass(frozen=True)
class ScoringRun:
    """What all contracts of a run share."""

    scorer: Scorer
    as_of: date
    history_seq: int

    @classmethod
    def of(cls, connection: Connection, context: AppContext) -> "ScoringRun":
        """Tomorrow's. Raises BundleError with no usable model, InputError while suspended."""
        if suspensions.current(connection) is not None:
            raise InputError("rescore: expected scoring to be allowed, got a suspension; lift it")
        seq = records.history_seq(connection)
        return cls(context.model.current(), context.next_morning, seq)


@dataclass(frozen=True)
class Chunk:
    """Contracts gone through since the last write, and the assessments of those that were due."""

    due: Sequence[ContractSummary]
    fresh: Sequence[Assessment]
    contracts: int
    last_contract_id: str


def rescore_contracts(context: AppContext, *, actor: Actor, contract_ids: Sequence[str]) -> int:
    """Assess some contracts for tomorrow's morning and return how many assessments are new.

    Assesses nothing, and returns 0, while scoring is suspended or no model is in service.
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
    return write_chunk(context, actor=actor, scoring_run=scoring_run, done=done)


def is_current(contract_summary: ContractSummary, scoring_run: ScoringRun) -> bool:
    """Return whether the last assessment has seen all there is to see."""
    return (
        contract_summary.as_of == scoring_run.as_of
        and contract_summary.model_version == scoring_run.scorer.bundle.version
        and contract_summary.scored_seq == contract_summary.records_seq
        and contract_summary.history_seq == scoring_run.history_seq
    )


def assess(
    connection: Connection,
    due: Sequence[ContractSummary],
    scoring_run: ScoringRun,
    known: History | None,
) -> list[Assessment]:
    """Assessments of contracts from what the store holds of them, in their order."""
    ids = [contract_summary.contract_id for contract_summary in due]
    return assess_stored(
        connection,
        records.versions(connection, ids),
        scorer=scoring_run.scorer,
        contract_ids=ids,
        as_of=scoring_run.as_of,
        known=known,
        not_transmitted={
            one.contract_id: one.not_transmitted_since
            for one in due
            if one.not_transmitted_since is not None
        },
    )


def write_chunk(
    context: AppContext,
    *,
    actor: Actor,
    scoring_run: ScoringRun,
    done: Chunk,
    run: RescoreRun | None = None,
) -> int:
    """Write the assessments of a chunk and return how many are new.

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


def write(
    connection: Connection,
    context: AppContext,
    scoring_run: ScoringRun,
    still: Sequence[tuple[ContractSummary, Assessment]],
) -> int:
    """Store what is new and return how many assessments were."""
    before = previous_of(connection, [summary for summary, _ in still])
    fresh = [
        Fresh(
            assessment,
            before.get(summary.contract_id),
            records_seq=summary.records_seq,
            history_seq=scoring_run.history_seq,
        )
        for summary, assessment in still
    ]
    stored = write_assessments(connection, context, scorer=scoring_run.scorer, fresh=fresh)
    return sum(one is not None for one in stored)
