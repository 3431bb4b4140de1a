"""Time-ordered splits with the gap production imposes; a grouped one for short histories."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from training.recipe import Recipe

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Rows to learn from, with the labels known then, and rows to judge, with those known now."""

    name: str
    train: Rows
    train_labels: npt.NDArray[np.float64]
    test: Rows
    test_labels: npt.NDArray[np.float64]


def cutoffs_of(along: pd.DataFrame, *, until: pd.Timestamp, recipe: Recipe) -> list[pd.Timestamp]:
    """First-of-month mornings on which a past deployment can be replayed and judged, oldest first.

    The last is the latest whose labels are all mature at `until`; the others lie `every_months`
    before. None lies before the first case whose own label could have matured.
    """
    wait = pd.Timedelta(days=recipe.target.horizon_days + recipe.target.declaration_delay_days)
    latest = (until - wait).to_period("M").to_timestamp()
    earliest = along["as_of"].min() + wait
    months = [
        latest - pd.DateOffset(months=recipe.backtest.every_months * i)
        for i in range(recipe.backtest.cutoffs)
    ]
    return sorted(pd.Timestamp(month).as_unit("s") for month in months if month > earliest)


def grouped_splits(
    rows: Rows, labels: npt.NDArray[np.float64], persons: Rows, *, recipe: Recipe
) -> Iterator[Split]:
    """Folds by person over matured rows, for a history too short to replay any deployment.

    Not ordered in time: figures from these folds are optimistic if the world changes, and are
    reported as such.
    """
    y, groups = labels[rows], persons[rows]
    folds = min(recipe.backtest.folds, np.unique(groups[y == 1]).size)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=recipe.training.seed)
    for number, (train, test) in enumerate(splitter.split(rows, y, groups), start=1):
        yield Split(f"fold {number}", rows[train], y[train], rows[test], y[test])
