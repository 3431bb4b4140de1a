"""Assessing many contracts for one morning: what they share, what is read, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.common.errors import InputError
from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from serving.context import AppContext
from serving.predictor.scorer import Assessment, Scorer
from serving.scoring.stored import (
    ENDED,
    day_of,
    is_same,
    known_history,
    level_change,
    score_row,
    stored_row,
    without_score,
)
from serving.store import assessments, contract_summaries, history, records, suspensions
from serving.store.contract_summaries import ContractSummary
from serving.store.engine import Connection
from serving.store.outbox import LEVEL_CHANGED, enqueue


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


def whole_history(connection: Connection, as_of: date) -> History:
    """Return what crosses contracts, of every entity, as it was known that morning."""
    return known_history(history.all_sums_before(connection, day=day_of(as_of)), as_of)


def assess(
    connection: Connection, due: Sequence[ContractSummary], scoring_run: ScoringRun, known: History
) -> list[Assessment]:
    """Assessments of contracts from what the store holds of them, in their order."""
    ids = [contract_summary.contract_id for contract_summary in due]
    columns = {
        record_type.name: RecordArrays.of_rows(
            records.of_contracts(connection, record_type, ids), record_type
        )
        for record_type in (CONTRACT, INTERVIEW, EVENT)
    }
    index = Index.of_columns(**columns, history=known)
    found = scoring_run.scorer.assess(index, contract_ids=ids, as_of=[scoring_run.as_of] * len(ids))
    return [
        assessment if contract_summary.ended_on is None else without_score(assessment, ENDED)
        for contract_summary, assessment in zip(due, found, strict=True)
    ]


def write(
    connection: Connection,
    context: AppContext,
    scoring_run: ScoringRun,
    still: Sequence[tuple[ContractSummary, Assessment]],
) -> int:
    """Add what is new and return how many were."""
    numbers = [s.assessment_id for s, _ in still if s.assessment_id is not None]
    before = assessments.by_ids(connection, numbers)
    rows, seen = [], []
    for contract_summary, assessment in still:
        previous = before.get(contract_summary.assessment_id or 0)
        seen.append(
            {
                "key": contract_summary.contract_id,
                "scored_seq": contract_summary.records_seq,
                "history_seq": scoring_run.history_seq,
            }
        )
        if previous is None or not is_same(assessment, previous):
            row = stored_row(
                scorer=scoring_run.scorer,
                assessment=assessment,
                previous=previous,
                now=context.now(),
                valid_days=context.settings.valid_days,
            )
            rows.append((previous, row))
    new = assessments.add(connection, [row for _, row in rows]) if rows else []
    contract_summaries.save_scores(
        connection, [score_row(number, row) for number, (_, row) in zip(new, rows, strict=True)]
    )
    contract_summaries.save_scores(connection, seen)
    told = [level_change(n, row, previous) for n, (previous, row) in zip(new, rows, strict=True)]
    enqueue(connection, [t for t in told if t], topic=LEVEL_CHANGED, now=context.now())
    return len(rows)
