"""Explanations add up to the shown risk, row by row, whatever is missing."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.special import logit

from models.basis import CHUNK
from models.candidates import NAMES
from models.explanation import Explainer
from models.risk import RiskModel
from tests.lib import programmes


def explainer(name: str) -> Explainer:
    return Explainer(programmes.model(name))


def simulated_rows(*, cases: int = 400) -> np.ndarray:
    """Rows of the simulated programme; a third of them lose one value in two, the last all."""
    X = programmes.dataset().X[:cases].copy()
    rng = np.random.default_rng(0)
    poor = np.arange(len(X)) % 3 == 0
    X[poor] = np.where(rng.random(X[poor].shape) < 0.5, np.nan, X[poor])
    X[-1] = np.nan
    return X


@pytest.mark.parametrize("name", NAMES)
def test_base_and_contributions_make_the_log_odds_of_the_shown_risk(name: str) -> None:
    X = simulated_rows()
    assert np.isnan(X).any()

    explained = explainer(name).explain(X)

    shown = programmes.model(name).predict_proba(X)[:, 1]
    total = explained.base + explained.contributions.sum(axis=1)
    assert np.abs(total - logit(shown)).max() < 1e-6
    np.testing.assert_allclose(explained.risk, shown, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_equals_its_rows_byte_for_byte(name: str) -> None:
    X = simulated_rows(cases=40)
    explain = explainer(name).explain

    whole = explain(X)
    one_by_one = [explain(X[i : i + 1]) for i in range(len(X))]

    rows = np.vstack([one.contributions for one in one_by_one])
    margins = np.concatenate([one.margin for one in one_by_one])
    assert whole.contributions.tobytes() == rows.tobytes()
    assert whole.margin.tobytes() == margins.tobytes()


def test_batches_beyond_the_chunk_are_explained_alike() -> None:
    """The rows after the first chunk are the same rows."""
    X = np.tile(simulated_rows(cases=10), (CHUNK // 10 + 1, 1))
    assert len(X) > CHUNK

    explained = explainer("blend").explain(X)

    assert explained.contributions[-10:].tobytes() == explained.contributions[:10].tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_no_row_gives_no_contribution(name: str) -> None:
    explained = explainer(name).explain(simulated_rows()[:0])

    assert explained.contributions.shape == (0, len(programmes.dataset().X.T))
    assert explained.risk.shape == (0,)


@pytest.mark.parametrize("name", ["base_rate", "logistic"])
def test_a_linear_contribution_moves_with_its_own_feature_only(name: str) -> None:
    """Contributions are credited to the column they come from, and to no neighbour."""
    X, rng = simulated_rows(cases=30), np.random.default_rng(1)
    changed = rng.choice(X.shape[1], 12, replace=False)
    before = explainer(name).explain(X).contributions
    for column in changed:
        moved = X.copy()
        moved[:, column] = rng.permutation(programmes.dataset().X[:30, column])
        after = explainer(name).explain(moved).contributions
        others = np.delete(np.arange(X.shape[1]), column)
        np.testing.assert_array_equal(after[:, others], before[:, others])


def test_the_base_rate_knows_nothing_but_the_age_of_the_contract() -> None:
    contributions = explainer("base_rate").explain(simulated_rows()).contributions

    assert (contributions[:, 1:] == 0).all()
    assert (contributions[:, 0] != 0).any()


def test_a_blend_s_contributions_are_the_mean_of_its_members_scaled_by_its_calibration() -> None:
    X = simulated_rows(cases=30)
    blended = explainer("blend").explain(X)
    slope, intercept = calibration_of(programmes.model("blend"))

    bases, contributions = [], []
    for name in ("logistic", "trees"):
        own_slope, own_intercept = calibration_of(programmes.model(name))
        alone = explainer(name).explain(X)
        bases.append((alone.base - own_intercept) / own_slope)
        contributions.append(alone.contributions / own_slope)

    assert blended.base == pytest.approx(slope * np.mean(bases) + intercept)
    expected = slope * np.mean(contributions, axis=0)
    np.testing.assert_allclose(blended.contributions, expected, atol=1e-9)


def calibration_of(model: RiskModel) -> tuple[float, float]:
    """Slope and intercept of a model's calibration."""
    return model.sigmoid_.slope, model.sigmoid_.intercept


@pytest.mark.parametrize("name", ["base_rate", "logistic"])
def test_linear_contributions_count_from_the_training_mean(name: str) -> None:
    """Over the rows that were learned they average to nothing: the base is the average margin."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    X[rng.random(X.shape) < 0.2] = np.nan
    y = (rng.random(300) < 0.3).astype("int64")
    model = RiskModel(name, random_state=0).fit(X, y)

    explained = Explainer(model).explain(X)

    np.testing.assert_allclose(explained.contributions.mean(axis=0), 0.0, atol=1e-12)
    assert explained.base == pytest.approx(explained.margin.mean())


@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_a_column_never_known_in_training_contributes_nothing(name: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    y = (X[:, 0] + rng.normal(size=300) > 0.5).astype("int64")
    X[:, 1] = np.nan
    model = RiskModel(name, random_state=0).fit(X, y)

    explained = Explainer(model).explain(np.array([[0.5, 9.0, 0.1], [np.nan, np.nan, np.nan]]))

    assert (explained.contributions[:, 1] == 0).all()


def test_explaining_loads_nothing_that_draws_and_keeps_nobody_from_drawing() -> None:
    """Matplotlib would take 30 MiB of every worker; who wants to draw can still import it."""
    script = (
        "import sys; from models.explanation import _shap; _shap();"
        "assert 'matplotlib' not in sys.modules; import matplotlib"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603  # our own script
