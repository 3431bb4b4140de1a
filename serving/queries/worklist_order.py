"""The order of the worklist: who is most urgent, the longest unseen, who can wait."""

from collections.abc import Sequence
from datetime import date

from serving.queries.case_summary import CaseSummary


def order_of_urgency(cases: Sequence[CaseSummary], *, today: date) -> list[CaseSummary]:
    """Highest risk first; then what is not ranked, longest unseen first; snoozed cases last.

    A case without a score is not ranked, nor is one whose end is announced: its assessment knows
    nothing of that end.
    """
    return sorted(cases, key=lambda case: _urgency(case, today))


def _urgency(case: CaseSummary, today: date) -> tuple[bool, float, int, str]:
    risk = case.risk if case.announced_end(today) is None else None
    unseen = case.days_since_interview(today)
    return (
        case.is_snoozed(today),
        1.0 if risk is None else -risk,
        -(unseen if unseen is not None else 10_000),
        case.contract_id,
    )
