"""The yearly curve of any case: a cumulative risk whose value at the horizon is the risk shown."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks import ArgumentError
from models.hazards import BAND_DAYS, LAST_BAND, Hazards, hazards_of
from models.incidence import DAYS, Incidence, cohort_incidence, incidence_at, incidence_of
from models.persistence import fit_persistence

RATES = st.lists(st.floats(1e-7, 0.02), min_size=LAST_BAND, max_size=LAST_BAND).map(np.array)
HAZARDS = st.builds(
    Hazards,
    rupture=RATES,
    other=RATES,
    contracts=st.lists(st.integers(0, 100), min_size=LAST_BAND, max_size=LAST_BAND).map(
        lambda counts: np.array(counts, dtype="float64")
    ),
    persistence=st.floats(0.0, 1.0),
    persistence_error=st.floats(0.0, 0.5),
)
RISK = st.floats(0.0, 1.0)
AGE, REMAINING = st.floats(-60.0, 2000.0), st.floats(1.0, 1500.0) | st.just(float("nan"))
HORIZON = st.integers(20, 400)


def one(hazards: Hazards, risk: float, low: float, high: float, **case: float) -> Incidence:
    parts = {name: np.array([value]) for name, value in case.items() if name != "horizon_days"}
    curves = incidence_of(
        hazards,
        np.array([risk]),
        low=np.array([low]),
        high=np.array([high]),
        horizon_days=int(case["horizon_days"]),
        **parts,
    )
    return curves[0]


@given(
    hazards=HAZARDS, ends=st.tuples(RISK, RISK, RISK), age=AGE, remaining=REMAINING, days=HORIZON
)
def test_a_curve_rises_within_bounds_through_the_risk_that_is_shown(
    hazards: Hazards, ends: tuple[float, float, float], age: float, remaining: float, days: int
) -> None:
    low, risk, high = sorted(ends)
    curve = one(hazards, risk, low, high, age_days=age, remaining_days=remaining, horizon_days=days)

    assert curve.risk[curve.days.index(days)] == risk, "to the last bit"
    assert curve.low[curve.days.index(days)] == low
    assert curve.high[curve.days.index(days)] == high
    for line in (curve.low, curve.risk, curve.high):
        assert (np.diff(line) >= 0).all()
        assert 0.0 <= line[0] <= line[-1] <= 1.0
    assert (np.array(curve.low) <= np.array(curve.risk) + 1e-15).all()
    assert (np.array(curve.risk) <= np.array(curve.high) + 1e-15).all()


@given(hazards=HAZARDS, risk=RISK, age=AGE, days=HORIZON)
def test_nothing_is_asked_beyond_what_was_followed(
    hazards: Hazards, risk: float, age: float, days: int
) -> None:
    """The part that can be answered, and how far it goes; the risk itself is always there."""
    case = {"age_days": age, "remaining_days": float("nan"), "horizon_days": float(days)}
    curve = one(hazards, risk, risk, risk, **case)

    assert curve.followed_days == hazards.followed_days(age)
    beyond = [day for day in curve.days if day > curve.followed_days]
    assert beyond in ([], [days])
    followed = {day for day in DAYS if day <= curve.followed_days}
    assert set(curve.days) == followed | {days}


@given(hazards=HAZARDS, risk=st.floats(0.001, 0.9), age=AGE, remaining=st.integers(100, 300))
def test_nothing_breaks_after_the_planned_end(
    hazards: Hazards, risk: float, age: float, remaining: int
) -> None:
    curve = incidence_at(
        hazards,
        np.array([risk]),
        age_days=np.array([age]),
        remaining_days=np.array([float(remaining)]),
        horizon_days=90,
    )[0]
    past = [i for i, day in enumerate(DAYS) if day >= remaining]

    assert np.ptp(curve[past]) <= 1e-15


@given(hazards=HAZARDS, age=AGE, remaining=REMAINING)
def test_a_case_like_all_others_has_the_curve_of_its_cohort(
    hazards: Hazards, age: float, remaining: float
) -> None:
    parts = {"age_days": np.array([age]), "remaining_days": np.array([remaining])}
    cohort = cohort_incidence(hazards, **parts)
    risk = cohort[:, DAYS.index(90)]

    curve = incidence_at(hazards, risk, horizon_days=90, **parts)
    np.testing.assert_allclose(curve, cohort, rtol=1e-6, atol=1e-9)


@given(hazards=HAZARDS)
def test_rates_come_back_from_json_to_the_last_bit(hazards: Hazards) -> None:
    back = Hazards.from_facts(json.loads(json.dumps(hazards.as_facts())))

    assert back.rupture.tobytes() == hazards.rupture.tobytes()
    assert back.as_facts() == hazards.as_facts()


def test_rates_of_another_length_are_refused() -> None:
    facts = Hazards(*np.ones((3, LAST_BAND))).as_facts() | {"other": [0.1]}

    with pytest.raises(ArgumentError, match="expected rates of 48 age bands"):
        Hazards.from_facts(facts)


def test_constant_rates_are_found_with_late_entry_and_two_kinds_of_ends() -> None:
    """Whoever enters late is not at risk before: a rate that forgets it comes out too low."""
    rng = np.random.default_rng(3)
    n = 40_000
    broken, other = rng.exponential(1 / 0.002, n), rng.exponential(1 / 0.001, n)
    entry, leave = rng.uniform(0, 90, n), np.minimum(np.minimum(broken, other), 300)
    seen = leave > entry
    kinds = [(ends == leave).astype("float64")[seen] for ends in (broken, other)]

    hazards = hazards_of(entry[seen], leave[seen], *kinds)

    inside = slice(0, 300 // BAND_DAYS)
    np.testing.assert_allclose(hazards.rupture[inside], 0.002, rtol=0.1)
    np.testing.assert_allclose(hazards.other[inside], 0.001, rtol=0.15)
    curve = cohort_incidence(
        hazards, age_days=np.zeros(1), remaining_days=np.array([np.nan]), days=(90, 240)
    )[0]
    expected = [2 / 3 * -np.expm1(-0.003 * day) for day in (90, 240)]
    np.testing.assert_allclose(curve, expected, rtol=0.03)


@pytest.mark.parametrize("truth", [0.0, 0.4, 1.0])
def test_the_persistence_of_drawn_cases_is_found(truth: float) -> None:
    """Cases that keep a known part of their difference; many, so that the prior hardly counts."""
    rng = np.random.default_rng(7)
    n, flat = 30_000, np.full(LAST_BAND, 0.001)
    hazards = Hazards(flat, np.full(LAST_BAND, 1e-12), np.full(LAST_BAND, 1e4))
    log_theta = rng.normal(0.0, 0.8, n)
    risk = -np.expm1(-np.exp(log_theta) * 0.09)
    later = 90 + rng.exponential(1 / (0.001 * np.exp(truth * log_theta)))

    value, error = fit_persistence(
        hazards,
        risk,
        age_days=np.zeros(n),
        remaining_days=np.full(n, np.nan),
        horizon_days=90,
        followed_days=np.minimum(later, 365.0),
        ruptured=(later < 365).astype("float64"),
        persons=np.arange(n),
    )

    assert abs(value - truth) < 0.05
    assert error < 0.05


def test_without_a_case_followed_so_far_the_persistence_is_the_prior() -> None:
    hazards = Hazards(*np.ones((3, LAST_BAND)))
    none = np.array([50.0])

    value, error = fit_persistence(
        hazards,
        np.array([0.2]),
        age_days=none,
        remaining_days=none,
        horizon_days=90,
        followed_days=none,
        ruptured=np.zeros(1),
        persons=np.zeros(1, dtype="int64"),
    )

    assert (value, error) == (Hazards.persistence, Hazards.persistence_error)
