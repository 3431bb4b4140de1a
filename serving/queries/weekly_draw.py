"""Who to see this week: the most urgent cases up to the advisor's capacity, and a few at random.

The random share is what lets the programme measure, later, what acting on the list changed: every
open case has a known probability of being drawn, those urgent enough to be listed anyway a low one.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from features.programme.records import WeekListRow
from serving.context import AppContext, ReadSession
from serving.queries.case_summary import CaseSummary
from serving.queries.worklist_order import order_of_urgency
from serving.store import week_lists

RULE = "systematic-1"  # stored with every line; another rule is another name
WEIGHT_OF_URGENT = 0.25  # of a case that is listed anyway, where any other has 1


@dataclass(frozen=True)
class Week:
    """The caseload of one week: to see (`random` are drawn among them) and the others."""

    to_see: tuple[CaseSummary, ...]
    others: tuple[CaseSummary, ...]
    random: frozenset[str]


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def seed_of(context: AppContext, who: str, *, week: date) -> bytes:
    """Return the seed of somebody's draw in a week: nobody without the service's secret knows it.

    The draw is the same all week, whoever asks and however often.
    """
    secret = context.settings.secret_key.get_secret_value().encode()
    return hmac.digest(secret, f"week:{who}:{week}".encode(), "sha256")


def week_of(reads: ReadSession, cases: Sequence[CaseSummary], *, capacity: int) -> Week:
    """Return the week of a caseload: as it was frozen, else as the rule gives it today."""
    week, who = monday_of(reads.today), reads.actor.advisor_id
    frozen = week_lists.of_week(reads.connection, who, week=week) if who else []
    if frozen:
        return _week(cases, frozen, today=reads.today)
    return this_week(
        cases,
        capacity=capacity,
        random_share=reads.context.settings.random_share,
        seed=seed_of(reads.context, who or reads.actor.name, week=week),
        today=reads.today,
    )


def this_week(
    cases: Sequence[CaseSummary], *, capacity: int, random_share: float, seed: bytes, today: date
) -> Week:
    """Return the week as the rule gives it today."""
    lines = draw_week(
        cases, "", capacity=capacity, random_share=random_share, seed=seed, today=today
    )
    return _week(cases, lines, today=today)


def draw_week(
    cases: Sequence[CaseSummary],
    advisor_id: str,
    *,
    capacity: int,
    random_share: float,
    seed: bytes,
    today: date,
) -> list[WeekListRow]:
    """Return a line for every open case that is not set aside: the list by urgency, then the rest.

    As many as `capacity` times `random_share` are drawn on average, among all of them; the most
    urgent assessed cases take the places that are left. A capacity too small for one draw a week
    draws over the weeks.
    """
    ranked = [c for c in order_of_urgency(cases, today=today) if not c.is_snoozed(today)]
    expected = capacity * random_share
    urgent = [case.contract_id for case in ranked if case.is_assessed]
    sure = set(urgent[: capacity - floor(expected)])
    probabilities = _probabilities([c.contract_id for c in ranked], sure, expected=expected)
    drawn = systematic_draw(probabilities, seed=seed)
    places = [name for name in urgent if name not in drawn][: capacity - len(drawn)]
    listed = [case for case in ranked if case.contract_id in drawn.union(places)]
    ranks = {case.contract_id: rank for rank, case in enumerate(listed, start=1)}
    return [
        WeekListRow(
            line_id=f"{monday_of(today)}:{advisor_id}:{case.contract_id}",
            advisor_id=advisor_id,
            contract_id=case.contract_id,
            week=monday_of(today),
            rank=ranks.get(case.contract_id),
            drawn=case.contract_id in drawn,
            probability=probabilities[case.contract_id],
            risk=case.risk,
            rule=RULE,
            known_on=today,
        )
        for case in (*listed, *(case for case in ranked if case.contract_id not in ranks))
    ]


def systematic_draw(probabilities: Mapping[str, float], *, seed: bytes) -> frozenset[str]:
    """Return whom a systematic draw takes, each with exactly its probability.

    The number drawn is the sum of the probabilities, rounded up or down (Madow, 1949, On the theory
    of systematic sampling II). The order is a digest of the seed: those drawn together are no
    neighbours of any list.
    """
    start, total, drawn = _unit(seed, "start"), 0.0, set()
    for name in sorted(probabilities, key=lambda name: _unit(seed, f"place:{name}")):
        before, total = total, total + probabilities[name]
        if ceil(total - start) > ceil(before - start):
            drawn.add(name)
    return frozenset(drawn)


def _probabilities(names: Sequence[str], sure: set[str], *, expected: float) -> dict[str, float]:
    weights = {name: WEIGHT_OF_URGENT if name in sure else 1.0 for name in names}
    total = sum(weights.values())
    return {name: min(1.0, expected * weight / total) for name, weight in weights.items()}


def _unit(seed: bytes, what: str) -> float:
    """A number from 0 to 1, 1 left out, as good as random to whoever lacks the seed."""
    return int.from_bytes(hmac.digest(seed, what.encode(), "sha256")[:6], "big") / 2**48


def _week(cases: Sequence[CaseSummary], lines: Sequence[WeekListRow], *, today: date) -> Week:
    ranked = order_of_urgency(cases, today=today)
    open_now = {case.contract_id: case for case in ranked if not case.is_snoozed(today)}
    listed = [line for line in lines if line.rank is not None and line.contract_id in open_now]
    to_see = tuple(open_now[line.contract_id] for line in listed)
    chosen = {case.contract_id for case in to_see}
    return Week(
        to_see,
        tuple(case for case in ranked if case.contract_id not in chosen),
        frozenset(line.contract_id for line in listed if line.drawn),
    )
