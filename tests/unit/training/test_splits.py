"""Splits leave the gap that production imposes, and keep persons together."""

import numpy as np
import pandas as pd
import pytest

from training.recipe import Backtest, Recipe, Target
from training.splits import cutoffs_of, grouped_splits


def cutoffs(first: str, until: str, **backtest: int) -> list[str]:
    recipe = Recipe(
        target=Target(horizon_days=90, declaration_delay_days=60), backtest=Backtest(**backtest)
    )
    along = pd.DataFrame({"as_of": pd.to_datetime([first, until])})
    found = cutoffs_of(along, until=pd.Timestamp(until), recipe=recipe)
    return [str(cutoff.date()) for cutoff in found]


def test_the_last_cutoff_is_the_latest_that_can_be_judged() -> None:
    """2024-06-15 less 150 days is 2024-01-17: the morning of the first of that month."""
    assert cutoffs("2020-01-01", "2024-06-15", cutoffs=1) == ["2024-01-01"]
    assert cutoffs("2020-01-01", "2024-06-29", cutoffs=1) == ["2024-01-01"]
    assert cutoffs("2020-01-01", "2024-06-30", cutoffs=1) == ["2024-02-01"]


def test_the_others_lie_evenly_before_it_oldest_first() -> None:
    assert cutoffs("2020-01-01", "2024-06-15", cutoffs=3, every_months=4) == [
        "2023-05-01",
        "2023-09-01",
        "2024-01-01",
    ]


def test_none_lies_before_the_first_label_could_have_matured() -> None:
    """A case of 2023-05-01 matures on 2023-09-28: there is nothing to learn on 2023-09-01."""
    assert cutoffs("2023-05-01", "2024-06-15", cutoffs=3, every_months=4) == ["2024-01-01"]


def test_a_history_too_short_has_no_cutoff() -> None:
    assert cutoffs("2024-01-01", "2024-06-15", cutoffs=5) == []


def test_no_cutoff_is_asked_for_none_is_given() -> None:
    assert cutoffs("2020-01-01", "2024-06-15", cutoffs=0) == []


@pytest.mark.parametrize("ruptured", [2, 4, 30])
def test_folds_cover_every_row_once_and_keep_persons_together(ruptured: int) -> None:
    """With fewer broken persons than folds, there are as many folds as broken persons."""
    persons = np.repeat(np.arange(60), 3)
    labels = np.where((persons < ruptured) & (np.arange(180) % 3 == 2), 1.0, 0.0)
    rows = np.arange(150)

    splits = list(grouped_splits(rows, labels, persons, recipe=Recipe()))

    assert len(splits) == min(5, ruptured)
    assert sorted(np.concatenate([split.test for split in splits])) == rows.tolist()
    for split in splits:
        assert not set(persons[split.train]) & set(persons[split.test])
        np.testing.assert_array_equal(split.train_labels, labels[split.train])
        np.testing.assert_array_equal(split.test_labels, labels[split.test])


def test_the_same_seed_gives_the_same_folds() -> None:
    persons, labels = np.arange(40), (np.arange(40) % 4 == 0).astype("float64")

    cached_on, again = (
        [split.test.tolist() for split in grouped_splits(persons, labels, persons, recipe=Recipe())]
        for _ in range(2)
    )

    assert cached_on == again
