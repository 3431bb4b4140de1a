"""The coordinator's page: caseloads, levels, what happened against what was expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from serving.pages.shared.case_words import UNSEEN_DAYS, last_seen, notices
from serving.pages.shared.formatting import month_in_words, number
from serving.pages.shared.levels import ORDER, UNKNOWN, LevelView, level_of
from serving.queries.case_summary import CaseSummary
from serving.queries.caseload import Account
from serving.queries.observed_expected import MonthFigures
from serving.wording import Wording

KINDS = ("interviews", "events", "support", "outcomes")
LATELY_DAYS = 30


@dataclass(frozen=True)
class Share:
    """A part of a stacked bar, in hundredths of its length."""

    level: LevelView
    count: int
    x: float
    width: float


@dataclass(frozen=True)
class Caseload:
    """One advisor's caseload, or one site's."""

    name: str
    site: str
    contracts: int
    shares: tuple[Share, ...]
    unseen: int
    capacity: str
    not_transmitted: str | None
    announced_ends: str | None


@dataclass(frozen=True)
class Recorded:
    """What an advisor recorded lately: interviews, events, support actions, ends."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class MonthPoint:
    """A month on the drawing (box of 100 by 60) and in the table."""

    label: str
    short: str
    contracts: str
    observed: str
    expected: str
    interval: str
    x: float
    y: float
    expected_y: float
    low_y: float
    high_y: float
    outside: bool


@dataclass(frozen=True)
class Unseen:
    """A case nobody has seen for long."""

    contract_id: str
    person: str
    advisor: str
    level: LevelView
    last_seen: str
    notices: tuple[str, ...]


@dataclass(frozen=True)
class TeamView:
    """Everything the team page shows."""

    caseloads: tuple[Caseload, ...]
    months: tuple[MonthPoint, ...]
    unseen: tuple[Unseen, ...]
    recorded: tuple[Recorded, ...]
    wait_days: int = 150


def caseloads_of(
    advisors: Sequence[Account], cases: Sequence[CaseSummary], *, today: date, t: Wording
) -> tuple[Caseload, ...]:
    """Return each advisor's caseload, then those of a site together when there are several."""
    of = {
        a.advisor_id: [c for c in cases if c.contract_summary.advisor_id == a.advisor_id]
        for a in advisors
    }
    loads = tuple(
        caseload_of(
            account.display_name,
            site=account.site or "",
            cases=of[account.advisor_id],
            capacity=account.capacity,
            today=today,
            t=t,
        )
        for account in advisors
    )
    if len(advisors) < 2:
        return loads
    whole = caseload_of(
        t("team.whole_site"),
        site=advisors[0].site or "",
        cases=[case for cases in of.values() for case in cases],
        capacity=sum(account.capacity for account in advisors),
        today=today,
        t=t,
    )
    return (*loads, whole)


def caseload_of(
    name: str, *, site: str, cases: Sequence[CaseSummary], capacity: int, today: date, t: Wording
) -> Caseload:
    """Return an advisor's caseload in figures."""
    counts = dict.fromkeys(ORDER, 0)
    for case in cases:
        level = case.assessment.level if case.assessment and case.is_assessed else None
        counts[level or UNKNOWN] += 1
    return Caseload(
        name=name,
        site=site,
        contracts=len(cases),
        shares=_shares(counts, t),
        unseen=sum(_is_unseen(case, today) for case in cases),
        capacity=t.count("team.capacity", capacity),
        not_transmitted=_counted(
            "team.not_transmitted", sum(c.not_transmitted_since is not None for c in cases), t
        ),
        announced_ends=_counted(
            "team.announced_ends", sum(c.announced_end(today) is not None for c in cases), t
        ),
    )


def recorded_by(
    advisors: Sequence[Account], counts: Mapping[str, Mapping[str, int]]
) -> tuple[Recorded, ...]:
    """Return what each advisor recorded, from counts by advisor and kind; nothing recorded is 0."""
    return tuple(
        Recorded(
            account.display_name,
            tuple(counts.get(account.advisor_id or "", {}).get(kind, 0) for kind in KINDS),
        )
        for account in advisors
    )


def unseen_cases(
    cases: Sequence[tuple[str, CaseSummary]], *, today: date, t: Wording, most: int = 20
) -> tuple[Unseen, ...]:
    """Return the cases (with their advisor's name) that nobody has seen for long, longest first."""
    long_ago = [(advisor, case) for advisor, case in cases if _is_unseen(case, today)]
    long_ago.sort(key=lambda pair: -(pair[1].days_since_interview(today) or 10_000))
    return tuple(
        Unseen(
            contract_id=case.contract_id,
            person=case.person,
            advisor=advisor,
            level=level_of(case.assessment.level if case.assessment else None, t=t),
            last_seen=last_seen(case, today=today, t=t),
            notices=notices(case, today=today, t=t),
        )
        for advisor, case in long_ago[:most]
    )


def months_of(figures: Sequence[MonthFigures], *, t: Wording) -> tuple[MonthPoint, ...]:
    """The drawing and the table of ruptures observed against expected, in the order given."""
    top = max((max(f.observed, f.high) for f in figures), default=0.0) * 1.1 or 1.0
    step = 100 / max(len(figures), 1)
    return tuple(_point(f, x=step * (i + 0.5), top=top, t=t) for i, f in enumerate(figures))


def _point(figures: MonthFigures, *, x: float, top: float, t: Wording) -> MonthPoint:
    def y(value: float) -> float:
        return round(60 * (1 - value / top), 2)

    def formatted(value: float) -> str:
        return number(value, language=t.language, digits=1)

    return MonthPoint(
        label=month_in_words(figures.month, language=t.language),
        short=month_in_words(figures.month, language=t.language)[:3],
        contracts=number(figures.contracts, language=t.language),
        observed=str(figures.observed),
        expected=formatted(figures.expected),
        interval=t("team.interval", low=formatted(figures.low), high=formatted(figures.high)),
        x=round(x, 2),
        y=y(figures.observed),
        expected_y=y(figures.expected),
        low_y=y(figures.low),
        high_y=y(figures.high),
        outside=not figures.low <= figures.observed <= figures.high,
    )


def _counted(key: str, count: int, t: Wording) -> str | None:
    return t.count(key, count) if count else None


def _is_unseen(case: CaseSummary, today: date) -> bool:
    days = case.days_since_interview(today)
    return days is None or days > UNSEEN_DAYS


def _shares(counts: Mapping[str, int], t: Wording) -> tuple[Share, ...]:
    whole = max(sum(counts.values()), 1)
    shares, x = [], 0.0
    for code in ORDER:
        width = round(100 * counts[code] / whole, 2)
        if counts[code]:
            shares.append(Share(level_of(code, t=t), counts[code], round(x, 2), width))
        x += width
    return tuple(shares)
