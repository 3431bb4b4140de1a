"""Assessing what the store holds, one contract or a chunk of the night, through one function."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from features.point_in_time.history import History
from features.records.rows import Versions, in_force
from models.sufficiency import NotAssessed
from serving.predictor.scorer import Assessment, Scorer
from serving.scoring.indexing import index_of
from serving.store.engine import Connection

Why = tuple[NotAssessed, str | None]  # a code and what completes it


def assess_stored(
    connection: Connection,
    versions: Versions,
    *,
    scorer: Scorer,
    contract_ids: Sequence[str],
    as_of: date,
    known: History | None = None,
    not_transmitted: Mapping[str, date] | None = None,
) -> list[Assessment]:
    """Return the assessment of each contract from every version of its records, in their order.

    `known` is what crosses contracts on that morning; without it, it is read for these contracts.
    `not_transmitted` says since when the centre of a contract no longer sends it. A contract that
    was withdrawn has nothing to be described by; an end that lies ahead is no input.
    """
    standing = {row.contract_id for row in in_force(versions.contracts, "contract_id")}
    described = [one for one in contract_ids if one in standing]
    found = _described(connection, versions, scorer, described, as_of, known) if described else []
    why = _why_without_score(versions, as_of, not_transmitted or {})
    made = {
        one.contract_id: without_score(one, *why[one.contract_id])
        if one.contract_id in why
        else one
        for one in found
    }
    return [
        made.get(one) or scorer.unassessed(one, as_of=as_of, why=NotAssessed.WITHDRAWN)
        for one in contract_ids
    ]


def _why_without_score(
    versions: Versions, as_of: date, not_transmitted: Mapping[str, date]
) -> dict[str, Why]:
    """Return why some contracts get no score, whatever the model would say of them."""
    why: dict[str, Why] = {
        contract_id: (NotAssessed.NOT_TRANSMITTED, day.isoformat())
        for contract_id, day in not_transmitted.items()
        if day < as_of
    }
    ends = in_force(versions.outcomes, "contract_id")
    ended = {row.contract_id for row in ends if row.ended_on < as_of}
    return why | dict.fromkeys(ended, (NotAssessed.ENDED, None))


def _described(
    connection: Connection,
    versions: Versions,
    scorer: Scorer,
    contract_ids: Sequence[str],
    as_of: date,
    known: History | None,
) -> list[Assessment]:
    index = index_of(connection, versions, as_of=as_of, known=known)
    return scorer.assess(index, contract_ids=list(contract_ids), as_of=[as_of] * len(contract_ids))


def without_score(assessment: Assessment, why: NotAssessed, detail: str | None) -> Assessment:
    """Return the same case without any score, because of what its records say."""
    return replace(
        assessment,
        why_not=why,
        why_not_detail=detail,
        risk=None,
        level=None,
        base_rate=None,
        base_value=None,
        similar=None,
        reasons=[],
        contributions=None,
        incidence=None,
        unusual=[],
    )
