"""Assessments as they are answered: plain data, written as JSON in one pass."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic_core import to_json
from starlette.responses import Response

from features.families import CATALOGUE
from models.incidence import DAYS, Incidence
from models.sufficiency import NotAssessed
from serving.actors import Language
from serving.predictor.scorer import Assessment
from serving.queries.assessments import StoredAssessment
from serving.scoring.micro_batching import Unscored
from serving.wording.not_assessed import why_not_as_sent

INPUTS, CATALOGUE_HASH = tuple(CATALOGUE.inputs), CATALOGUE.hash
FRENCH = {"Content-Language": "fr"}
# Why there is no score follows the reader; reasons and labels are written for advisors, in French.
IN_LANGUAGE: dict[Language, Mapping[str, str]] = {
    "fr": {"Content-Language": "fr", "Vary": "Accept-Language"},
    "en": {"Content-Language": "en, fr", "Vary": "Accept-Language"},
}
SUSPENDED = "suspended"
NO_SCORE = dict.fromkeys(
    (
        "risk",
        "level",
        "base_rate",
        "base_value",
        "similar_cases",
        "contributions",
        "incidence",
        "model_version",
        "label_version",
        "catalogue_hash",
    )
)


def reply(content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer; what advisors read in it is in French."""
    return Response(
        to_json(content),
        status_code=status,
        headers={**FRENCH, **(headers or {})},
        media_type="application/json",
    )


def score_of(
    result: Assessment | Unscored,
    *,
    contract_id: str,
    as_of: date,
    valid_days: int,
    language: Language,
) -> dict[str, Any]:
    """Return what is answered of a case that is not stored."""
    common = {
        "contract_id": contract_id,
        "as_of": as_of,
        "valid_until": as_of + timedelta(days=valid_days),
        "changes": [],
        "unusual": [],
    }
    if isinstance(result, Unscored):
        why = reason_in(language, NotAssessed.SUSPENDED, detail=result.because)
        return {**common, "status": SUSPENDED, **why, "reasons": [], **NO_SCORE}
    return {
        **common,
        "status": result.status,
        **reason_in(language, result.why_not),
        "risk": result.risk,
        "level": result.level,
        "base_rate": result.base_rate,
        "base_value": result.base_value,
        "similar_cases": None if result.similar is None else vars(result.similar),
        "incidence": _incidence(result.incidence),
        "unusual": [vars(one) for one in result.unusual],
        "reasons": [vars(reason) for reason in result.reasons],
        "contributions": _named(result.contributions, result.catalogue_hash),
        **_made_by(result),
    }


def reason_in(
    language: Language,
    code: NotAssessed | None,
    *,
    detail: str | None = None,
    name: str = "why_not",
) -> dict[str, str | None]:
    """Return why there is no score, as a sentence for people and a code for programs."""
    sentence = why_not_as_sent(code, language=language, detail=detail)
    return {name: sentence, f"{name}_code": code}


def assessment_content(
    assessment: StoredAssessment, *, language: Language, whole: bool = True
) -> dict[str, Any]:
    """Return an assessment of the store; in lists (`whole=False`) without its contributions."""
    data = {
        "id": assessment.id,
        "contract_id": assessment.contract_id,
        "status": assessment.status,
        **reason_in(language, assessment.why_not, detail=assessment.why_not_detail),
        "as_of": assessment.as_of,
        "valid_until": assessment.valid_until,
        "made_at": assessment.made_at,
        "risk": assessment.risk,
        "level": assessment.level,
        "base_rate": assessment.base_rate,
        "base_value": assessment.base_value,
        "similar_cases": _similar(assessment),
        "incidence": _incidence(assessment.incidence),
        "unusual": [vars(one) for one in assessment.unusual],
        "reasons": [vars(reason) for reason in assessment.reasons],
        "changes": [vars(change) for change in assessment.changes],
        "previous_id": assessment.previous_id,
        **_made_by(assessment),
    }
    if whole:
        data["contributions"] = _named(assessment.contributions, assessment.catalogue_hash)
    return data


def _incidence(curve: Incidence | None) -> dict[str, Any] | None:
    """Return the points of a curve; `complete` is false where they stop before a year."""
    if curve is None:
        return None
    names = ("days", "risk", "low", "high")
    points = [dict(zip(names, point, strict=True)) for point in zip(*curve[:4], strict=True)]
    complete = curve.followed_days >= DAYS[-1]
    return {"points": points, "followed_days": curve.followed_days, "complete": complete}


def _made_by(assessment: Assessment | StoredAssessment) -> dict[str, str]:
    return {
        "model_version": assessment.model_version,
        "label_version": assessment.label_version,
        "catalogue_hash": assessment.catalogue_hash,
    }


def _similar(assessment: StoredAssessment) -> dict[str, Any] | None:
    if assessment.similar_cases is None:
        return None
    return {
        "cases": assessment.similar_cases,
        "ruptures": assessment.similar_ruptures,
        "low": assessment.similar_low,
        "high": assessment.similar_high,
    }


def _named(
    contributions: npt.NDArray[np.float64] | None, catalogue_hash: str
) -> dict[str, float] | None:
    """Contributions by feature; none under a catalogue whose names are not known any more."""
    if contributions is None or catalogue_hash != CATALOGUE_HASH:
        return None
    return dict(zip(INPUTS, contributions.tolist(), strict=True))
