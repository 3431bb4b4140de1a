"""Assessing many contracts for one morning: what they share, what is read, what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from features.common.errors import InputError
from features.point_in_time.history import History
from features.point_in_time.record_arrays import Columns
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from serving.context import House
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
from serving.store import assessments, history, records, standings, suspensions
from serving.store.engine import Connection
from serving.store.outbox import LEVEL_CHANGED, enqueue
from serving.store.standings import Standing


@dataclass(frozen=True)
class Morning:
    """What all contracts of a run share."""

    scorer: Scorer
    as_of: date
    history_seq: int

    @classmethod
    def of(cls, connection: Connection, house: House) -> "Morning":
        """Tomorrow's. Raises BundleError with no usable model, InputError while suspended."""
        if suspensions.current(connection) is not None:
            raise InputError("rescore: expected scoring to be allowed, got a suspension; lift it")
        seq = records.history_seq(connection)
        return cls(house.model.current(), house.next_morning, seq)


def is_current(standing: Standing, morning: Morning) -> bool:
    """Whether the last assessment has seen all there is to see."""
    return (
        standing.as_of == morning.as_of
        and standing.model_version == morning.scorer.bundle.version
        and standing.scored_seq == standing.records_seq
        and standing.history_seq == morning.history_seq
    )


def whole_history(connection: Connection, as_of: date) -> History:
    """What crosses contracts, of every entity, as it was known that morning."""
    return known_history(history.all_sums_before(connection, day=day_of(as_of)), as_of)


def assess(
    connection: Connection, due: Sequence[Standing], morning: Morning, known: History
) -> list[Assessment]:
    """Assessments of contracts from what the store holds of them, in their order."""
    ids = [standing.contract_id for standing in due]
    columns = {
        record_type.name: Columns.of_rows(
            records.of_contracts(connection, record_type, ids), record_type
        )
        for record_type in (CONTRACT, INTERVIEW, EVENT)
    }
    index = Index.of_columns(**columns, history=known)
    found = morning.scorer.assess(index, contract_ids=ids, as_of=[morning.as_of] * len(ids))
    return [
        assessment if standing.ended_on is None else without_score(assessment, ENDED)
        for standing, assessment in zip(due, found, strict=True)
    ]


def write(
    connection: Connection,
    house: House,
    morning: Morning,
    still: Sequence[tuple[Standing, Assessment]],
) -> int:
    """Add what is new; answers how many were."""
    numbers = [s.assessment_id for s, _ in still if s.assessment_id is not None]
    before = assessments.by_ids(connection, numbers)
    rows, seen = [], []
    for standing, assessment in still:
        previous = before.get(standing.assessment_id or 0)
        seen.append(
            {
                "key": standing.contract_id,
                "scored_seq": standing.records_seq,
                "history_seq": morning.history_seq,
            }
        )
        if previous is None or not is_same(assessment, previous):
            row = stored_row(
                scorer=morning.scorer,
                assessment=assessment,
                previous=previous,
                now=house.now(),
                valid_days=house.settings.valid_days,
            )
            rows.append((previous, row))
    new = assessments.add(connection, [row for _, row in rows]) if rows else []
    standings.save_scores(
        connection, [score_row(number, row) for number, (_, row) in zip(new, rows, strict=True)]
    )
    standings.save_scores(connection, seen)
    told = [level_change(n, row, previous) for n, (previous, row) in zip(new, rows, strict=True)]
    enqueue(connection, [t for t in told if t], topic=LEVEL_CHANGED, now=house.now())
    return len(rows)
