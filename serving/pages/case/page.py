"""Reading everything the page of one case shows."""

from collections.abc import Mapping

from serving.actors import Actor
from serving.context import AppContext
from serving.pages.case.view import CaseView, case_view
from serving.pages.shared.wording import Wording
from serving.queries.case_summary import Row
from serving.queries.caseload import case_summary_of, horizon_days
from serving.queries.cases import (
    SUSPENDED,
    assessment_history,
    case_of,
    case_records,
    names_of,
    suspension,
)
from serving.store.assessments import StoredAssessment
from serving.store.contract_summaries import ContractSummary


def case_page(context: AppContext, *, actor: Actor, contract_id: str, t: Wording) -> CaseView:
    """Everything the page of one case shows. Raises NotFoundError."""
    contract_summary, contract, versions, answers, history = _read(context, actor, contract_id)
    names = names_of(context, cases=[contract_summary])
    latest = history[0] if history else None
    case_summary = case_summary_of(
        contract_summary,
        contract,
        names,
        assessment=latest,
        past=[],
        until=None,
        stopped=suspension(context),
    )
    return case_view(
        case_summary,
        assessments=[a for a in history if a.status != SUSPENDED],
        records=versions,
        answers=answers,
        horizon_days=horizon_days(context),
        today=context.today,
        t=t,
    )


def _read(
    context: AppContext, actor: Actor, contract_id: str
) -> tuple[ContractSummary, Row, Mapping[str, list[Row]], list[Row], list[StoredAssessment]]:
    contract_summary = case_of(context, actor=actor, contract_id=contract_id)
    kept = case_records(context, actor=actor, contract_id=contract_id)
    history = assessment_history(context, actor=actor, contract_id=contract_id)
    return contract_summary, kept.versions["contracts"][-1], kept.versions, kept.feedback, history
