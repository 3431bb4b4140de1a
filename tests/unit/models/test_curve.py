"""The smooth curve of what followed each risk, and the band a case reads off it."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from models.checks import ArgumentError
from models.curve import COLUMNS, band_at, calibration_curve, from_rows, nearest_point, to_rows


def sample(cases: int = 2_000, *, seed: int = 0, slope: float = 1.0) -> tuple[np.ndarray, ...]:
    """Labels and risks; with a slope below 1 the risks are over-confident."""
    rng = np.random.default_rng(seed)
    margins = rng.normal(-1.5, 1.0, cases)
    return (rng.random(cases) < expit(slope * margins)).astype(float), expit(margins)


def test_a_curve_runs_from_the_lowest_risk_to_the_highest_inside_its_band() -> None:
    """It is read between its points, which lie in order."""
    y, p = sample()

    curve = calibration_curve(y, p)

    assert tuple(curve.columns) == COLUMNS
    assert curve["risk"].is_monotonic_increasing
    np.testing.assert_allclose(curve["risk"].iloc[[0, -1]], [p.min(), p.max()])
    assert curve["rate"].between(curve["low"], curve["high"]).all()


def test_the_band_holds_what_follows_in_most_of_the_draws() -> None:
    """A hundred calibrated programmes: the band of 95 % holds the truth about as often."""
    held = []
    for seed in range(100):
        y, p = sample(800, seed=seed)
        at = np.quantile(p, [0.1, 0.5, 0.9])
        low, high = band_at(calibration_curve(y, p), at)
        held.append((low <= at) & (at <= high))

    assert (np.mean(held, axis=0) > 0.9).all()


def test_an_over_confident_model_leaves_its_band_at_both_ends() -> None:
    """Risks too far apart: what followed was nearer to the mean."""
    curve = calibration_curve(*sample(20_000, slope=0.6))

    ends = curve.iloc[[2, -3]]

    assert ends["risk"].iloc[0] < ends["low"].iloc[0]
    assert ends["risk"].iloc[1] > ends["high"].iloc[1]


def test_a_curve_that_bends_is_followed() -> None:
    """A straight line in log-odds would miss it by far."""
    rng = np.random.default_rng(3)
    margins = rng.normal(0.0, 1.5, 40_000)
    truth = expit(margins - 0.3 * np.maximum(margins - 1.0, 0.0) * 2)
    y = (rng.random(len(truth)) < truth).astype(float)

    curve = calibration_curve(y, expit(margins))

    expected = np.interp(logit(curve["risk"]), np.sort(margins), np.sort(truth))
    assert np.abs(curve["rate"] - expected).iloc[5:-5].max() < 0.02


def test_cases_of_one_person_weigh_less_than_as_many_persons() -> None:
    """Each case four times over leaves the band of one time, but for what the prior weighs."""
    y, p = sample(8_000)
    four = calibration_curve(np.repeat(y, 4), np.repeat(p, 4), persons=np.repeat(range(8_000), 4))

    once = calibration_curve(y, p, persons=np.arange(8_000))

    low, high = band_at(four, p)
    expected_low, expected_high = band_at(once, p)
    np.testing.assert_allclose(low, expected_low, atol=0.02)
    np.testing.assert_allclose(high, expected_high, atol=0.02)


def test_mornings_whose_level_differs_widen_the_band() -> None:
    """The next morning may differ as those that were judged did."""
    rng = np.random.default_rng(5)
    mornings = np.arange(8_000) % 8
    p = expit(rng.normal(-1.5, 1.0, 8_000))
    moved = expit(logit(p) + rng.normal(0.0, 0.5, 8)[mornings])
    y = (rng.random(8_000) < moved).astype(float)

    still = calibration_curve(y, p)
    wide = calibration_curve(y, p, mornings=mornings)

    width, wider = ((curve["high"] - curve["low"]).mean() for curve in (still, wide))
    assert wider > 2 * width


@pytest.mark.parametrize("ruptures", [0, 1, 19, 200])
def test_few_ruptures_give_a_wide_band_and_never_none(ruptures: int) -> None:
    """None of two hundred is not never; all of them is not always."""
    p = np.linspace(0.05, 0.4, 200)
    y = (np.arange(200) < ruptures).astype(float)

    curve = calibration_curve(y, p)

    assert np.isfinite(curve[list(COLUMNS)]).all(axis=None)
    assert (curve["high"] > curve["low"]).all()
    assert ((curve["low"] > 0) & (curve["high"] < 1)).all()


def test_a_constant_risk_is_one_shift() -> None:
    """There is nothing to bend."""
    y = (np.arange(400) % 5 == 0).astype(float)

    curve = calibration_curve(y, np.full(400, 0.2))

    np.testing.assert_allclose(curve["rate"], 0.2, atol=0.01)
    np.testing.assert_allclose(curve["risk"], 0.2)


def test_counts_are_those_of_the_cases_nearest_in_rank() -> None:
    """A fortieth of the cases, a hundred at least, around the point."""
    y, p = sample(8_000)

    curve = calibration_curve(y, p)

    order = np.argsort(p)
    assert curve["cases"].eq(200).all()
    assert curve["ruptures"].iloc[0] == y[order[:200]].sum()
    assert curve["ruptures"].iloc[-1] == y[order[-200:]].sum()


def test_a_risk_beyond_the_curve_takes_the_band_of_its_end() -> None:
    """Between the points it is interpolated; the nearest point has the counts."""
    curve = calibration_curve(*sample())
    beyond = np.array([0.0, 1.0])

    low, high = band_at(curve, beyond)

    assert low.tolist() == curve["low"].iloc[[0, -1]].tolist()
    assert high.tolist() == curve["high"].iloc[[0, -1]].tolist()
    assert nearest_point(curve, beyond).tolist() == [0, len(curve) - 1]
    assert nearest_point(curve, curve["risk"]).tolist() == list(range(len(curve)))


def test_a_curve_goes_through_json_to_the_last_bit() -> None:
    """What is shown after loading is what was computed."""
    curve = calibration_curve(*sample(777), persons=np.arange(777) // 3)

    again = from_rows(json.loads(json.dumps(to_rows(curve))))

    pd.testing.assert_frame_equal(again, curve, check_exact=True)


def test_a_missing_risk_no_case_and_foreign_rows_are_refused() -> None:
    """A case that was not scored has no like cases."""
    curve = calibration_curve(*sample(200))

    with pytest.raises(ArgumentError, match="risk"):
        band_at(curve, [np.nan])
    with pytest.raises(ArgumentError, match="at least one case"):
        calibration_curve([], [])
    with pytest.raises(ArgumentError, match="rows"):
        from_rows([{"risk": 0.1}])
