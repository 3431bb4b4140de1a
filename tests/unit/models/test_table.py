"""Any table: words as categories, holes, columns nobody announced; and it is as good as others."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier

from models.checks import ArgumentError
from models.metrics import brier, roc_auc
from models.table import BASE, TableModel

COURSES = ("arts", "law", "physics", "nursing", "history")


def drawn(cases: int = 1_500, *, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """A table of students: a course in words, a mark with holes, an age, and who left."""
    rng = np.random.default_rng(seed)
    course = rng.choice(COURSES, cases)
    mark, age = rng.normal(size=cases), rng.integers(18, 60, cases)
    effect = dict(zip(COURSES, (-1.2, -0.4, 0.0, 0.6, 1.4), strict=True))
    margin = -1.0 - mark + pd.Series(course).map(effect).to_numpy() + 0.02 * (age - 40)
    left = (rng.random(cases) < expit(margin)).astype("int64")
    mark = np.where(rng.random(cases) < 0.2, np.nan, mark)
    return pd.DataFrame({"course": course, "mark": mark, "age": age}), left


def test_it_is_as_good_as_boosted_trees_with_native_categories() -> None:
    """On rows neither has seen, by ranking and by squared error."""
    table, left = drawn(22_000)
    train, test = slice(0, 2_000), slice(2_000, None)
    library = table.assign(course=table["course"].astype("category"))
    boosted = HistGradientBoostingClassifier(
        max_depth=3, learning_rate=0.06, categorical_features="from_dtype", random_state=0
    ).fit(library[train], left[train])

    risk = (
        TableModel(folds=3, random_state=0)
        .fit(table[train], left[train])
        .predict_proba(table[test])
    )

    other = boosted.predict_proba(library[test])[:, 1]
    assert roc_auc(left[test], risk[:, 1]) > roc_auc(left[test], other)
    assert brier(left[test], risk[:, 1]) < brier(left[test], other)


@pytest.fixture(scope="module")
def fitted() -> TableModel:
    table, left = drawn()
    return TableModel(nominal=["course"], monotonic={"mark": -1}, folds=3, random_state=0).fit(
        table, left
    )


def test_contributions_add_up_to_the_log_odds_shown(fitted: TableModel) -> None:
    table, _ = drawn(40, seed=1)

    explained = fitted.explain(table)

    assert list(explained.columns) == [*table.columns, BASE]
    shown = logit(fitted.predict_proba(table)[:, 1])
    np.testing.assert_allclose(explained.sum(axis=1), shown, atol=1e-6)


def test_a_course_never_seen_is_the_mean_course(fitted: TableModel) -> None:
    """It lies between those that are known, and so does one that is unknown or missing."""
    row = pd.DataFrame({"course": [*COURSES, "dance", None], "mark": 0.0, "age": 40})

    risk = fitted.predict_proba(row)[:, 1]

    assert risk[:5].min() < risk[5] < risk[:5].max()
    assert np.isfinite(risk).all()


def test_columns_may_come_in_any_order_with_others_beside(fitted: TableModel) -> None:
    table, _ = drawn(40, seed=1)

    shuffled = table.assign(other="x")[["other", "age", "course", "mark"]]

    assert fitted.predict_proba(shuffled).tobytes() == fitted.predict_proba(table).tobytes()


def test_a_declared_direction_is_held(fitted: TableModel) -> None:
    """Whatever the data says, a better mark never raises the risk."""
    grid = pd.DataFrame({"course": "law", "mark": np.linspace(-3, 3, 50), "age": 30})

    assert (np.diff(fitted.predict_proba(grid)[:, 1]) <= 1e-12).all()


def test_labels_may_be_words() -> None:
    table, left = drawn(600)
    words = np.where(left == 1, "left", "held")

    model = TableModel(folds=2, random_state=0).fit(table, words)

    assert model.classes_.tolist() == ["held", "left"]
    assert set(model.predict(table)) == {"held", "left"}


def test_a_column_that_is_not_there_is_named(fitted: TableModel) -> None:
    table, left = drawn(100)
    with pytest.raises(ArgumentError, match="expected the columns of training, got no mark"):
        fitted.predict_proba(table.drop(columns="mark"))
    with pytest.raises(ArgumentError, match="expected the columns that are declared, got no city"):
        TableModel(nominal=["city"]).fit(table, left)


def test_words_in_a_column_of_numbers_are_refused() -> None:
    table, left = drawn(100)
    with pytest.raises(ArgumentError, match=r"course: expected numbers, .*; declare it nominal"):
        TableModel(nominal=[]).fit(table, left)
