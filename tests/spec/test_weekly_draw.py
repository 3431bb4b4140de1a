"""The draw of the week: known probabilities, a small capacity draws too, the urgent are listed."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.queries.weekly_draw import WEIGHT_OF_URGENT, draw_week, monday_of, systematic_draw
from tests.pages import example_cases

MONDAY = date(2026, 11, 23)
CASES = [
    example_cases.case_summary(
        f"M{n:02}", "", example_cases.assessment(f"M{n:02}", rest=-n / 10, number=n)
    )
    for n in range(30)
]
SEEDS = [str(number).encode() for number in range(2_000)]


@given(
    st.lists(st.floats(0, 1), max_size=30),
    st.binary(min_size=4, max_size=4),
)
def test_as_many_are_drawn_as_the_probabilities_add_up_to(values: list[float], seed: bytes) -> None:
    taken = systematic_draw({f"C{n}": p for n, p in enumerate(values)}, seed=seed)

    assert abs(len(taken) - sum(values)) < 1
    assert not any(values[int(name[1:])] == 0 for name in taken)


def test_each_is_drawn_with_exactly_its_probability() -> None:
    wanted = {"A": 0.05, "B": 0.3, "C": 0.3, "D": 0.75, "E": 1.0}
    counts = Counter(name for seed in SEEDS for name in systematic_draw(wanted, seed=seed))

    for name, probability in wanted.items():
        error = (probability * (1 - probability) / len(SEEDS)) ** 0.5
        assert counts[name] / len(SEEDS) == pytest.approx(probability, abs=4 * error)


@pytest.mark.parametrize(("capacity", "share"), [(4, 0.1), (8, 0.1), (8, 0.25)])
def test_over_the_weeks_the_share_is_drawn_and_the_urgent_seldom(
    capacity: int, share: float
) -> None:
    weeks = [
        draw_week(CASES, "A1", capacity=capacity, random_share=share, seed=seed, today=MONDAY)
        for seed in SEEDS[:500]
    ]

    assert {len([line for line in week if line.rank]) for week in weeks} == {capacity}
    a_week = sum(line.drawn for week in weeks for line in week) / len(weeks)
    assert a_week == pytest.approx(capacity * share, abs=0.1)
    first, last = (
        next(line.probability for line in weeks[0] if line.contract_id == name)
        for name in ("M00", "M29")
    )
    assert first == pytest.approx(WEIGHT_OF_URGENT * last)


def test_a_line_stands_for_every_open_case_and_the_list_is_in_order_of_urgency() -> None:
    lines = draw_week(
        CASES, "A1", capacity=6, random_share=0.2, seed=b"one", today=MONDAY + timedelta(days=3)
    )

    assert {line.contract_id for line in lines} == {case.contract_id for case in CASES}
    listed = [line for line in lines if line.rank is not None]
    assert [line.rank for line in listed] == list(range(1, 7))
    assert [line.contract_id for line in listed] == sorted(line.contract_id for line in listed)
    assert {line.week for line in lines} == {MONDAY}
    assert monday_of(date(2026, 11, 29)) == MONDAY


def test_a_caseload_within_the_capacity_is_listed_whole() -> None:
    lines = draw_week(CASES[:3], "A1", capacity=8, random_share=0.5, seed=b"x", today=MONDAY)

    assert [line.rank for line in lines] == [1, 2, 3]
    assert {line.probability for line in lines} == {1.0}
