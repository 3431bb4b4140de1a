"""Who to see this week: the most urgent cases up to the advisor's capacity, and a few at random.

The random share is what lets the programme measure, later, what acting on the list changed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from serving.queries.case_summary import CaseSummary
from serving.queries.worklist_order import order_of_urgency


@dataclass(frozen=True)
class Week:
    """The caseload of one week: to see (`random` are drawn among them) and the others."""

    to_see: tuple[CaseSummary, ...]
    others: tuple[CaseSummary, ...]
    random: frozenset[str]


def this_week(
    cases: Sequence[CaseSummary], *, capacity: int, random_share: float, today: date
) -> Week:
    """Cut the week's list: `capacity` cases, of which `random_share` are drawn among the others.

    The draw is the same all week, whoever asks and however often: it is a digest of the week and
    the contract. Snoozed cases are neither listed nor drawn.
    """
    ranked = order_of_urgency(cases, today=today)
    open_ones = [case for case in ranked if not case.is_snoozed(today)]
    drawn = round(capacity * random_share)
    urgent = [case for case in open_ones if case.is_assessed][: capacity - drawn]
    chosen = {case.contract_id for case in urgent}
    lottery = sorted(
        (case for case in open_ones if case.contract_id not in chosen),
        key=lambda case: _ticket(case.contract_id, today),
    )[:drawn]
    random = frozenset(case.contract_id for case in lottery)
    others = [c for c in ranked if c.contract_id not in chosen | random]
    return Week((*urgent, *lottery), tuple(others), random)


def _ticket(contract_id: str, today: date) -> str:
    year, week, _ = today.isocalendar()
    return hashlib.sha256(f"{year}-{week}:{contract_id}".encode()).hexdigest()
