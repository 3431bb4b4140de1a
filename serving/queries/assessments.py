"""Assessments that an actor may see; while scoring is suspended none of them shows a score."""

from collections.abc import Sequence
from dataclasses import replace

from features.common.errors import NotFoundError
from models.sufficiency import NotAssessed
from serving.context import ReadSession
from serving.queries.visibility import visible_contract
from serving.store import assessments, contract_summaries
from serving.store.assessments import Change, StoredAssessment

__all__ = ["Change", "StoredAssessment"]  # what is returned here, for those who show it
SUSPENDED = "suspended"


def latest_assessment(reads: ReadSession, *, contract_id: str) -> StoredAssessment:
    """Return the last assessment of a contract. Raises NotFoundError, also when there is none."""
    visible_contract(reads, contract_id)
    found = assessments.latest(reads.connection, contract_id)
    if found is None:
        raise NotFoundError("assessment: expected one of this contract, got none yet")
    return as_shown(reads, [found])[0]


def assessment_history(reads: ReadSession, *, contract_id: str) -> list[StoredAssessment]:
    """Return every assessment of a contract, the latest first, without their contributions.

    Raises NotFoundError.
    """
    visible_contract(reads, contract_id)
    return as_shown(reads, assessments.history(reads.connection, contract_id))


def changed_assessments(
    reads: ReadSession,
    *,
    after_id: int,
    limit: int,
    level: str | None = None,
    advisor_id: str | None = None,
    site: str | None = None,
) -> list[StoredAssessment]:
    """Assessments made after the one numbered `after_id`, in order, of what the actor may see."""
    if reads.suspension is not None and level is not None:
        return []  # filtering by a level that is not shown would show it
    found = assessments.after(
        reads.connection,
        seen=contract_summaries.visible_to(reads.actor),
        after_id=after_id,
        limit=limit,
        level=level,
        advisor_id=advisor_id,
        site=site,
    )
    return as_shown(reads, found)


def as_shown(reads: ReadSession, found: Sequence[StoredAssessment]) -> list[StoredAssessment]:
    """Return assessments as they may be shown: without scores while scoring is suspended."""
    suspension = reads.suspension
    if suspension is None:
        return list(found)
    return [
        replace(
            assessment,
            status=SUSPENDED,
            why_not=NotAssessed.SUSPENDED,
            why_not_detail=suspension.why,
            risk=None,
            level=None,
            base_rate=None,
            base_value=None,
            similar_cases=None,
            similar_ruptures=None,
            similar_low=None,
            similar_high=None,
            reasons=[],
            contributions=None,
            incidence=None,
            unusual=[],
            changes=[],
        )
        for assessment in found
    ]
