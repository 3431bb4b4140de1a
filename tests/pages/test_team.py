"""Mon équipe: what was expected beside what happened, and what was recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from serving.actors import COMMAND, Actor, Role
from serving.context import AppContext
from serving.operations import records
from serving.operations.suspension import suspend_scoring
from serving.queries.observed_expected import figures_of, months_matured
from serving.store import contract_summaries, team
from serving.store.tables import assessments
from tests.lib.contexts import TODAY, Clock, contract, event, interview, outcome
from tests.lib.read_once import read
from tests.pages.clients_by_role import visiting

# TODAY is 16 March 2026: with a horizon of 90 days and 60 to declare, 17 October 2025 is matured.
MATURED = date(2025, 10, 1)


def _assessed(
    context: AppContext, name: str, *, as_of: date, risk: float | None, **values: Any
) -> None:
    """A contract with one assessment, of a morning and a risk."""
    dated = {"started_on": date(2025, 6, 1), "known_on": date(2025, 6, 2), **values}
    saved = records.keep_contract(context, actor=COMMAND, record=contract(name, **dated))
    assert saved.assessment is not None
    with context.store.writing() as connection:
        t = assessments.c
        until = as_of + timedelta(days=7)
        connection.execute(
            update(assessments)
            .where(t.id == saved.assessment.id)
            .values(as_of=as_of, valid_until=until, risk=risk)
        )


def _broke(context: AppContext, name: str, ended_on: date, **values: Any) -> None:
    """A rupture that was declared ten days after."""
    dated = {"ended_on": ended_on, "known_on": ended_on + timedelta(days=10), **values}
    records.keep_outcome(context, actor=COMMAND, record=outcome(name, **dated))


def _months(context: AppContext) -> list[tuple[date, int, int, float]]:
    found = read(context, months_matured, horizon_days=90)
    return [(m.month, m.contracts, m.observed, round(m.expected, 6)) for m in found]


def test_a_month_compares_the_risks_in_force_with_the_ruptures_that_followed(
    context: AppContext,
) -> None:
    """Each contract of a morning, and what it counts for.

    risk 0.30, broke within 90 days     expected and observed
    risk 0.20, broke after the horizon  expected
    risk 0.10, runs on                  expected
    completed early success             expected, no rupture
    not assessed                        left out
    """
    for name, risk in (("C1", 0.3), ("C2", 0.2), ("C3", 0.1), ("C4", 0.1), ("C5", None)):
        _assessed(context, name, as_of=MATURED - timedelta(days=2), risk=risk)
    _broke(context, "C1", MATURED + timedelta(days=89))
    _broke(context, "C2", MATURED + timedelta(days=90))
    _broke(context, "C4", MATURED + timedelta(days=30), how="early_success")

    assert _months(context) == [(MATURED, 4, 1, 0.7)]


def test_what_had_ended_or_was_to_be_read_again_is_not_in_force(context: AppContext) -> None:
    _assessed(context, "C1", as_of=MATURED - timedelta(days=2), risk=0.3)
    _assessed(context, "C2", as_of=MATURED - timedelta(days=8), risk=0.3)
    _assessed(context, "C3", as_of=MATURED - timedelta(days=2), risk=0.3)
    _broke(context, "C3", MATURED - timedelta(days=1))

    assert _months(context) == [(MATURED, 1, 0, 0.3)]


def test_a_month_whose_declarations_are_still_to_come_is_not_judged(
    context: AppContext, clock: Clock
) -> None:
    recent = date(2025, 11, 1)
    _assessed(context, "C1", as_of=recent, risk=0.3)

    assert _months(context) == []

    clock.move(days=(recent + timedelta(days=150) - TODAY).days)
    assert [month for month, *_ in _months(context)] == [recent]


def test_no_month_is_shown_while_scoring_is_suspended_nor_of_another_site(
    context: AppContext,
) -> None:
    _assessed(context, "C1", as_of=MATURED, risk=0.3)
    elsewhere = Actor("account:3", role=Role.COORDINATOR, account_id=3, site="Angers")

    assert read(context, months_matured, actor=elsewhere, horizon_days=90) == []

    suspend_scoring(context, actor=COMMAND, why="contrôle")
    assert _months(context) == []


@pytest.mark.parametrize(("risks", "low", "high"), [([0.1] * 40, 1, 8), ([0.02] * 5, 0, 1)])
def test_the_interval_holds_the_counts_to_be_expected(
    risks: list[float], low: int, high: int
) -> None:
    """Quantiles of a Poisson count: 4 expected gives 1 to 8, 0.1 gives 0 to 1 (R's qpois)."""
    figures = figures_of(MATURED, risks, observed=0)

    assert (figures.low, figures.high) == (low, high)


def test_what_was_recorded_lately_is_counted_by_advisor_and_corrections_once(
    context: AppContext,
) -> None:
    for name, advisor in (("C1", "A1"), ("C2", "A2")):
        record = contract(name, advisor_id=advisor)
        records.keep_contract(context, actor=COMMAND, record=record)
    for motivation in (4.0, 5.0):
        corrected = interview(rating_motivation=motivation, known_on=TODAY)
        records.keep_interview(context, actor=COMMAND, record=corrected)
    records.keep_event(context, actor=COMMAND, record=event())
    support = event("E2", "C2", kind="support_action", value=None)
    records.keep_event(context, actor=COMMAND, record=support)
    old = event("E3", known_on=TODAY - timedelta(days=40), happened_on=TODAY - timedelta(days=50))
    records.keep_event(context, actor=COMMAND, record=old)

    with context.store.reading() as connection:
        counts = team.recorded_since(
            connection,
            seen=contract_summaries.visible_to(COMMAND),
            since=TODAY - timedelta(days=30),
        )

    assert counts == {"A1": {"interviews": 1, "events": 1}, "A2": {"support": 1}}


def test_the_page_draws_the_months_and_shows_who_recorded_what(context: AppContext) -> None:
    with visiting(context, Role.COORDINATOR) as client:
        assert "Il faut du recul" in client.get("/equipe").text
        _assessed(context, "C2", as_of=MATURED, risk=0.3)
        _broke(context, "C2", MATURED + timedelta(days=20))

        page = client.get("/equipe").text

    assert '<circle class="observed' in page
    assert "octobre 2025" in page
    assert "Saisies des trente derniers jours" in page
