"""Ruptures that were declared beside those that were expected, month by month."""

from dataclasses import dataclass
from datetime import date, timedelta

from scipy.stats import poisson

from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.rupture import End, read_ends
from features.records.declarations import CONTRACT, OUTCOME
from serving.context import ReadSession
from serving.store import contract_summaries, team
from serving.store.contract_summaries import Seen
from serving.store.engine import Connection

# Days after the horizon until a declaration is in: as the recipes count it.
DECLARATION_DELAY_DAYS = 60
MOST_MONTHS = 12
COVERAGE = 0.95


@dataclass(frozen=True)
class MonthFigures:
    """The ruptures of the horizon after a month's first morning, and those expected that morning.

    `low` and `high` hold 95 % of the counts to be expected if the risks are right.
    """

    month: date
    contracts: int
    observed: int
    expected: float
    low: float
    high: float


def months_matured(reads: ReadSession, *, horizon_days: int) -> list[MonthFigures]:
    """The last twelve months that can be judged, of the contracts the actor may see, oldest first.

    A month can be judged when its horizon and the time to declare have passed: earlier, a rupture
    that is not declared yet would count as none. While scoring is suspended there is none.
    """
    connection, seen = reads.connection, contract_summaries.visible_to(reads.actor)
    first = team.first_morning(connection, seen=seen)
    if first is None or reads.suspension is not None:
        return []
    last = reads.today - timedelta(days=horizon_days + DECLARATION_DELAY_DAYS)
    horizon = timedelta(days=horizon_days)
    months = [_judged(connection, seen, m, horizon) for m in _mornings(first, last)]
    return [month for month in months if month is not None]


def _mornings(first: date, last: date) -> list[date]:
    """Return the first days of months in [first, last], the latest twelve, oldest first."""
    mornings: list[date] = []
    day = last.replace(day=1)
    while day >= first and len(mornings) < MOST_MONTHS:
        mornings.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return mornings[::-1]


def _judged(
    connection: Connection, seen: Seen, morning: date, horizon: timedelta
) -> MonthFigures | None:
    cases = team.expected_on(connection, seen=seen, morning=morning)
    if not cases:
        return None
    ids = [case.contract_id for case in cases]
    observed = _ruptures(connection, ids, since=morning, before=morning + horizon)
    return figures_of(morning, [case.risk for case in cases], observed=observed)


def figures_of(month: date, risks: list[float], *, observed: int) -> MonthFigures:
    """Return a month from the risks in force and the ruptures that followed.

    The count is taken for a Poisson one. For cases independent of each other the truth, a sum of
    draws of unequal chances, is a little narrower (Le Cam, 1960, An approximation theorem for the
    Poisson binomial distribution); ruptures that come together would make it wider.
    """
    expected = sum(risks)
    low, high = poisson.interval(COVERAGE, expected)
    return MonthFigures(month, len(risks), observed, expected, float(low), float(high))


def _ruptures(connection: Connection, ids: list[str], *, since: date, before: date) -> int:
    """How many of these contracts broke in [since, before), by the definition of a rupture."""
    contracts, outcomes = team.ends_of(connection, ids)
    if not outcomes:
        return 0
    ends = read_ends(
        RecordArrays.of_rows(contracts, CONTRACT), RecordArrays.of_rows(outcomes, OUTCOME)
    )
    return sum(
        end == End.RUPTURE and since <= outcome.ended_on < before
        for end, outcome in zip(ends, outcomes, strict=True)
    )
