"""Reading everything the page of one case shows."""

from collections.abc import Mapping

from serving.actors import Actor
from serving.context import House
from serving.pages.case.view import CaseView, case_view
from serving.pages.shared.wording import Wording
from serving.queries.caseload import followed_of, horizon_days
from serving.queries.cases import (
    SUSPENDED,
    assessment_history,
    case_of,
    case_records,
    names_of,
    suspension,
)
from serving.queries.followed import Row
from serving.store.assessments import StoredAssessment
from serving.store.standings import Standing


def case_page(house: House, *, actor: Actor, contract_id: str, t: Wording) -> CaseView:
    """Everything the page of one case shows. Raises NotFoundError."""
    standing, contract, versions, answers, history = _read(house, actor, contract_id)
    names = names_of(house, cases=[standing])
    latest = history[0] if history else None
    followed = followed_of(
        standing,
        contract,
        names,
        assessment=latest,
        past=[],
        until=None,
        stopped=suspension(house),
    )
    return case_view(
        followed,
        assessments=[a for a in history if a.status != SUSPENDED],
        records=versions,
        answers=answers,
        horizon_days=horizon_days(house),
        today=house.today,
        t=t,
    )


def _read(
    house: House, actor: Actor, contract_id: str
) -> tuple[Standing, Row, Mapping[str, list[Row]], list[Row], list[StoredAssessment]]:
    standing = case_of(house, actor=actor, contract_id=contract_id)
    kept = case_records(house, actor=actor, contract_id=contract_id)
    history = assessment_history(house, actor=actor, contract_id=contract_id)
    return standing, kept.versions["contracts"][-1], kept.versions, kept.feedback, history
