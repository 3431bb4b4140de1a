"""RiskModel keeps scikit-learn's promises, and its own on missing values, constants and persons."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from models.calibration import Sigmoid
from models.candidates import MANY_ROWS, MEMBERS, MORE_TREES, NAMES, TREES, make_member
from models.metrics import roc_auc
from models.regression import PenalisedRegression
from models.risk import RiskModel
from models.trees import BoostedTrees

EXEMPTIONS = {
    "base_rate": dict.fromkeys(
        ["check_classifiers_train"],
        "looks at the first column only, by design: it cannot reach the accuracy the check wants",
    ),
}


def exempt(estimator: BaseEstimator) -> dict[str, str]:
    return EXEMPTIONS.get(getattr(estimator, "candidate", ""), {})


@parametrize_with_checks(  # type: ignore[untyped-decorator]  # scikit-learn ships no types
    [
        *(RiskModel(name, random_state=0) for name in NAMES),
        PenalisedRegression(random_state=0),
        BoostedTrees(random_state=0),
    ],
    expected_failed_checks=exempt,
)
def test_scikit_learn_estimator_checks(
    estimator: BaseEstimator, check: Callable[[BaseEstimator], None]
) -> None:
    check(estimator)


def rows(seed: int = 0, *, cases: int = 600, columns: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose first columns matter, one value in five unknown, and labels drawn from them."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(cases, columns))
    y = rng.random(cases) < 1.0 / (1.0 + np.exp(1.5 - 1.5 * X[:, 0] - X[:, 1]))
    X[rng.random(X.shape) < 0.2] = np.nan
    return X, y.astype("int64")


def fitted(name: str, X: np.ndarray, y: np.ndarray, **options: Any) -> RiskModel:
    return RiskModel(name, random_state=0).fit(X, y, **options)


@pytest.mark.parametrize("name", NAMES)
def test_risks_are_the_calibrated_margins_as_probabilities(name: str) -> None:
    """Risk is the logistic of the calibrated log-odds, and a row's two classes make one."""
    X, y = rows()
    model = fitted(name, X, y)

    proba = model.predict_proba(X)

    np.testing.assert_allclose(logit(proba[:, 1]), model.decision_function(X), atol=1e-9)
    np.testing.assert_allclose(proba.sum(axis=1), 1.0)
    raw = np.mean([member.decision_function(X) for member in model.members_], axis=0)
    np.testing.assert_allclose(model.decision_function(X), model.sigmoid_.apply(raw), atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    X, y = rows()

    first, second = (fitted(name, X, y).decision_function(X) for _ in range(2))

    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_one_class_only_is_refused(name: str) -> None:
    X, _ = rows()
    with pytest.raises(ValueError, match="expected two classes in y, got 1 class"):
        fitted(name, X, np.zeros(len(X), dtype="int64"))


def test_more_than_two_classes_are_refused() -> None:
    X, _ = rows()
    with pytest.raises(ValueError, match="expected two classes in y, got 3"):
        fitted("logistic", X, np.arange(len(X)) % 3)


@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_a_column_never_known_in_training_weighs_nothing(name: str) -> None:
    """It trains, and a value that appears there later changes no risk."""
    X, y = rows()
    X[:, 2] = np.nan
    model = fitted(name, X, y)
    later = X.copy()
    later[:, 2] = 7.0

    np.testing.assert_array_equal(model.predict_proba(later), model.predict_proba(X))


@pytest.mark.parametrize("name", NAMES)
def test_a_constant_column_weighs_nothing(name: str) -> None:
    """Nothing was learned of it, so another value there changes no risk."""
    X, y = rows()
    X[:, 0] = 1.0
    model = fitted(name, X, y)
    later = X.copy()
    later[:, 0] = 3.0

    np.testing.assert_allclose(model.predict_proba(later), model.predict_proba(X), atol=1e-12)


@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_unknown_is_not_zero(name: str) -> None:
    """Where being unknown goes with ruptures, an unknown is riskier than the same row with 0."""
    X, y = rows()
    X[:, 3] = np.where(y == 1, np.nan, 0.0)
    model = fitted(name, X, y)
    unknown, zero = np.array([[0.0, 0.0, 0.0, np.nan]]), np.zeros((1, 4))

    assert model.predict_proba(unknown)[0, 1] > model.predict_proba(zero)[0, 1] + 0.1


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("name", ["logistic", "trees", "blend"])
def test_a_candidate_keeps_the_declared_direction(name: str, direction: int) -> None:
    """Whatever the data says, risk never moves against the direction of a column."""
    X, y = rows()
    model = RiskModel(name, monotonic=[direction, 0, 0, 0], random_state=0).fit(X, y)
    grid = np.tile(X[:1], (50, 1))
    grid[:, 0] = np.linspace(-3, 3, 50)

    assert (np.diff(model.decision_function(grid)) * direction >= -1e-12).all()


def test_the_calibration_never_sees_a_person_on_both_sides() -> None:
    """Rows that only tell persons apart look telling until the folds keep persons together."""
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(60), 10)
    X = np.repeat(rng.normal(size=(60, 3)), 10, axis=0) + rng.normal(0, 0.01, (600, 3))
    y = np.repeat(rng.integers(0, 2, 60), 10)

    together = fitted("trees", X, y, groups=persons).sigmoid_.slope
    apart = fitted("trees", X, y).sigmoid_.slope

    assert together < 0.5 < apart


