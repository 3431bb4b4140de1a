"""Storing assessments: the one way in, for a single case as for the whole night.

An assessment whose matrix row, morning, model and status are those of the previous one adds
nothing; a change of level goes to the outbox in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from features.catalogue.groups import GROUPS
from serving.context import AppContext
from serving.predictor.scorer import Assessment, Scorer
from serving.store import assessment_inserts, assessments, contract_summaries
from serving.store.assessments import Change, StoredAssessment
from serving.store.contract_summaries import ContractSummary
from serving.store.engine import Connection
from serving.store.outbox import LEVEL_CHANGED, enqueue

Row = dict[str, Any]
IN_SUMMARY = ("as_of", "status", "level", "risk", "model_version")


@dataclass(frozen=True)
class Fresh:
    """An assessment just made, the previous one, and what it has seen of the records."""

    assessment: Assessment
    previous: StoredAssessment | None
    records_seq: int
    history_seq: int


def write_assessments(
    connection: Connection, context: AppContext, *, scorer: Scorer, fresh: Sequence[Fresh]
) -> list[StoredAssessment | None]:
    """Store what is new and return it in the order of `fresh`, None for what was stored already."""
    now, valid_days = context.now(), context.settings.valid_days
    rows = {
        place: _row(one, scorer=scorer, now=now, valid_days=valid_days)
        for place, one in enumerate(fresh)
        if one.previous is None or not is_same(one.assessment, one.previous)
    }
    numbers = assessment_inserts.add(connection, list(rows.values())) if rows else []
    stored: list[StoredAssessment | None] = [None] * len(fresh)
    for number, (place, row) in zip(numbers, rows.items(), strict=True):
        stored[place] = _as_stored(number, row, fresh[place].assessment)
    made = [one for one in stored if one is not None]
    contract_summaries.save_scores(connection, [_in_summary(one) for one in made])
    contract_summaries.save_scores(connection, [_seen(one) for one in fresh])
    changes = [
        _level_change(one, of.previous)
        for one, of in zip(stored, fresh, strict=True)
        if one is not None and one.level != (of.previous and of.previous.level)
    ]
    enqueue(connection, changes, topic=LEVEL_CHANGED, now=now)
    return stored


def previous_of(
    connection: Connection, summaries: Sequence[ContractSummary]
) -> dict[str, StoredAssessment]:
    """Return the last assessment of each contract that has one."""
    numbers = [one.assessment_id for one in summaries if one.assessment_id is not None]
    return {one.contract_id: one for one in assessments.by_ids(connection, numbers).values()}


def is_same(assessment: Assessment, previous: StoredAssessment) -> bool:
    """Return whether an assessment says again what the previous one said."""
    return (
        previous.as_of == assessment.as_of
        and previous.row_digest == assessment.row_digest
        and previous.model_version == assessment.model_version
        and previous.status == assessment.status
        and previous.why_not == assessment.why_not
        and previous.why_not_detail == assessment.why_not_detail
    )


def _row(fresh: Fresh, *, scorer: Scorer, now: datetime, valid_days: int) -> Row:
    assessment, previous = fresh.assessment, fresh.previous
    packed, similar = assessment.contributions, assessment.similar
    return {
        "contract_id": assessment.contract_id,
        "as_of": assessment.as_of,
        "valid_until": assessment.as_of + timedelta(days=valid_days),
        "made_at": now,
        "status": assessment.status,
        "why_not_code": assessment.why_not,
        "why_not_detail": assessment.why_not_detail,
        "risk": assessment.risk,
        "level": assessment.level,
        "base_rate": assessment.base_rate,
        "base_value": assessment.base_value,
        "similar_cases": similar and similar.cases,
        "similar_ruptures": similar and similar.ruptures,
        "similar_low": similar and similar.low,
        "similar_high": similar and similar.high,
        "incidence": assessment.incidence and assessment.incidence._asdict(),
        "unusual": [vars(one).copy() for one in assessment.unusual],
        "reasons": [vars(reason).copy() for reason in assessment.reasons],
        "contributions": None if packed is None else assessments.packed(packed),
        "row_digest": assessment.row_digest,
        "model_version": assessment.model_version,
        "label_version": assessment.label_version,
        "catalogue_hash": assessment.catalogue_hash,
        "previous_id": None if previous is None else previous.id,
        "changes": [vars(change).copy() for change in _changes(scorer, assessment, previous)],
    }


def _as_stored(number: int, row: Row, assessment: Assessment) -> StoredAssessment:
    typed = {
        "why_not": assessment.why_not,
        "contributions": assessment.contributions,
        "reasons": list(assessment.reasons),
        "incidence": assessment.incidence,
        "unusual": list(assessment.unusual),
        "changes": [Change(**change) for change in row["changes"]],
    }
    stored = {name: value for name, value in row.items() if name != "why_not_code"}
    return StoredAssessment(id=number, **{**stored, **typed})


def _in_summary(stored: StoredAssessment) -> Row:
    values = {name: getattr(stored, name) for name in IN_SUMMARY}
    return {"key": stored.contract_id, "assessment_id": stored.id, **values}


def _seen(fresh: Fresh) -> Row:
    return {
        "key": fresh.assessment.contract_id,
        "scored_seq": fresh.records_seq,
        "history_seq": fresh.history_seq,
    }


def _level_change(stored: StoredAssessment, previous: StoredAssessment | None) -> Row:
    """Return what a receiver is sent of an assessment whose level changed."""
    return {
        "assessment_id": stored.id,
        "contract_id": stored.contract_id,
        "level": stored.level,
        "previous_level": None if previous is None else previous.level,
        "as_of": stored.as_of.isoformat(),
        "model_version": stored.model_version,
    }


def _changes(
    scorer: Scorer, assessment: Assessment, previous: StoredAssessment | None
) -> list[Change]:
    """Differences of contributions by group, heaviest first; none across two models."""
    if (
        previous is None
        or previous.contributions is None
        or assessment.contributions is None
        or previous.model_version != assessment.model_version
    ):
        return []
    difference = assessment.contributions - previous.contributions
    sums = scorer.writer.group_sums(difference[None, :])[0]
    changes = [
        Change(name, GROUPS[name].label, float(change))
        for name, change in zip(scorer.writer.groups, sums, strict=True)
        if change != 0
    ]
    return sorted(changes, key=lambda change: -abs(change.change))
