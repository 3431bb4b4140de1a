"""Assessing many contracts for one morning: what they share, which are due, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.common.errors import InputError
from features.point_in_time.history import History
from serving.context import AppContext
from serving.predictor.scorer import Assessment, Scorer
from serving.scoring.assessment_writer import Fresh, previous_of, write_assessments
from serving.scoring.stored import assess_stored
from serving.store import records, suspensions
from serving.store.contract_summaries import ContractSummary
from serving.store.engine import Connection


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
