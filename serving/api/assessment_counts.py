"""Scores are counted where they are asked for."""

from starlette.requests import Request

from serving.predictor.scorer import Assessment
from serving.runtime.metrics import Metrics


def count_assessment(request: Request, assessment: object) -> None:
    """Count an assessment that is answered; while scoring is suspended there is none."""
    if isinstance(assessment, Assessment):
        metrics: Metrics = request.app.state.metrics
        metrics.observe_assessment(status=assessment.status, why_not=assessment.why_not)
