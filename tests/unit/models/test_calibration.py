"""Platt scaling with a prior, and the measures of calibration."""

import re

import numpy as np
import pytest
from scipy.special import expit

from features.common.errors import TrainingError
from models.calibration import (
    SMALLEST_SLOPE,
    OneClassError,
    Sigmoid,
    calibration_in_the_large,
    calibration_slope_intercept,
    fit_sigmoid,
)


def sample(seed: int, *, cases: int, slope: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Margins whose honest log-odds are `slope` x margin - 1, and labels drawn from them."""
    rng = np.random.default_rng(seed)
    margin = rng.normal(0.0, 1.0, cases)
    return margin, (rng.random(cases) < expit(slope * margin - 1.0)).astype(float)


def test_a_sigmoid_is_affine_in_log_odds() -> None:
    """Two slopes and an intercept apart, margins stay in line, whatever their shape."""
    margins = np.array([[0.0, 1.0], [2.0, -2.0]])

    calibrated = Sigmoid(slope=0.5, intercept=-1.0).apply(margins)

    np.testing.assert_array_equal(calibrated, [[-1.0, -0.5], [0.0, -2.0]])


def test_the_fit_is_where_the_gradient_of_the_posterior_is_zero() -> None:
    """The two equations of the maximum, written out anew, hold at the fitted values."""
    margin, y = sample(0, cases=200, slope=0.6)

    fitted = fit_sigmoid(margin, y, prior_sd=0.3)

    error = expit(fitted.apply(margin)) - y
    assert error.sum() == pytest.approx(0.0, abs=1e-5)
    assert error @ margin + (fitted.slope - 1.0) / 0.3**2 == pytest.approx(0.0, abs=1e-5)


def test_calibrated_risks_have_the_observed_rate_as_their_mean() -> None:
    """The intercept being free, risks are calibrated in the large on what they were fitted on."""
    margin, y = sample(1, cases=150)

    risks = expit(fit_sigmoid(margin, y).apply(margin))

    assert risks.mean() == pytest.approx(y.mean(), abs=1e-6)


def test_many_cases_overrule_the_prior() -> None:
    """With 50,000 cases the fitted slope and intercept are the true ones."""
    margin, y = sample(2, cases=50_000, slope=2.0)

    fitted = fit_sigmoid(margin, y)

    assert fitted.slope == pytest.approx(2.0, abs=0.08)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.05)


def test_few_cases_leave_the_slope_nearer_to_one_than_plain_likelihood_does() -> None:
    """The prior pulls the slope of 30 cases towards 1, and more so the narrower it is."""
    margin, y = sample(3, cases=30, slope=3.0)

    free, held, tight = (fit_sigmoid(margin, y, prior_sd=sd).slope for sd in (1e6, 0.5, 0.05))

    assert abs(free - 1.0) > abs(held - 1.0) > abs(tight - 1.0)


def test_separable_cases_give_a_finite_slope() -> None:
    """Where plain likelihood has no maximum, the posterior has one."""
    margin = np.concatenate([np.linspace(-3, -1, 40), np.linspace(1, 3, 10)])

    fitted = fit_sigmoid(margin, margin > 0.0)

    assert 1.0 < fitted.slope < 5.0


def test_margins_that_rank_upside_down_give_the_smallest_slope_not_a_negative_one() -> None:
    """The order of the margins is never turned: the level alone is then fitted."""
    margin, y = sample(4, cases=2_000)

    fitted = fit_sigmoid(-3.0 * margin, y)

    assert fitted.slope == pytest.approx(SMALLEST_SLOPE)
    assert expit(fitted.apply(-3.0 * margin)).mean() == pytest.approx(y.mean(), abs=1e-5)


def test_a_constant_margin_is_lifted_to_the_rate() -> None:
    """Nothing is known of the slope but the prior: it stays at 1."""
    fitted = fit_sigmoid(np.full(40, 2.0), np.tile([0.0, 0.0, 0.0, 1.0], 10))

    assert fitted.slope == pytest.approx(1.0)
    assert expit(fitted.apply(2.0)) == pytest.approx(0.25)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_is_refused_in_words(label: float) -> None:
    """Both a `ValueError` and a training failure with its own exit code."""
    with pytest.raises(OneClassError, match="expected ruptures and cases without") as caught:
        fit_sigmoid(np.zeros(20), np.full(20, label))

    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, TrainingError)


def test_refusals_name_the_argument() -> None:
    """What was expected and what came is in the sentence."""
    with pytest.raises(ValueError, match="margin: expected 2 values, got 3"):
        fit_sigmoid([0.0, 1.0, 2.0], [0.0, 1.0])
    with pytest.raises(ValueError, match="margin: expected finite log-odds, got inf"):
        fit_sigmoid([0.0, np.inf], [0.0, 1.0])
    with pytest.raises(ValueError, match=re.escape("prior_sd: expected a number above 0, got 0")):
        fit_sigmoid([0.0, 1.0], [0.0, 1.0], prior_sd=0.0)
    with pytest.raises(ValueError, match="sigmoid: expected a finite slope above 0"):
        Sigmoid(slope=-1.0, intercept=0.0)


@pytest.mark.parametrize(
    ("y", "p"),
    [
        pytest.param([], [], id="no case"),
        pytest.param([0, 0, 0], [0.1, 0.2, 0.3], id="one class"),
        pytest.param([0, 1, 0], [0.2, 0.2, 0.2], id="a constant risk"),
        pytest.param(
            [0, 1, 0],
            [np.nextafter(0.2, 1.0), 0.2, np.nextafter(0.2, 0.0)],
            id="a constant risk with rounding",
        ),
        pytest.param([0, 0, 1], [0.1, 0.2, 0.3], id="separated"),
        pytest.param([1, 1, 0, 0], [0.1, 0.2, 0.2, 0.3], id="separated but for a tie"),
    ],
)
def test_the_recalibration_is_missing_where_it_does_not_exist(y: list[int], p: list[float]) -> None:
    """Neither infinity nor an arbitrary large number."""
    assert np.isnan(calibration_slope_intercept(y, p)).all()


def test_the_recalibration_survives_sure_and_wrong_risks() -> None:
    """Risks of 0 and 1, some of them wrong, still have a slope, and a small one."""
    y = np.array([0.0] * 90 + [1.0] * 10 + [0.0] * 5 + [1.0] * 5)
    p = np.array([0.0] * 100 + [1.0] * 10)

    slope, intercept = calibration_slope_intercept(y, p)

    assert expit(intercept + slope * np.array([-36.04, 36.04])) == pytest.approx(
        [0.1, 0.5], abs=1e-3
    )


def test_calibration_in_the_large_compares_rate_and_mean_risk() -> None:
    """Twice as many ruptures as announced: ratio 2, difference 0.2."""
    ratio, difference = calibration_in_the_large([1, 1, 0, 0, 0], [0.2] * 5)

    assert (ratio, difference) == pytest.approx((2.0, 0.2))


def test_calibration_in_the_large_is_missing_without_risk_or_cases() -> None:
    """A mean risk of zero has no ratio; no case has nothing."""
    assert np.isnan(calibration_in_the_large([1, 0], [0.0, 0.0]).ratio)
    assert np.isnan(calibration_in_the_large([], [])).all()
