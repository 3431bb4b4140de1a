"""What holds of every metric and interval, whatever the cases."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from models.intervals import bootstrap
from models.metrics import IDEAL, METRICS, evaluate, precision_at_capacity, recall_at_capacity
from models.reliability import reliability_table

SEED_RANGE = range(3)  # widen by hand to check insensitivity to the seed


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, risks with many ties (0 and 1 among them) and whole-number weights."""
    n = draw(st.integers(0, 40))
    y = draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n))
    p = draw(st.lists(st.integers(0, 20), min_size=n, max_size=n))
    w = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    return np.array(y), np.array(p, dtype=float) / 20.0, np.array(w, dtype=int)


SHARES = st.floats(0.01, 1.0)


def judge(
    y: np.ndarray, p: np.ndarray, capacity: float, weights: np.ndarray | None = None
) -> np.ndarray:
    return np.array(list(evaluate(y, p, base=0.2, capacity=capacity, weights=weights).values()))


@given(cases(), SHARES)
@settings(max_examples=100, deadline=None)
def test_a_weight_is_a_repetition(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray], capacity: float
) -> None:
    """A case of weight 3 counts as three equal cases, one of weight 0 as none."""
    y, p, w = drawn

    weighted = judge(y, p, capacity, w)
    repeated = judge(np.repeat(y, w), np.repeat(p, w), capacity)

    np.testing.assert_allclose(weighted, repeated, rtol=1e-6, atol=1e-6)


@given(cases(), SHARES, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_rows_changes_nothing(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray], capacity: float, random: Random
) -> None:
    """Ties are shared out fairly, not by who comes first."""
    y, p, w = drawn
    order = np.array(random.sample(range(len(y)), len(y)), dtype=int)

    np.testing.assert_allclose(
        judge(y, p, capacity, w),
        judge(y[order], p[order], capacity, w[order]),
        rtol=1e-6,
        atol=1e-6,
    )


@given(cases(), SHARES)
@settings(max_examples=100, deadline=None)
def test_every_metric_is_a_number_in_its_range_or_missing(
    drawn: tuple[np.ndarray, np.ndarray, np.ndarray], capacity: float
) -> None:
    """Shares and areas stay within 0 and 1, skill below 1; one class gives NaN, not an error."""
    y, p, _ = drawn
    figures = evaluate(y, p, base=0.2, capacity=capacity)

    assert tuple(figures) == METRICS
    shares = ("rate", "mean_risk", "brier", "roc_auc", "pr_auc")
    for name in (*shares, "precision_at_capacity", "recall_at_capacity"):
        assert np.isnan(figures[name]) or -1e-12 <= figures[name] <= 1.0 + 1e-12
    assert not figures["brier_skill"] > 1.0
    assert not np.isinf(list(figures.values())).any()


@pytest.mark.parametrize("seed", SEED_RANGE)
def test_precision_at_capacity_is_the_mean_over_every_order_of_ties(seed: int) -> None:
    """Breaking ties at random many times gives the same precision and recall on average."""
    rng = np.random.default_rng(seed)
    y = (rng.random(30) < 0.4).astype(float)
    p = rng.integers(0, 3, 30) / 3.0

    broken = [
        y[np.lexsort((rng.random(30), -p))][:6].sum() for _ in range(20_000)
    ]  # 6 = 20 % of 30

    assert precision_at_capacity(y, p, 0.2) == pytest.approx(np.mean(broken) / 6, abs=0.01)
    assert recall_at_capacity(y, p, 0.2) == pytest.approx(np.mean(broken) / y.sum(), abs=0.01)


def clustered(rng: np.random.Generator, *, persons: int) -> tuple[np.ndarray, ...]:
    """Labels, true risks and person ids: three cases of each person, all with the same label."""
    risk = rng.uniform(0.05, 0.6, persons)
    label = (rng.random(persons) < risk).astype(float)
    return np.repeat(label, 3), np.repeat(risk, 3), np.repeat(np.arange(persons), 3)


@pytest.mark.parametrize("seed", SEED_RANGE)
def test_an_interval_holds_its_value(seed: int) -> None:
    """Low <= value <= high for every metric."""
    y, p, persons = clustered(np.random.default_rng(seed), persons=60)

    table = bootstrap(y, p, persons=persons, base=0.3, capacity=0.1, seed=seed, draws=50)

    assert list(table.index) == list(METRICS)
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()


