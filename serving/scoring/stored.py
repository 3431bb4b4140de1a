"""Scoring in the service: what the store knows of a case, through the one road.

What crosses contracts (past ruptures of an employer, a sector, a centre, a person) is read as sums
kept by the store; everything else is the case's own records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from features.catalogue.groups import GROUPS
from features.point_in_time.days import days_of
from features.point_in_time.exposure import entity_keys
from features.point_in_time.history import History
from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.snapshot import Index
from features.records.declarations import CONTRACT, EVENT, INTERVIEW
from serving.predictor.scorer import Assessment, Scorer
from serving.store import assessments, contract_summaries, history
from serving.store.assessments import StoredAssessment
from serving.store.engine import Connection
from serving.store.outbox import LEVEL_CHANGED, enqueue
from serving.store.records import Row, Versions

ENDED = "non évalué : le contrat est terminé"


def assess_contract(
    connection: Connection, *, scorer: Scorer, versions: Versions, as_of: date
) -> Assessment:
    """Assess a kept contract from all versions of its records."""
    contract_id = versions["contracts"][-1]["contract_id"]
    index = _index(connection, versions, as_of)
    (assessment,) = scorer.assess(index, contract_ids=[contract_id], as_of=[as_of])
    return assessment


def _index(connection: Connection, versions: Mapping[str, Sequence[Row]], as_of: date) -> Index:
    contracts = RecordArrays.of_rows(versions["contracts"], CONTRACT)
    return Index.of_columns(
        contracts=contracts,
        interviews=RecordArrays.of_rows(versions["interviews"], INTERVIEW),
        events=RecordArrays.of_rows(versions["events"], EVENT),
        history=_history(connection, contracts, as_of),
    )


def without_score(assessment: Assessment, why: str) -> Assessment:
    """Return the same case without any score, because of what its records say."""
    return replace(
        assessment,
        why_not=why,
        risk=None,
        level=None,
        base_rate=None,
        base_value=None,
        similar=None,
        reasons=[],
        contributions=None,
    )


def store_assessment(
    connection: Connection,
    *,
    scorer: Scorer,
    assessment: Assessment,
    previous: StoredAssessment | None,
    now: datetime,
    valid_days: int,
) -> StoredAssessment:
    """Add an assessment and tell the outbox when its level changed and return it as kept.

    A case whose matrix row, morning and model are those of the previous one adds nothing.
    """
    if previous is not None and is_same(assessment, previous):
        return previous
    row = stored_row(
        scorer=scorer, assessment=assessment, previous=previous, now=now, valid_days=valid_days
    )
    (number,) = assessments.add(connection, [row])
    contract_summaries.save_scores(connection, [score_row(number, row)])
    told = level_change(number, row, previous)
    enqueue(connection, [told] if told else [], topic=LEVEL_CHANGED, now=now)
    stored = {name: value for name, value in row.items() if name != "contributions"}
    return StoredAssessment(id=number, contributions=assessment.contributions, **stored)


def is_same(assessment: Assessment, previous: StoredAssessment) -> bool:
    """Return whether an assessment says again what the previous one said."""
    return (
        previous.as_of == assessment.as_of
        and previous.row_digest == assessment.row_digest
        and previous.model_version == assessment.model_version
        and previous.status == assessment.status
        and previous.why_not == assessment.why_not
    )


def stored_row(
    *,
    scorer: Scorer,
    assessment: Assessment,
    previous: StoredAssessment | None,
    now: datetime,
    valid_days: int,
) -> Row:
    """Return the row of an assessment in the store."""
    packed, similar = assessment.contributions, assessment.similar
    return {
        "contract_id": assessment.contract_id,
        "as_of": assessment.as_of,
        "valid_until": assessment.as_of + timedelta(days=valid_days),
        "made_at": now,
        "status": assessment.status,
        "why_not": assessment.why_not,
        "risk": assessment.risk,
        "level": assessment.level,
        "base_rate": assessment.base_rate,
        "base_value": assessment.base_value,
        "similar_cases": similar and similar.cases,
        "similar_ruptures": similar and similar.ruptures,
        "similar_low": similar and similar.low,
        "similar_high": similar and similar.high,
        "reasons": [vars(reason).copy() for reason in assessment.reasons],
        "contributions": None if packed is None else assessments.packed(packed),
        "row_digest": assessment.row_digest,
        "model_version": assessment.model_version,
        "label_version": assessment.label_version,
        "catalogue_hash": assessment.catalogue_hash,
        "previous_id": None if previous is None else previous.id,
        "changes": _changes(scorer, assessment, previous),
    }


def score_row(number: int, row: Row) -> Row:
    """Return what a contract's summary keeps of its last assessment."""
    kept = ("as_of", "status", "level", "risk", "model_version")
    return {
        "key": row["contract_id"],
        "assessment_id": number,
        **{name: row[name] for name in kept},
    }


def level_change(number: int, row: Row, previous: StoredAssessment | None) -> dict[str, Any] | None:
    """Return what is told of an assessment whose level is another than the previous one's."""
    before = None if previous is None else previous.level
    if row["level"] == before:
        return None
    return {
        "assessment_id": number,
        "contract_id": row["contract_id"],
        "level": row["level"],
        "previous_level": before,
        "as_of": row["as_of"].isoformat(),
        "model_version": row["model_version"],
    }


def _changes(
    scorer: Scorer, assessment: Assessment, previous: StoredAssessment | None
) -> list[dict[str, Any]]:
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
        {"group": name, "label": GROUPS[name].label, "change": float(change)}
        for name, change in zip(scorer.writer.groups, sums, strict=True)
        if change != 0
    ]
    return sorted(changes, key=lambda change: -abs(change["change"]))


def _history(connection: Connection, contracts: RecordArrays, as_of: date) -> History:
    """Return what the store knows of the past of these contracts' entities on a morning."""
    sums = history.sums_before(connection, known_keys(contracts), day=day_of(as_of))
    return known_history(sums, as_of)


def known_keys(contracts: RecordArrays) -> dict[str, list[str]]:
    """Return the distinct known keys of each entity of these contracts."""
    return {
        entity: [key for key in dict.fromkeys(keys.tolist()) if key is not None]
        for entity, keys in entity_keys(contracts).items()
    }


def known_history(sums: list[Any], as_of: date) -> History:
    """Return the history of one morning, from sums taken before it."""
    return History.of_sums(sums, as_of=day_of(as_of))


def day_of(as_of: date) -> int:
    """Return the number of a day, as the steps count."""
    return int(days_of([as_of])[0])
