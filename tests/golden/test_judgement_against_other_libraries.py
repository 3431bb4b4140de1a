"""Our figures beside those of scikit-learn and SciPy on the same cases."""

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import binomtest, sem
from sklearn import metrics as sklearn_metrics
from sklearn.linear_model import LogisticRegression

from models.calibration import calibration_slope_intercept, fit_sigmoid
from models.intervals import paired_difference
from models.metrics import evaluate
from models.reliability import wilson

SEEDS = range(5)


def draw(seed: int, *, ties: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, risks and whole-number weights of 400 cases, some of weight 0."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-1.5, 1.2, 400)
    y = (rng.random(400) < expit(z)).astype(float)
    p = expit(0.8 * z + rng.normal(0.2, 0.5, 400))
    return y, p.round(1) if ties else p, rng.integers(0, 4, 400).astype(float)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_metrics_equal_those_of_scikit_learn(seed: int, ties: bool, weighted: bool) -> None:
    """Brier, log loss, ROC-AUC and average precision, with and without ties and weights."""
    y, p, counts = draw(seed, ties=ties)
    w = counts if weighted else None

    ours = evaluate(y, p, base=0.2, capacity=0.1, weights=w)

    assert ours["brier"] == pytest.approx(
        sklearn_metrics.brier_score_loss(y, p, sample_weight=w), abs=1e-12
    )
    assert ours["log_loss"] == pytest.approx(
        sklearn_metrics.log_loss(y, p, sample_weight=w), abs=1e-12
    )
    assert ours["roc_auc"] == pytest.approx(
        sklearn_metrics.roc_auc_score(y, p, sample_weight=w), abs=1e-12
    )
    assert ours["pr_auc"] == pytest.approx(
        sklearn_metrics.average_precision_score(y, p, sample_weight=w), abs=1e-12
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_brier_skill_equals_the_d2_score_of_scikit_learn(seed: int) -> None:
    """With the observed rate as the reference, both are one minus a quotient of Brier scores."""
    y, p, w = draw(seed, ties=False)

    ours = evaluate(y, p, base=float(np.average(y, weights=w)), capacity=0.1, weights=w)

    expected = sklearn_metrics.d2_brier_score(y, p, sample_weight=w)
    assert ours["brier_skill"] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_recalibration_equals_an_unpenalised_logistic_regression(seed: int) -> None:
    """Slope and intercept are those scikit-learn fits on the log-odds of the risks."""
    y, p, w = draw(seed, ties=False)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    model.fit(logit(p)[:, None], y, sample_weight=w)

    slope, intercept = calibration_slope_intercept(y, p, weights=w)

    assert slope == pytest.approx(model.coef_[0, 0], abs=1e-6)
    assert intercept == pytest.approx(model.intercept_[0], abs=1e-6)


def test_a_sigmoid_with_a_prior_that_says_nothing_is_an_unpenalised_regression() -> None:
    """Where the prior is very wide, Platt scaling is what scikit-learn fits on the margins."""
    y, p, _ = draw(0, ties=False)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    model.fit(logit(p)[:, None], y)

    fitted = fit_sigmoid(logit(p), y, prior_sd=1e6)

    assert fitted.slope == pytest.approx(model.coef_[0, 0], abs=1e-5)
    assert fitted.intercept == pytest.approx(model.intercept_[0], abs=1e-5)


@pytest.mark.parametrize(("ruptures", "cases"), [(0, 50), (3, 50), (24, 100), (50, 50), (1, 7)])
def test_wilson_intervals_equal_those_of_scipy(ruptures: int, cases: int) -> None:
    """The interval of a rate is SciPy's, also when nothing or everything broke."""
    expected = binomtest(ruptures, cases).proportion_ci(method="wilson")

    low, high = wilson(np.array([ruptures / cases]), np.array([float(cases)]))

    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_with_one_case_per_person_the_clustered_error_is_the_ordinary_one() -> None:
    """Clusters of one leave the standard error of a mean, as SciPy computes it."""
    a, b = np.random.default_rng(1).normal(size=(2, 80))

    difference = paired_difference(a, b, np.arange(80))

    assert difference.mean == pytest.approx((a - b).mean())
    assert difference.standard_error == pytest.approx(sem(a - b))
