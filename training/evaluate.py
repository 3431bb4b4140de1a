"""The rolling backtest: at each cutoff learn what had matured, score who was open, compare."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Parallel, delayed

from features.common.errors import TrainingError
from models.candidates import PARENT_MEMBERS, members_of
from training.baseline import baseline_risks
from training.choice import rank
from training.dataset import Dataset
from training.replay import Margins, members_for, replay, risks
from training.splits import Split, grouped_splits

BASELINE = "sector_level_size"
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Predictions of every candidate on the same cases, and which one is chosen.

    `predictions`: one row per judged case, columns split, row (position in the dataset), person,
    label, new (contract never seen in training) and one column of risks per candidate and for the
    baseline. `ranking`: per candidate the mean log loss, the difference to the best and its
    standard error by person.
    """

    predictions: pd.DataFrame
    ranking: pd.DataFrame
    chosen: str
    in_time_order: bool


def compare(
    dataset: Dataset, *, progress: Callable[[int], None] | None = None, jobs: int = -1
) -> Comparison:
    """Backtest every candidate of the recipe on the same splits.

    Raises TrainingError when too few ruptures have matured to judge anything.
    """
    splits = list(_rolling_splits(dataset))
    in_time_order = bool(splits)
    if not splits:
        splits = list(_folds(dataset))
    names = contenders(dataset)
    predictions = _predict(dataset, splits, names, progress=progress, jobs=jobs)
    contracts = dataset.cases["contract_id"].nunique()
    ranking = rank(predictions, names, contracts=contracts)
    chosen = str(ranking.index[ranking["chosen"]][0])
    return Comparison(predictions, ranking, chosen, in_time_order)


def contenders(dataset: Dataset) -> tuple[str, ...]:
    """Candidates of the recipe that the history can bear.

    With a few dozen ruptures a backtest cannot tell luck from skill, and trees would win by luck in
    one programme out of five: they, and what blends them, compete from the recipe's minimum on.
    """
    names = dataset.recipe.candidates.names
    broken = dataset.cases["contract_id"][dataset.labels(known_by=dataset.until) == 1].nunique()
    enough = broken >= dataset.recipe.candidates.trees_minimum_ruptures
    simple = tuple(name for name in names if "trees" not in members_of(name))
    from_parent = () if dataset.parent is None else tuple(PARENT_MEMBERS)
    return (*(names if enough or not simple else simple), *from_parent)


def fits_to_come(dataset: Dataset) -> int:
    """Fits a comparison will make at most, for a progress bar."""
    splits = max(len(dataset.cutoffs), dataset.recipe.backtest.folds)
    return splits * len(members_for(contenders(dataset)))


def _rolling_splits(dataset: Dataset) -> Iterator[Split]:
    """One split per cutoff at which enough ruptures had matured, and some case can be judged."""
    judged = dataset.labels(known_by=dataset.until)
    at_cutoff = dataset.cases["cutoff"].to_numpy()
    contracts = dataset.cases["contract_id"]
    for cutoff in dataset.cutoffs:
        known = dataset.labels(known_by=cutoff)
        train = np.flatnonzero(~at_cutoff & ~np.isnan(known))
        broken = contracts.iloc[train[known[train] == 1]].nunique()
        morning = (dataset.cases["as_of"] == cutoff).to_numpy()
        test = np.flatnonzero(at_cutoff & morning & ~np.isnan(judged))
        enough = broken >= dataset.recipe.backtest.minimum_ruptures and len(test)
        if enough and (known[train] == 0).any():
            yield Split(str(cutoff.date()), train, known[train], test, judged[test])


def _folds(dataset: Dataset) -> Iterator[Split]:
    labels = dataset.labels(known_by=dataset.until)
    rows = np.flatnonzero(~dataset.cases["cutoff"].to_numpy() & ~np.isnan(labels))
    ruptured = np.unique(dataset.persons[rows[labels[rows] == 1]]).size
    if ruptured < 2 or (labels[rows] == 1).all():
        raise TrainingError(
            "backtest: expected persons with and persons without a matured rupture, "
            f"got {ruptured} with one; wait for more outcomes"
        )
    return grouped_splits(rows, labels, dataset.persons, recipe=dataset.recipe)


def _predict(
    dataset: Dataset,
    splits: Sequence[Split],
    names: Sequence[str],
    *,
    progress: Callable[[int], None] | None,
    jobs: int,
) -> pd.DataFrame:
    margins = _replayed(dataset, splits, members_for(names), progress=progress, jobs=jobs)
    tables = []
    for s, split in enumerate(splits):
        parts = {name: [margins[s, member] for member in members_of(name)] for name in names}
        by_name = {name: risks(name, parts[name], split.train_labels) for name in names}
        tables.append(_judged(dataset, split, by_name))
    return pd.concat(tables, ignore_index=True)


def _replayed(
    dataset: Dataset,
    splits: Sequence[Split],
    members: Sequence[str],
    *,
    progress: Callable[[int], None] | None,
    jobs: int,
) -> dict[tuple[int, str], Margins]:
    """Margins of every member at every split, by the split's position and the member's name."""
    X, persons = dataset.X, dataset.persons
    seed = dataset.recipe.training.seed
    tasks = [(s, member) for s in range(len(splits)) for member in members]
    # The heaviest first, so that no core waits for the last fit.
    tasks.sort(key=lambda task: (task[1] != "trees", -len(splits[task[0]].train)))
    results = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(replay)(member, X, persons, splits[s], seed=seed, parent=dataset.parent)
        for s, member in tasks
    )
    margins = {}
    for task, result in zip(tasks, results, strict=True):
        margins[task] = result
        if progress is not None:
            progress(1)
    return margins


def _judged(dataset: Dataset, split: Split, by_name: dict[str, Array]) -> pd.DataFrame:
    contracts = dataset.cases["contract_id"]
    seen = contracts.iloc[split.test].isin(contracts.iloc[split.train].unique())
    return pd.DataFrame(
        {
            "split": split.name,
            "row": split.test,
            "person": dataset.persons[split.test],
            "label": split.test_labels,
            "new": ~seen.to_numpy(),
            BASELINE: baseline_risks(dataset, split),
            **by_name,
        }
    )
