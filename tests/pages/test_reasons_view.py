"""Reasons as they are written: what is shown adds up, for any contributions."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalogue.groups import GROUPS
from models.sufficiency import NotAssessed
from serving.pages.case.reasons import Balance, balance_of
from serving.pages.case.sources import sources_of
from serving.pages.case.view import case_view
from serving.pages.shared.chances import chances_of, frequency
from serving.wording import wording
from tests.pages import example_case_page, example_cases

T = wording("fr")
CONTRIBUTIONS = st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=6)


def _number(text: str) -> int:
    return round(100 * float(text.replace("−", "-").replace(",", ".")))


def _balance(contributions: list[float], rest: float) -> Balance:
    groups = list(GROUPS)
    reasons = tuple(
        example_cases.reason(groups[n], value, "Un élément")
        for n, value in enumerate(contributions)
    )
    made = example_cases.assessment(reasons=reasons, rest=rest)
    found = balance_of(made, contract=example_cases.contract(), interviews=[], events=[], t=T)
    assert found is not None
    return found


@given(contributions=CONTRIBUTIONS, rest=st.floats(-1, 1))
def test_the_written_figures_add_up_to_the_written_total(
    contributions: list[float], rest: float
) -> None:
    """Starting point + every figure + the rest = total, to the last digit."""
    balance = _balance(contributions, rest)

    figures = [view.figure for view in balance.within_reach + balance.out_of_reach]
    written = [balance.sum.start, *figures, balance.rest]

    assert sum(map(_number, written)) == _number(balance.sum.total)


@given(contributions=CONTRIBUTIONS, rest=st.floats(-1, 1))
def test_what_raises_and_what_lowers_add_up_too(contributions: list[float], rest: float) -> None:
    """The three figures of the sum say the same as the bars."""
    balance = _balance(contributions, rest).sum

    assert sum(map(_number, (balance.start, balance.raises, balance.lowers))) == _number(
        balance.total
    )


@given(contributions=CONTRIBUTIONS, rest=st.floats(-1, 1))
def test_bars_stay_on_their_side_of_the_axis(contributions: list[float], rest: float) -> None:
    """A bar that raises begins at the middle, one that lowers ends there, none leaves the box."""
    balance = _balance(contributions, rest)

    for view in balance.within_reach + balance.out_of_reach:
        bar = view.bar
        assert bar.x == 50 if bar.raises else bar.x + bar.width == pytest.approx(50)
        assert 0 <= bar.x <= bar.x + bar.width <= 100


def test_what_is_not_in_the_advisors_hands_is_distinguished() -> None:
    made = example_cases.assessment()

    balance = balance_of(made, contract=example_cases.contract(), interviews=[], events=[], t=T)

    assert balance is not None
    assert [view.group for view in balance.out_of_reach] == ["employer", "timing"]


def test_what_was_not_assessed_has_no_balance_and_no_chances() -> None:
    made = example_cases.not_assessed("C1", NotAssessed.NOT_STARTED)

    assert (
        balance_of(made, contract=example_cases.contract(), interviews=[], events=[], t=T) is None
    )
    assert chances_of(made, horizon_end=example_cases.TODAY, today=example_cases.TODAY, t=T) is None


@pytest.mark.parametrize(
    ("share", "whole", "words"),
    [
        (0.38, 10, "4 sur 10"),
        (0.051, 10, "1 sur 10"),
        (0.049, 10, "moins de 1 sur 20"),
        (0.243, 100, "24 sur 100"),
        (0.004, 100, "moins de 1 sur 200"),
    ],
)
def test_a_risk_is_shown_as_a_frequency(share: float, whole: int, words: str) -> None:
    assert frequency(share, whole=whole, t=T) == words


def test_risk_and_average_share_their_denominator() -> None:
    """A rare event is counted over a hundred, case and average alike."""
    rare = replace(example_cases.assessment(), base_rate=0.043, risk=0.21)

    chances = chances_of(rare, horizon_end=example_cases.TODAY, today=example_cases.TODAY, t=T)

    assert chances is not None
    assert (chances.short, chances.average) == ("21 sur 100", "en moyenne 4 sur 100")


@pytest.mark.parametrize(("low", "high", "beyond"), [(0.3, 0.46, False), (0.07, 0.14, True)])
def test_a_score_outside_what_was_observed_is_marked(low: float, high: float, beyond: bool) -> None:
    made = replace(example_cases.assessment(), similar_low=low, similar_high=high)
    file = example_case_page.case_file(example_cases.case_summary("C1", "Inès M.", made), [made])
    view = case_view(file, horizon_days=90, today=example_cases.TODAY, t=T)

    assert view.similar is not None
    assert view.similar.beyond is beyond


def test_the_average_of_the_ratings_shows_every_rating_that_it_averages() -> None:
    """The three latest values of each rating, whatever interviews they were given at."""
    held = [
        example_case_page.interview(
            f"I{n}", date(2026, 10, n), rating_tutor=float(n), rating_wellbeing=low
        )
        for n, low in ((1, 5.0), (2, None), (3, 4.0), (4, 2.0))
    ]

    found = sources_of("wellbeing", contract=example_cases.contract(), interviews=held, events=[])

    assert [(source.day.day, source.text) for source in found if source.day] == [
        (4, "relation avec le tuteur : 4 sur 5, bien-être : 2 sur 5"),
        (3, "relation avec le tuteur : 3 sur 5, bien-être : 4 sur 5"),
        (2, "relation avec le tuteur : 2 sur 5"),
        (1, "bien-être : 5 sur 5"),
    ]
