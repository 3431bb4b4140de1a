"""What every estimator of an effect must keep, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.effect.estimators.balance import standardised_differences
from training.effect.estimators.bounds import extreme_cases, lee_bounds
from training.effect.estimators.compliance import complier_effect, per_protocol
from training.effect.estimators.hazards import cause_specific_ratio, subdistribution_ratio
from training.effect.estimators.incidence import cumulative_incidence, restricted_mean_difference
from training.effect.estimators.power import detectable, power
from training.effect.estimators.proportions import Counts, difference, equality_test
from training.effect.estimators.sequence import mixture_boundary, spending_boundaries
from training.effect.estimators.standardisation import standardised
from training.effect.estimators.stratified import mantel_haenszel_difference, tabulate
from training.simulator.trials import Scenario, draw_trials, permuted_blocks

LEVEL = 0.95
SIZES = st.integers(1, 60)


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    one, zero = draw(SIZES), draw(SIZES)
    return Counts(draw(st.integers(0, one)), one, draw(st.integers(0, zero)), zero)


@settings(deadline=None)
@given(counts())
def test_exchanging_the_arms_turns_the_sign(found: Counts) -> None:
    other = Counts(found.events0, found.persons0, found.events1, found.persons1)
    a, b = difference(found, level=LEVEL), difference(other, level=LEVEL)
    assert (a.value, a.low, a.high) == pytest.approx((-b.value, -b.high, -b.low), abs=1e-9)
    assert a.p == pytest.approx(b.p, abs=1e-9)


@settings(deadline=None)
@given(counts())
def test_an_interval_holds_its_value_and_stays_within_one(found: Counts) -> None:
    estimate = difference(found, level=LEVEL)
    assert -1 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert 0 <= equality_test(found)[0] <= 1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0, 0.6))
def test_extreme_cases_hold_every_value_of_the_missing(seed: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    truth, arm = rng.integers(0, 2, 80).astype(float), np.arange(80) % 2 == 0
    seen = np.where(rng.random(80) < missing, np.nan, truth)
    if not (np.isfinite(seen[arm]).any() and np.isfinite(seen[~arm]).any()):
        return
    bounds = extreme_cases(seen, arm, level=LEVEL)
    real = truth[arm].mean() - truth[~arm].mean()
    assert bounds.details["least"] - 1e-9 <= real <= bounds.details["most"] + 1e-9
    assert bounds.low <= bounds.details["least"] <= bounds.details["most"] <= bounds.high
    lee = lee_bounds(seen, arm, level=LEVEL)
    assert lee.low <= lee.details["lower"] <= lee.value + 1e-9
    assert lee.value <= lee.details["upper"] + 1e-9 <= lee.high + 2e-9


def test_without_missing_outcomes_the_bounds_are_the_difference() -> None:
    outcome, arm = np.array([1.0, 0, 0, 1, 1, 0, 1, 1]), np.arange(8) < 4
    found = lee_bounds(outcome, arm, level=LEVEL)
    assert found.details["lower"] == found.details["upper"] == found.value
    extreme = extreme_cases(outcome, arm, level=LEVEL)
    assert extreme.details["least"] == extreme.details["most"] == extreme.value


def test_a_lee_bound_by_hand() -> None:
    """Of 10 supported 10 answer, 5 with an event; of 10 compared 8, 4 with one.

    A fifth of the supported who answered is surplus: without the two at the top, 3 of 8; without
    the two at the bottom, 5 of 8.
    """
    outcome = np.array([1.0] * 5 + [0.0] * 5 + [1.0] * 4 + [0.0] * 4 + [np.nan] * 2)
    found = lee_bounds(outcome, np.arange(20) < 10, level=LEVEL)
    assert found.details["lower"] == pytest.approx(3 / 8 - 1 / 2)
    assert found.details["upper"] == pytest.approx(5 / 8 - 1 / 2)


def test_without_covariates_standardisation_is_the_difference_of_rates() -> None:
    rng = np.random.default_rng(2)
    arm = np.arange(200) % 2 == 0
    outcome = (rng.random(200) < np.where(arm, 0.2, 0.4)).astype(float)
    found = standardised(outcome, arm, np.empty((200, 0)), level=LEVEL)
    assert found.value == pytest.approx(outcome[arm].mean() - outcome[~arm].mean(), abs=1e-8)
    pooled = mantel_haenszel_difference(tabulate(outcome, arm, np.zeros(200, int)), level=LEVEL)
    assert pooled.value == pytest.approx(found.value, abs=1e-8)


def test_a_covariate_that_repeats_another_changes_nothing() -> None:
    drawn = draw_trials(Scenario("x", 60, shift=-0.5), trials=1, rng=np.random.default_rng(3))
    x = drawn.covariate[0][:, None]
    one = standardised(drawn.outcome[0], drawn.arm[0], x, level=LEVEL)
    two = standardised(drawn.outcome[0], drawn.arm[0], np.hstack([x, 2 * x + 1]), level=LEVEL)
    assert (two.value, two.low) == pytest.approx((one.value, one.low), abs=1e-9)


def test_persons_who_go_together_widen_the_interval() -> None:
    rng = np.random.default_rng(4)
    arm = np.repeat(rng.permutation(np.arange(40) % 2 == 0), 5)
    outcome = np.repeat((rng.random(40) < 0.4).astype(float), 5)
    clusters = np.repeat(np.arange(40), 5)
    alone = standardised(outcome, arm, np.empty((200, 0)), level=LEVEL)
    together = standardised(outcome, arm, np.empty((200, 0)), level=LEVEL, clusters=clusters)
    assert together.details["error"] == pytest.approx(5**0.5 * alone.details["error"], rel=0.05)


def test_ties_are_broken_without_chance() -> None:
    """Curves, means and ratios are the same whatever the order of persons."""
    rng = np.random.default_rng(5)
    time = rng.integers(1, 20, 120).astype(float)
    cause, arm = rng.integers(0, 3, 120), np.arange(120) % 2 == 0
    order = rng.permutation(120)
    for one, two in (
        (
            cumulative_incidence(time, cause, of=1, level=LEVEL).value,
            cumulative_incidence(time[order], cause[order], of=1, level=LEVEL).value,
        ),
        (
            cause_specific_ratio(time, cause, arm, of=1, level=LEVEL).value,
            cause_specific_ratio(time[order], cause[order], arm[order], of=1, level=LEVEL).value,
        ),
    ):
        assert one == pytest.approx(two, abs=1e-6)


def test_shares_of_all_ends_and_of_none_sum_to_one() -> None:
    rng = np.random.default_rng(6)
    time, cause = rng.integers(1, 100, 300).astype(float), rng.integers(1, 4, 300)
    curves = [cumulative_incidence(time, cause, of=k, level=LEVEL) for k in (1, 2, 3)]
    assert sum(curve.at(100)[0] for curve in curves) == pytest.approx(1.0)


def test_without_competing_ends_both_ratios_are_one() -> None:
    rng = np.random.default_rng(7)
    time, arm = rng.integers(1, 365, 200).astype(float), np.arange(200) % 2 == 0
    cause = (time < 250).astype(int)
    one = cause_specific_ratio(time, cause, arm, of=1, level=LEVEL)
    two = subdistribution_ratio(time, cause, arm, np.full(200, 365.0), of=1, level=LEVEL)
    assert one.value == pytest.approx(two.value)


def test_a_restricted_mean_without_any_end_is_the_window() -> None:
    time, arm = np.full(20, 300.0), np.arange(20) % 2 == 0
    found = restricted_mean_difference(time, np.zeros(20, bool), arm, within=300, level=LEVEL)
    assert found.value == 0
    assert found.details["mean1"] == 300


def test_everybody_following_makes_secondary_readings_the_first() -> None:
    outcome, arm = np.array([1.0, 0, 0, 0, 1, 1, 0, 1] * 10), np.arange(80) % 8 < 4
    first = difference(Counts.of(outcome, arm), level=LEVEL)
    assert per_protocol(outcome, arm, arm, level=LEVEL).value == first.value
    assert complier_effect(outcome, arm, arm, level=LEVEL).value == pytest.approx(first.value)
    nobody = complier_effect(outcome, arm, np.zeros(80, bool), level=LEVEL)
    assert nobody.notes == ("draw_moved_too_few",)


def test_a_boundary_is_narrowest_where_it_is_tuned_and_always_beyond_one_look() -> None:
    persons = np.arange(20, 1001)
    boundary = mixture_boundary(persons, alpha=0.05, tuned=150)
    assert persons[boundary.argmin()] == pytest.approx(150, abs=5)
    assert (boundary > 1.96).all()


@settings(deadline=None, max_examples=10)
@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=5, unique=True))
def test_looks_spend_the_error_and_no_more(fractions: list[float]) -> None:
    """Simulated walks leave the boundaries as often as was allowed, within five errors."""
    shares = np.sort(fractions)
    limits = spending_boundaries(shares, alpha=0.05)
    steps = np.sqrt(np.diff(np.concatenate([[0.0], shares])))
    walks = (np.random.default_rng(8).standard_normal((40_000, len(shares))) * steps).cumsum(axis=1)
    left = (np.abs(walks / np.sqrt(shares)) > limits).any(axis=1).mean()
    assert left <= 0.05 + 5 * (0.05 * 0.95 / 40_000) ** 0.5


def test_power_grows_with_size_and_effect_and_its_reach_has_it() -> None:
    small, large = (power(0.25, -0.1, persons1=n, persons0=n, alpha=0.05) for n in (75, 200))
    assert 0.05 < small < large < 1
    fall, rise = detectable(0.25, persons1=75, persons0=75, alpha=0.05)
    for reached in (fall, rise):
        found = power(0.25, reached, persons1=75, persons0=75, alpha=0.05)
        assert found == pytest.approx(0.8, abs=0.01)
    assert np.isnan(detectable(0.02, persons1=20, persons0=20, alpha=0.05)[0])


def test_blocks_balance_every_stratum() -> None:
    stratum = np.random.default_rng(9).integers(0, 4, (50, 200))
    arm = permuted_blocks(stratum, np.random.default_rng(10))
    for code in range(4):
        gap = np.where(stratum == code, np.where(arm, 1, -1), 0).cumsum(axis=1)
        assert np.abs(gap).max() <= 4


def test_the_true_rates_are_those_of_many_draws() -> None:
    scenario = Scenario("x", 2000, shift=-0.5, shift_spread=0.8)
    drawn = draw_trials(scenario, trials=100, rng=np.random.default_rng(11))
    assert drawn.outcome1.mean() == pytest.approx(scenario.rates[0], abs=0.003)
    assert drawn.outcome0.mean() == pytest.approx(scenario.rates[1], abs=0.003)


def test_balance_counts_numbers_categories_and_gaps() -> None:
    import pandas as pd

    facts = pd.DataFrame({"age": [20.0, 22, 20, 22], "site": ["a", "b", None, "b"]})
    found = standardised_differences(facts, np.array([True, True, False, False]))
    assert list(found["category"]) == ["", "a", "b", "?"]
    assert found["difference"].iloc[0] == 0
    assert found["difference"].iloc[2] == pytest.approx(0.0)
