"""Nominal columns: pooled effects that believe a category as far as its cases go."""

import numpy as np
import pytest
from scipy.special import expit

from models.calibration import calibration_slope_intercept
from models.effects import Cases, Effects, encoded, expected_margin, fit_effects
from models.explanation import Explainer
from models.metrics import roc_auc
from models.risk import RiskModel
from models.storage import arrays_of, facts_of, pack, restore, unpack

RATE = -1.5  # log-odds


def drawn(
    *, cases: int, categories: int, spread: float, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, labels, and the true effect of each category."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, spread, categories)
    codes = rng.integers(0, categories, cases)
    y = (rng.random(cases) < expit(RATE + truth[codes])).astype("int64")
    return codes.astype("float64"), y, truth


def cases_of(y: np.ndarray, persons: np.ndarray | None = None) -> Cases:
    return Cases(y, np.full(len(y), RATE), np.arange(len(y)) if persons is None else persons)


def test_effects_are_those_of_the_categories() -> None:
    codes, y, truth = drawn(cases=20_000, categories=20, spread=0.8)

    found = fit_effects(codes, cases_of(y)).effects

    assert np.corrcoef(found, truth)[0, 1] > 0.98
    assert np.abs(found - truth).max() < 0.3


def test_a_category_of_few_cases_is_drawn_to_the_mean() -> None:
    """The same share of ruptures says less of three cases than of three hundred."""
    codes, y, _ = drawn(cases=20_000, categories=20, spread=0.8)
    few, many = np.full(3, 98.0), np.full(300, 99.0)
    codes = np.concatenate([codes, few, many])
    y = np.concatenate([y, np.ones(303, dtype="int64")])

    effects = fit_effects(codes, cases_of(y))

    of_few, of_many = effects.transform(np.array([98.0, 99.0]))
    assert 0.2 < of_few < of_many / 2


def test_categories_that_differ_by_chance_have_no_effect() -> None:
    """Over twenty draws: what is believed of noise is next to nothing."""
    spreads = []
    for seed in range(20):
        codes, y, _ = drawn(cases=2_000, categories=30, spread=0.0, seed=seed)
        spreads.append(np.std(fit_effects(codes, cases_of(y)).effects))

    assert np.median(spreads) < 0.05
    assert np.max(spreads) < 0.25


def test_rows_of_one_person_count_as_one_person() -> None:
    """Ten rows each with one label for good: categories of few persons differ by the persons."""
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(300), 10)
    codes = np.repeat(rng.integers(0, 30, 300), 10).astype("float64")
    y = np.repeat((rng.random(300) < expit(RATE)).astype("int64"), 10)

    together = fit_effects(codes, cases_of(y, persons)).effects
    apart = fit_effects(codes, cases_of(y)).effects

    assert np.std(together) < np.std(apart) / 3


@pytest.mark.parametrize("values", [[np.nan] * 9, [4.0] * 9, [4.0] * 8 + [np.nan]])
def test_a_column_of_one_value_or_none_says_nothing(values: list[float]) -> None:
    y = np.array([0, 1] * 4 + [0])

    effects = fit_effects(np.array(values), cases_of(y))

    assert (effects.effects == 0).all()


def test_a_code_never_seen_is_the_mean_and_an_unknown_stays_unknown() -> None:
    effects = Effects(np.array([1.0, 5.0]), np.array([0.5, -0.5]))

    found = effects.transform(np.array([5.0, 1.0, 3.0, -1.0, 9.0, np.nan]))

    np.testing.assert_array_equal(found, [-0.5, 0.5, 0.0, 0.0, 0.0, np.nan])


def test_ten_thousand_categories_are_a_column_like_another() -> None:
    codes, y, _ = drawn(cases=20_000, categories=10_000, spread=0.5)

    effects = fit_effects(codes, cases_of(y))

    assert len(effects.codes) > 8_000
    assert np.isfinite(effects.effects).all()
    assert np.abs(effects.effects).max() < 1.5


def test_what_other_columns_explain_is_no_effect_of_the_category() -> None:
    """Observed against expected: a category of older persons is not blamed for their age."""
    rng = np.random.default_rng(0)
    age = rng.normal(size=8_000)
    category = np.round(age + rng.normal(0, 0.3, len(age))).clip(-2, 2)
    y = (rng.random(len(age)) < expit(RATE + 1.5 * age)).astype("int64")
    X = np.column_stack([age, category])

    alone = fit_effects(category, cases_of(y)).effects
    margin = expected_margin(X, y, nominal=(1,))
    beside = fit_effects(category, Cases(y, margin, np.arange(len(y)))).effects

    assert np.ptp(beside) < np.ptp(alone) / 4


def test_a_row_is_given_an_effect_its_own_label_had_no_part_in() -> None:
    """Else a category of one case would tell its label: on all rows it separates them."""
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=600), np.arange(600) // 2])
    y = (rng.random(600) < 0.3).astype("int64")
    half = np.arange(600) % 2 == 0
    folds = [
        (np.flatnonzero(half), np.flatnonzero(~half)),
        (np.flatnonzero(~half), np.flatnonzero(half)),
    ]

    numbers, effects = encoded(X, y, np.arange(600), nominal=(1,), folds=folds)

    assert abs(roc_auc(y, expit(numbers[:, 1])) - 0.5) < 0.06
    assert numbers[:, 0].tobytes() == X[:, 0].tobytes()
    assert len(effects) == 1


@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_a_model_learns_a_nominal_column_and_is_calibrated(name: str) -> None:
    """Codes have no order; risks of new rows are as sure as they should be."""
    codes, y, truth = drawn(cases=8_000, categories=40, spread=1.0)
    X = np.column_stack([np.random.default_rng(1).normal(size=8_000), codes])
    train, test = np.arange(4_000), np.arange(4_000, 8_000)

    model = RiskModel(name, nominal=[1], random_state=0).fit(X[train], y[train])

    risk = model.predict_proba(X[test])[:, 1]
    best = roc_auc(y[test], expit(truth[codes[test].astype(int)]))
    assert roc_auc(y[test], risk) > best - 0.02
    assert 0.8 < calibration_slope_intercept(y[test], risk).slope < 1.2


@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_contributions_of_a_nominal_column_add_up_and_come_back(name: str) -> None:
    """Codes never seen and unknown ones too; stored and restored to the last bit."""
    codes, y, _ = drawn(cases=2_000, categories=12, spread=1.0)
    X = np.column_stack([np.random.default_rng(1).normal(size=2_000), codes])
    X[::7, 1] = np.nan
    model = RiskModel(name, nominal=[1], random_state=0).fit(X, y)
    asked = np.vstack([X[:50], [[0.0, 99.0]], [[np.nan, np.nan]]])

    explained = Explainer(model).explain(asked)
    back = restore(facts_of(model), unpack(pack(arrays_of(model))), features=2)

    np.testing.assert_allclose(explained.margin, model.decision_function(asked), atol=1e-9)
    assert np.ptp(explained.contributions[:, 1]) > 0.5
    assert back.margin(asked).tobytes() == model.margin(asked).tobytes()