def test_intervals_cover_the_truth_about_95_times_of_100() -> None:
    """Drawn by person, they hold the true rate, slope, intercept and Brier score of honest risks.

    With 100 repetitions a true coverage of 95 % gives 88 to 100 but for one chance in a hundred;
    ignoring that a person's cases repeat would cover about 75.
    """
    rng = np.random.default_rng(2026)
    grid = np.linspace(0.05, 0.6, 10_001)
    truth = {
        "rate": grid.mean(),
        "brier": (grid * (1.0 - grid)).mean(),
        "calibration_slope": 1.0,
        "calibration_intercept": 0.0,
    }
    names = list(truth)
    held = np.zeros(len(names))
    for repetition in range(100):
        y, p, persons = clustered(rng, persons=250)
        table = bootstrap(
            y, p, persons=persons, base=0.3, capacity=0.1, seed=repetition, draws=100
        ).loc[names]
        held += (table["low"] <= list(truth.values())) & (table["high"] >= list(truth.values()))

    assert ((held >= 88) & (held <= 100)).all(), dict(zip(names, held, strict=True))


def test_reliability_intervals_cover_the_rate_of_each_bin_though_persons_repeat() -> None:
    """The design effect restores the coverage that counting cases as independent loses."""
    rng = np.random.default_rng(7)
    covered: dict[str, list[float]] = {"by person": [], "by case": []}
    for _ in range(100):
        y, p, persons = clustered(rng, persons=200)
        for name, clusters in (("by person", persons), ("by case", None)):
            table = reliability_table(y, p, persons=clusters, bins=4)
            inside = table["mean_risk"].between(table["rate_low"], table["rate_high"])
            covered[name].append(inside.mean())

    assert 0.92 <= np.mean(covered["by person"]) <= 0.99
    assert np.mean(covered["by case"]) < 0.85


def test_a_perfect_predictor_reaches_the_ideal_and_a_silly_one_does_not() -> None:
    """Sure and right: every metric is ideal, calibration slope apart, which does not exist."""
    y = np.tile([0.0, 0.0, 0.0, 1.0], 25)
    undefined = {"calibration_slope", "calibration_intercept"}

    perfect = evaluate(y, y, base=0.25, capacity=0.25)
    silly = evaluate(y, 1.0 - y, base=0.25, capacity=0.25)

    for name, ideal in IDEAL.items():
        if name in undefined:
            assert np.isnan(perfect[name])
        else:
            assert perfect[name] == pytest.approx(ideal, abs=1e-12)
            assert abs(silly[name] - ideal) > 0.3
    assert silly["log_loss"] == pytest.approx(36.04, abs=0.01)


def test_a_predictor_that_says_the_rate_has_no_skill_and_ranks_like_chance() -> None:
    """A constant risk at the rate: skill 0, AUC one half, average precision the rate, ratio 1."""
    y = np.tile([0.0, 0.0, 0.0, 1.0], 25)

    figures = evaluate(y, np.full(100, 0.25), base=0.25, capacity=0.1)

    assert figures["brier_skill"] == pytest.approx(0.0, abs=1e-12)
    assert figures["roc_auc"] == pytest.approx(0.5)
    assert figures["pr_auc"] == pytest.approx(0.25)
    assert figures["precision_at_capacity"] == pytest.approx(0.25)
    assert figures["recall_at_capacity"] == pytest.approx(0.1)
    assert figures["calibration_ratio"] == pytest.approx(1.0)
    assert np.isnan(figures["calibration_slope"])


@pytest.mark.parametrize("seed", SEED_RANGE)
def test_honest_risks_have_slope_one_and_stretched_ones_its_inverse(seed: int) -> None:
    """Doubling the log-odds of honest risks halves the slope."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-1.5, 1.0, 50_000)
    y = (rng.random(50_000) < expit(z)).astype(float)

    honest = evaluate(y, expit(z), base=0.2, capacity=0.1)
    stretched = evaluate(y, expit(2.0 * z), base=0.2, capacity=0.1)

    assert honest["calibration_slope"] == pytest.approx(1.0, abs=0.05)
    assert honest["calibration_ratio"] == pytest.approx(1.0, abs=0.03)
    assert stretched["calibration_slope"] == pytest.approx(
        honest["calibration_slope"] / 2.0, abs=1e-6
    )
