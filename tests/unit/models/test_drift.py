"""The reference profile, the distance from it, and what to expect without labels."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.drift import distance, expected_performance, profile
from models.metrics import evaluate


def matrix(seed: int, *, cases: int = 5_000) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "silence_days": np.where(rng.random(cases) < 0.1, np.nan, rng.gamma(2.0, 20.0, cases)),
            "missed_interviews": rng.poisson(0.1, cases).astype(float),
            "distance_learning": (rng.random(cases) < 0.95).astype(float),
            "sector": pd.Categorical(rng.choice(["A", "B", "C"], cases)),
        }
    )


def moved(name: str, values: object) -> pd.Series:
    """Distance of one feature after replacing its values in a fresh matrix."""
    return distance(profile(matrix(0)), matrix(1).assign(**{name: values})).loc[name]


def test_the_same_matrix_is_at_no_distance() -> None:
    """Index and change are zero to the last bit, through JSON too."""
    reference = json.loads(json.dumps(profile(matrix(0))))

    table = distance(reference, matrix(0))

    assert set(table.index) == set(matrix(0).columns)
    assert (table["psi"] == 0.0).all()
    assert (table["missing_change"] == 0.0).all()
    assert table.loc["silence_days", "missing"] == pytest.approx(0.1, abs=0.02)


def test_the_index_of_a_flag_by_hand() -> None:
    """From one half to six tenths: 0.1 x ln 1.2 - 0.1 x ln 0.8."""
    reference = profile(pd.DataFrame({"flag": [0.0, 1.0] * 50}))

    table = distance(reference, pd.DataFrame({"flag": [0.0] * 4 + [1.0] * 6}))

    assert table.loc["flag", "psi"] == pytest.approx(0.1 * np.log(1.2) - 0.1 * np.log(0.8))


def test_chance_alone_stays_below_the_noise_about_95_times_of_100() -> None:
    """The noise level is that of the index between two samples of one population."""
    reference = profile(matrix(0))
    tables = [distance(reference, matrix(seed, cases=400)) for seed in range(1, 61)]

    below = pd.concat([table["psi"] <= table["psi_noise"] for table in tables], axis=1)

    assert 0.88 <= below.to_numpy().mean() <= 0.99


@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param("silence_days", matrix(1)["silence_days"] + 30.0, id="a shift"),
        pytest.param("missed_interviews", matrix(1)["missed_interviews"] + 1.0, id="a rare count"),
        pytest.param("distance_learning", 0.0, id="a flag nearly always set"),
        pytest.param("sector", "D", id="a code never seen"),
    ],
)
def test_a_moved_feature_comes_first_and_is_far_beyond_noise(name: str, values: object) -> None:
    """Counts, flags and codes too, where most quantiles are one value."""
    table = distance(profile(matrix(0)), matrix(1).assign(**{name: values}))

    assert table.index[0] == name
    assert table.loc[name, "psi"] > 0.25 > table["psi"].drop(name).max()
    assert table.loc[name, "psi"] > 10 * table.loc[name, "psi_noise"]


def test_a_feature_that_went_missing_shows_in_its_share_and_has_no_index() -> None:
    """Missing is no value: it moves the share, never the bins."""
    row = moved("silence_days", np.nan)

    assert np.isnan(row["psi"])
    assert row["missing_change"] == pytest.approx(0.9, abs=0.02)


def test_a_column_that_was_never_known_can_be_profiled() -> None:
    """A wholly missing feature has no bins and no index, then and now."""
    empty = pd.DataFrame({"x": [np.nan, np.nan]})

    row = distance(profile(empty), pd.DataFrame({"x": [1.0, 2.0]})).loc["x"]

    assert np.isnan(row["psi"])
    assert row["missing_change"] == -1.0


def test_the_order_of_the_rows_changes_nothing() -> None:
    """A profile describes values, not cases."""
    shuffled = matrix(0).sample(frac=1.0, random_state=1)

    assert profile(shuffled) == profile(matrix(0))


def test_expected_performance_is_what_labels_later_show_if_risks_are_honest() -> None:
    """Brier score and ROC-AUC without labels agree with those on labels drawn from the risks."""
    rng = np.random.default_rng(0)
    p = expit(rng.normal(-1.5, 1.0, 100_000))

    expected = expected_performance(p)

    found = evaluate(rng.random(len(p)) < p, p, base=0.2, capacity=0.1)
    assert expected["mean_risk"] == pytest.approx(p.mean())
    assert expected["brier"] == pytest.approx((p * (1.0 - p)).mean())
    assert expected["brier"] == pytest.approx(found["brier"], abs=0.003)
    assert expected["roc_auc"] == pytest.approx(found["roc_auc"], abs=0.006)


def test_refusals_name_the_argument() -> None:
    """What was expected and what came is in the sentence."""
    with pytest.raises(ValueError, match="matrix: expected rows and columns, got shape"):
        profile(pd.DataFrame())
    with pytest.raises(ValueError, match="got no sector"):
        distance(profile(matrix(0)), matrix(0).drop(columns="sector"))
    with pytest.raises(ValueError, match="matrix: expected rows and columns, got shape"):
        distance(profile(matrix(0)), matrix(0).iloc[:0])
    with pytest.raises(ValueError, match="p: expected values from 0 to 1, got 2"):
        expected_performance([2.0])
