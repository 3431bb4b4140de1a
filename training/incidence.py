"""The yearly curve of a training run: its rates by contract age, and how it did in the backtest.

Everything a judged morning uses had matured by then: rates by age, and the persistence learned from
the mornings judged before it. In folds, which have no time order, the judged persons are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import TrainingError
from features.point_in_time.cases import known_versions
from features.point_in_time.rupture import DEFINITION, End
from features.records.declarations import Records
from models.hazards import Hazards, hazards_of
from models.incidence import cohort_incidence, incidence_at
from models.persistence import fit_persistence
from training.dataset import Dataset
from training.evaluate import Comparison
from training.labels import known_ends
from training.recipe import Target

Array = npt.NDArray[np.float64]
Facts = dict[str, Any]
GRID = (30, 90, 180, 270, 365)


def follow_up(records: Records, *, known_by: pd.Timestamp, target: Target) -> pd.DataFrame:
    """Return how long each contract was followed and how that ended, as known on a morning.

    Index contract_id; columns started_on, entered_on (not before it was known), left_on, ruptured
    and other (early ends of another kind). Ends of the last days are not declared yet: nobody is
    followed into the delay of declaration. Contracts that never started or whose end contradicts
    itself are left out.
    """
    contracts = known_versions(records.contracts, "contract_id", before=known_by)
    contracts = contracts.set_index("contract_id")
    ends = known_ends(records, known_by=known_by).reindex(contracts.index)
    limit = known_by - pd.Timedelta(days=patience(target))
    started = contracts["started_on"]
    first_known = records.contracts.groupby("contract_id")["known_on"].min()[contracts.index]
    over = ends["ended_on"].fillna(contracts["planned_end_on"]).fillna(limit)
    seen = ends["ended_on"].notna() & (ends["ended_on"] < limit)
    ruptured = seen & (ends["end"] == End.RUPTURE)
    if target.net:
        ruptured &= ends["net"].eq(True)
    early = seen & ~(ends["ended_on"] >= contracts["planned_end_on"])
    followed = pd.DataFrame(
        {
            "started_on": started,
            "entered_on": started.where(started > first_known, first_known),
            "left_on": over.where(over < limit, limit),
            "ruptured": ruptured.astype("float64"),
            "other": (early & ~ruptured).astype("float64"),
        }
    )
    return followed[~ends["end"].isin([End.NOT_STARTED, End.UNCLEAR])]


def patience(target: Target) -> int:
    """Return after how many days the end of a contract is known, or whether a rupture is net."""
    return target.declaration_delay_days + (DEFINITION.reentry_days if target.net else 0)


def hazards_by_age(followed: pd.DataFrame) -> Hazards:
    """Return the rates of what `follow_up` returns. Raises TrainingError for nobody followed."""
    started = followed["started_on"]
    rows = (followed["left_on"] > followed["entered_on"]).to_numpy()
    if not rows.any():
        raise TrainingError("incidence: expected contracts followed for a day, got none")
    followed, started = followed[rows], started[rows]
    entry, leave = (
        np.asarray((followed[name] - started).dt.days, dtype="float64")
        for name in ("entered_on", "left_on")
    )
    ruptured, other = (followed[name].to_numpy("float64") for name in ("ruptured", "other"))
    return hazards_of(entry, leave, ruptured, other)


@dataclass(frozen=True)
class Judged:
    """Judged cases: the curve of each, (n, len(GRID)), and what followed, NaN where unknown."""

    days: tuple[int, ...]
    predicted: Array
    cohort: Array
    followed: Array
    persons: npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Cases:
    """The judged cases of a comparison, with what the curve needs of each."""

    contracts: pd.Series
    as_of: pd.Series
    age: Array
    remaining: Array
    risk: Array
    splits: pd.Series
    persons: npt.NDArray[np.int64]

    @classmethod
    def of(cls, dataset: Dataset, comparison: Comparison) -> "_Cases":
        predictions = comparison.predictions
        rows = predictions["row"].to_numpy()
        cases, matrix = dataset.cases.iloc[rows], dataset.matrix.iloc[rows]
        return cls(
            cases["contract_id"].reset_index(drop=True),
            cases["as_of"].reset_index(drop=True),
            matrix["elapsed_days"].to_numpy("float64"),
            matrix["remaining_days"].to_numpy("float64"),
            predictions[comparison.chosen].to_numpy("float64"),
            predictions["split"],
            predictions["person"].to_numpy("int64"),
        )


def fit_incidence(dataset: Dataset, comparison: Comparison) -> Hazards:
    """Return the rates and the persistence of everything matured when the extract was made."""
    target, until = dataset.recipe.target, dataset.until
    followed = follow_up(dataset.records, known_by=until, target=target)
    cases = _Cases.of(dataset, comparison)
    every = np.arange(len(cases.risk))
    return _with_persistence(
        hazards_by_age(followed), cases, every, followed, known_by=until, target=target
    )


def judge_incidence(dataset: Dataset, comparison: Comparison) -> Judged:
    """Return what the curve predicted for every judged case, and what followed."""
    cases, target = _Cases.of(dataset, comparison), dataset.recipe.target
    predicted, cohort = np.full((2, len(cases.risk), len(GRID)), np.nan)
    horizon = target.horizon_days
    for rows, hazards in _replayed(dataset, comparison, cases):
        options: Facts = {
            "age_days": cases.age[rows],
            "remaining_days": cases.remaining[rows],
            "days": GRID,
        }
        predicted[rows] = incidence_at(hazards, cases.risk[rows], horizon_days=horizon, **options)
        cohort[rows] = cohort_incidence(hazards, **options)
    outcome = _outcome(dataset, cases)
    return Judged(GRID, predicted, cohort, outcome, cases.persons)


def _replayed(
    dataset: Dataset, comparison: Comparison, cases: _Cases
) -> Iterator[tuple[npt.NDArray[np.int64], Hazards]]:
    """Yield the rows of each split and the rates that were known then."""
    target, records = dataset.recipe.target, dataset.records
    whole = follow_up(records, known_by=dataset.until, target=target)
    seen = np.zeros(len(cases.risk), dtype=bool)
    for name, rows in cases.splits.groupby(cases.splits).indices.items():
        if comparison.in_time_order:
            morning = pd.Timestamp(str(name))
            followed = follow_up(records, known_by=morning, target=target)
            earlier = np.flatnonzero(seen)
        else:
            morning, earlier = dataset.until, np.flatnonzero(cases.splits != name)
            followed = whole[~whole.index.isin(cases.contracts.iloc[rows])]
        hazards = hazards_by_age(followed)
        yield (
            np.asarray(rows),
            _with_persistence(hazards, cases, earlier, followed, known_by=morning, target=target),
        )
        seen[rows] = True


def _with_persistence(
    hazards: Hazards,
    cases: _Cases,
    rows: npt.NDArray[np.int64],
    followed: pd.DataFrame,
    *,
    known_by: pd.Timestamp,
    target: Target,
) -> Hazards:
    """Return the rates with the persistence of the mornings in `rows`, from what was known then."""
    limit = known_by - pd.Timedelta(days=patience(target))
    window = followed.reindex(cases.contracts.iloc[rows])
    days = (window["left_on"].to_numpy() - cases.as_of.iloc[rows].to_numpy()) / np.timedelta64(
        1, "D"
    )
    in_time = (cases.as_of.iloc[rows] < limit).to_numpy() & ~np.isnan(days)
    part = rows[in_time]
    value, error = fit_persistence(
        hazards,
        cases.risk[part],
        age_days=cases.age[part],
        remaining_days=cases.remaining[part],
        horizon_days=target.horizon_days,
        followed_days=days[in_time],
        ruptured=window["ruptured"].to_numpy()[in_time],
        persons=cases.persons[part],
    )
    return replace(hazards, persistence=value, persistence_error=error)


def _outcome(dataset: Dataset, cases: _Cases) -> Array:
    """Whether each case broke within each of GRID, (n, len(GRID)); NaN before that has matured."""
    target = dataset.recipe.target
    followed = follow_up(dataset.records, known_by=dataset.until, target=target)
    window = followed.reindex(cases.contracts).reset_index(drop=True)
    days = np.array(GRID, dtype="float64")
    left = (window["left_on"] - cases.as_of).dt.days.to_numpy("float64")[:, None]
    reach = (dataset.until - cases.as_of).dt.days.to_numpy("float64")[:, None]
    matured = (days + patience(target) <= reach) & ~np.isnan(left)
    broke = (window["ruptured"].to_numpy()[:, None] > 0) & (left >= 0) & (left < days)
    return np.where(matured, broke * 1.0, np.nan)
