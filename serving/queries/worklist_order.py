"""The order of the worklist: who is most urgent, the longest unseen, who can wait."""

from collections.abc import Sequence
from datetime import date

from serving.queries.case_summary import CaseSummary


def order_of_urgency(cases: Sequence[CaseSummary], *, today: date) -> list[CaseSummary]:
    """Highest risk first; then what is not assessed, longest unseen first; snoozed cases last."""
    return sorted(cases, key=lambda case: _urgency(case, today))


def _urgency(case: CaseSummary, today: date) -> tuple[bool, float, int, str]:
    risk = case.risk
    unseen = case.days_since_interview(today)
    return (
        case.is_snoozed(today),
        1.0 if risk is None else -risk,
        -(unseen if unseen is not None else 10_000),
        case.contract_id,
    )
