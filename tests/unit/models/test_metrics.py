"""Metrics on cases small enough to compute by hand, and their refusals."""

import math
from functools import partial

import numpy as np
import pytest

from features.common.errors import InputError
from models.calibration import calibration_in_the_large, calibration_slope_intercept
from models.metrics import (
    brier,
    brier_skill,
    evaluate,
    log_loss,
    log_losses,
    pr_auc,
    precision_at_capacity,
    recall_at_capacity,
    roc_auc,
)

Y = [1, 0, 1, 0, 0]
P = [0.9, 0.8, 0.6, 0.3, 0.1]


def test_metrics_of_five_cases_by_hand() -> None:
    """Five out of six pairs are in order; the second rupture is third on the list."""
    assert brier(Y, P) == pytest.approx((0.01 + 0.64 + 0.16 + 0.09 + 0.01) / 5)
    assert brier_skill(Y, P, 0.4) == pytest.approx(1 - 0.182 / 0.24)
    assert log_losses(Y, P)[1] == pytest.approx(-math.log(0.2))
    assert log_loss(Y, P) == pytest.approx(np.mean(log_losses(Y, P)))
    assert roc_auc(Y, P) == pytest.approx(5 / 6)
    assert pr_auc(Y, P) == pytest.approx((1 + 2 / 3) / 2)
    assert precision_at_capacity(Y, P, 0.6) == pytest.approx(2 / 3)
    assert recall_at_capacity(Y, P, 0.4) == pytest.approx(0.5)


def test_evaluate_agrees_with_each_function_of_its_own() -> None:
    """One set of formulas: the table and the single functions give the same numbers."""
    figures = evaluate(Y, P, base=0.4, capacity=0.4)
    single = {
        "brier": brier,
        "brier_skill": partial(brier_skill, base=0.4),
        "log_loss": log_loss,
        "roc_auc": roc_auc,
        "pr_auc": pr_auc,
        "precision_at_capacity": partial(precision_at_capacity, share=0.4),
        "recall_at_capacity": partial(recall_at_capacity, share=0.4),
        "calibration_slope": lambda y, p: calibration_slope_intercept(y, p).slope,
        "calibration_intercept": lambda y, p: calibration_slope_intercept(y, p).intercept,
        "calibration_ratio": lambda y, p: calibration_in_the_large(y, p).ratio,
        "calibration_difference": lambda y, p: calibration_in_the_large(y, p).difference,
    }

    assert set(figures) - set(single) == {"rate", "mean_risk"}
    for name, function in single.items():
        assert figures[name] == pytest.approx(function(Y, P)), name


def test_the_base_may_be_one_risk_per_case_and_follows_its_case() -> None:
    """A base given by case is sorted along with the risks: the best base leaves no skill."""
    assert evaluate(Y, P, base=P, capacity=0.4)["brier_skill"] == pytest.approx(0.0)
    assert brier_skill(Y, P, P) == pytest.approx(0.0)


def test_a_capacity_that_is_no_whole_number_takes_the_fraction_of_the_last_case() -> None:
    """Half a case of capacity: the precision of the first case."""
    assert precision_at_capacity(Y, P, 0.1) == pytest.approx(1.0)
    assert precision_at_capacity(Y, P, 0.3) == pytest.approx(1.0 / 1.5)


def test_one_class_leaves_what_is_undefined_missing() -> None:
    """Without a rupture there is no ranking to judge, but there is a Brier score."""
    figures = evaluate([0, 0, 0], [0.1, 0.2, 0.3], base=0.2, capacity=0.5)

    missing = {name for name, value in figures.items() if math.isnan(value)}
    slope = {"calibration_slope", "calibration_intercept"}
    assert missing == {"roc_auc", "pr_auc", "recall_at_capacity"} | slope
    assert figures["precision_at_capacity"] == 0.0


def test_no_case_at_all_leaves_everything_missing() -> None:
    """An empty cutoff is no error."""
    assert np.isnan(list(evaluate([], [], base=0.2, capacity=0.5).values())).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"y": [1, 0, 2, 0, 0]}, "y: expected only 0 and 1, got 2"),
        ({"y": [1, 0, np.nan, 0, 0]}, "y: expected only 0 and 1, got nan"),
        ({"y": [1, 0]}, "p: expected 2 values, got 5"),
        ({"y": ["yes"] * 5}, "y: expected numbers, got list"),
        ({"p": [[0.1] * 5]}, r"p: expected one dimension, got shape \(1, 5\)"),
        ({"p": [1.2, 0, 0, 0, 0]}, "p: expected values from 0 to 1, got 1.2"),
        ({"p": [np.nan, 0, 0, 0, 0]}, "p: expected values from 0 to 1, got nan"),
        ({"base": 1.5}, "base: expected values from 0 to 1, got 1.5"),
        ({"base": [0.2, 0.2]}, "base: expected 5 values, got 2"),
        ({"capacity": 0.0}, "capacity: expected a share above 0 and at most 1, got 0"),
        ({"capacity": math.nan}, "capacity: expected a share above 0 and at most 1, got nan"),
        ({"weights": [1, 1, 1, 1, -1]}, "weights: expected numbers of at least 0"),
    ],
)
def test_refusals_name_the_argument_what_was_expected_and_what_came(
    changed: dict[str, object], message: str
) -> None:
    """One sentence, and an error that is both ours and a `ValueError`."""
    arguments = {"y": Y, "p": P, "base": 0.4, "capacity": 0.4} | changed

    with pytest.raises(ValueError, match=message) as caught:
        evaluate(**arguments)

    assert isinstance(caught.value, InputError)
