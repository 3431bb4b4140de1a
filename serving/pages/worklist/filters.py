"""The filters, order and page of the worklist: read off the address, kept in the address.

The text searched for may be a name, so it never enters an address: it is sent in the body.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from serving.pages.shared.levels import ORDER, UNKNOWN
from serving.queries.case_summary import CaseSummary
from serving.queries.worklist_order import order_of_urgency
from serving.wording import Wording

PHASES = ("trial", "early", "later", "last")
SORTS = ("urgency", "name", "seen", "end")
EARLY_DAYS, LAST_DAYS, WEEK_DAYS = 90, 90, 7


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; the empty filters show everything, by urgency."""

    level: str = ""
    employer: str = ""
    centre: str = ""
    phase: str = ""
    changed: bool = False
    sort: str = "urgency"
    page: int = 1
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, q: str = "") -> "Filters":
        """Filters off an address; what is not understood is left out."""
        page = query.get("page", "1")
        return cls(
            level=_one_of(query.get("niveau", ""), ORDER),
            employer=query.get("employeur", "")[:100],
            centre=query.get("centre", "")[:100],
            phase=_one_of(query.get("moment", ""), PHASES),
            changed=query.get("change") == "1",
            sort=_one_of(query.get("ordre", ""), SORTS) or "urgency",
            page=int(page) if page.isdigit() and len(page) < 6 else 1,
            q=q.strip()[:200],
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(
            self.level or self.employer or self.centre or self.phase or self.changed or self.q
        )

    def address(self, path: str, *, page: int | None = None) -> str:
        """Return the address of this view of the list; the text searched for is never in it."""
        parameters = {
            "niveau": self.level,
            "employeur": self.employer,
            "centre": self.centre,
            "moment": self.phase,
            "change": "1" if self.changed else "",
            "ordre": "" if self.sort == "urgency" else self.sort,
            "page": "" if page in (None, 1) else str(page),
        }
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Choice:
    """A filter to choose in: its parameter, label, options and the one chosen."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


def narrowed(cases: Iterable[CaseSummary], filters: Filters, *, today: date) -> list[CaseSummary]:
    """Return the cases that pass the filters, in the order asked for."""
    passing = [case for case in cases if _passes(case, filters, today)]
    match filters.sort:
        case "name":
            return sorted(passing, key=lambda case: (_plain(case.person), case.contract_id))
        case "seen":
            return sorted(passing, key=lambda case: -_unseen(case, today))
        case "end":
            return sorted(
                passing, key=lambda case: (case.contract_summary.planned_end_on, case.contract_id)
            )
        case _:
            return order_of_urgency(passing, today=today)


def choices_of(cases: Sequence[CaseSummary], filters: Filters, *, t: Wording) -> tuple[Choice, ...]:
    """Return the filters to show; employers and centres are those of the caseload."""

    def named(names: Iterable[str | None]) -> tuple[tuple[str, str], ...]:
        return tuple((name, name) for name in sorted({n for n in names if n}))

    levels = tuple((code, t(f"level.{code}")) for code in ORDER)
    phases = tuple((code, t(f"filter.phase_{code}")) for code in PHASES)
    sorts = tuple((code, t(f"filter.sort_{code}")) for code in SORTS)
    everything = t("filter.all_levels"), t("filter.all_employers"), t("filter.all_centres")
    return (
        Choice("niveau", t("filter.level"), filters.level, (("", everything[0]), *levels)),
        Choice(
            "employeur",
            t("filter.employer"),
            filters.employer,
            (("", everything[1]), *named(case.employer for case in cases)),
        ),
        Choice(
            "centre",
            t("filter.centre"),
            filters.centre,
            (("", everything[2]), *named(case.centre for case in cases)),
        ),
        Choice("moment", t("filter.phase"), filters.phase, (("", t("filter.all_phases")), *phases)),
        Choice("ordre", t("filter.sort"), filters.sort, sorts),
    )


def _passes(case: CaseSummary, filters: Filters, today: date) -> bool:
    level = (case.assessment.level if case.assessment else None) or UNKNOWN
    return (
        filters.level in ("", level)
        and filters.employer in ("", case.employer)
        and filters.centre in ("", case.centre)
        and (not filters.phase or _is_in(case, filters.phase, today))
        and (not filters.changed or _changed_lately(case, today))
        and _is_about(case, filters.q)
    )


def _is_in(case: CaseSummary, phase: str, today: date) -> bool:
    age = (today - case.contract_summary.started_on).days
    trial_end = case.contract.trial_end_on
    match phase:
        case "trial":
            return trial_end is not None and today <= trial_end
        case "early":
            return age <= EARLY_DAYS
        case "later":
            return age > EARLY_DAYS
        case _:
            return (case.contract_summary.planned_end_on - today).days <= LAST_DAYS


def _changed_lately(case: CaseSummary, today: date) -> bool:
    assessment = case.assessment
    if assessment is None or not assessment.changes:
        return False
    return (today - assessment.made_at.date()).days < WEEK_DAYS


def _is_about(case: CaseSummary, text: str) -> bool:
    searched = _plain(f"{case.person} {case.employer} {case.centre} {case.contract.training_rncp}")
    return all(word in searched for word in _plain(text).split())


def _unseen(case: CaseSummary, today: date) -> int:
    days = case.days_since_interview(today)
    return 100_000 if days is None else days


def _plain(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


def _one_of(value: str, allowed: Sequence[str]) -> str:
    return value if value in allowed else ""