def test_too_few_persons_of_a_class_to_fold_means_no_calibration() -> None:
    """One broken person cannot be on both sides: the margins are left as they are."""
    X, y = rows()
    persons = np.where(y == 1, 0, np.arange(len(y)))

    assert fitted("logistic", X, y, groups=persons).sigmoid_ == Sigmoid(1.0, 0.0)


def test_a_model_that_was_not_fitted_says_so() -> None:
    X, y = rows()
    model = clone(fitted("logistic", X, y))
    with pytest.raises(NotFittedError):
        model.predict_proba(X)


def test_a_blend_is_made_of_the_members_as_they_are_alone() -> None:
    """Nothing is fitted otherwise because it is blended: the same bytes as each on its own."""
    X, y = rows()

    blend = fitted("blend", X, y)

    alone = [fitted(name, X, y) for name in MEMBERS["blend"]]
    means = sum(model.raw_margin(X) for model in alone) / len(alone)
    assert blend.raw_margin(X).tobytes() == means.tobytes()
    assert blend.margins_ is not None
    out_of_fold = sum(model.margins_ for model in alone) / len(alone)
    assert blend.margins_.tobytes() == out_of_fold.tobytes()


@pytest.mark.parametrize("name", ["logistic", "trees"])
def test_margins_out_of_fold_are_those_of_fits_that_left_the_person_out(name: str) -> None:
    """Where every person has one label for good, margins learned in-fold would know it."""
    rng = np.random.default_rng(0)
    persons = np.repeat(np.arange(200), 10)
    X = np.repeat(rng.normal(size=(200, 9)), 10, axis=0) + rng.normal(0, 0.01, (2000, 9))
    y = np.repeat(rng.integers(0, 2, 200), 10)

    model = fitted(name, X, y, groups=persons)

    seen, unseen = roc_auc(y, expit(model.raw_margin(X))), roc_auc(y, expit(model.margins_))
    assert seen > 0.65
    assert unseen < 0.6


def test_many_rows_are_given_more_trees_and_few_the_usual_number() -> None:
    few, many = (make_member("trees", rows=MANY_ROWS + more) for more in (0, 1))

    assert (few.max_iter, many.max_iter) == (TREES, MORE_TREES)
    assert TREES < MORE_TREES


def test_an_unknown_candidate_is_refused() -> None:
    X, y = rows()
    words = "candidate: expected one of base_rate, logistic, trees, blend, .*, got 'magic'"
    with pytest.raises(ValueError, match=words):
        fitted("magic", X, y)
    with pytest.raises(ValueError, match="expected base_rate, logistic or trees, got 'blend'"):
        make_member("blend")
