"""The whole worklist page: this week's list, the others by pages, filters and links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from serving.pages.shared.formatting import day_in_words
from serving.pages.worklist.filters import Choice, Filters, choices_of, narrowed
from serving.pages.worklist.rows import WorklistRow, worklist_rows
from serving.queries.case_summary import CaseSummary
from serving.queries.weekly_draw import Week
from serving.wording import Wording

PATH, EXPORT = "/suivis", "/suivis.csv"
PAGE = 25


@dataclass(frozen=True)
class WorklistView:
    """Everything the worklist page shows."""

    to_see: tuple[WorklistRow, ...]
    others: tuple[WorklistRow, ...]
    others_total: int
    found: int
    total: int
    today: str
    capacity: int
    export: str
    filters: Filters
    choices: tuple[Choice, ...]
    is_filtered: bool
    page: int
    pages: int
    previous: str | None
    next: str | None
    follow_ups: int = 0  # due of people whose contract is over or ends
    compared: int = 0  # open contracts left out: their persons are compared, not supported


def is_whole(filters: Filters) -> bool:
    """Return whether the week's list stands apart.

    It is cut from the whole caseload, by urgency.
    """
    return not filters.narrows and filters.sort == "urgency"


def shown(
    cases: Sequence[CaseSummary], week: Week, filters: Filters, *, today: date
) -> list[CaseSummary]:
    """Return every case that the list shows, on whatever page, in its order."""
    if is_whole(filters):
        return [*week.to_see, *week.others]
    return narrowed(cases, filters, today=today)


def worklist_view(
    cases: Sequence[CaseSummary],
    *,
    week: Week,
    filters: Filters,
    capacity: int,
    horizon_days: int,
    today: date,
    t: Wording,
) -> WorklistView:
    """Return the page of a caseload.

    The week's list stands apart only when nothing is filtered and the order is that of urgency:
    a list cut from a part of the caseload would be another list.
    """
    whole = is_whole(filters)
    rest = list(week.others) if whole else narrowed(cases, filters, today=today)
    pages = max(-(-len(rest) // PAGE), 1)
    page = min(max(filters.page, 1), pages)
    shown = rest[PAGE * (page - 1) : PAGE * page]
    to_see = week.to_see if whole and page == 1 else ()
    rows = worklist_rows(
        [*to_see, *shown], horizon_days=horizon_days, today=today, t=t, random=week.random
    )
    return WorklistView(
        to_see=rows[: len(to_see)],
        others=rows[len(to_see) :],
        others_total=len(rest),
        found=len(rest) + len(to_see),
        total=len(cases),
        today=day_in_words(today, language=t.language),
        capacity=capacity,
        export=filters.address(EXPORT),
        filters=filters,
        choices=choices_of(cases, filters, t=t),
        is_filtered=filters.narrows,
        page=page,
        pages=pages,
        previous=filters.address(PATH, page=page - 1) if page > 1 else None,
        next=filters.address(PATH, page=page + 1) if page < pages else None,
    )
