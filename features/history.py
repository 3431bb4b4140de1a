"""What crosses contracts: past ruptures of an employer, a sector, a centre or a person.

Every contract adds time at risk to its employer from its start to its end, and a rupture when one
is known. Each change of that sum is a step dated by the day it became known, so that cumulative
sums of steps dated before `as_of` are what was known that morning, corrections included.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.days import Days, to_days
from features.records import Records
from features.rupture import DEFINITION, End, RuptureDefinition, classify_ends
from features.sectors import sector_of

DAYS_PER_YEAR = 365.25
# Room for any day number of a date between 1940 and 2100 beside an entity's position.
_DAY_SPAN = 1 << 18
_DAY_SHIFT = 1 << 17


@dataclass(frozen=True)
class Past:
    """Known past of one entity per case: contract-years at risk, ruptures, contracts."""

    years: Days
    ruptures: Days
    contracts: Days

    def minus(self, own: "Past") -> "Past":
        """The past with the case's own contract left out."""
        return Past(
            self.years - own.years, self.ruptures - own.ruptures, self.contracts - own.contracts
        )

    def rate(self, prior: "Days | float", *, strength_years: float) -> Days:
        """Ruptures per contract-year, shrunk to `prior` as by `strength_years` of experience.

        The posterior mean of a Gamma-Poisson model (Gelman et al., Bayesian Data Analysis, 2013).
        """
        years = np.maximum(self.years, 0.0)
        return np.asarray((self.ruptures + strength_years * prior) / (years + strength_years))


@dataclass(frozen=True)
class _Steps:
    """Cumulative steps of one kind of entity, sorted by entity then day."""

    positions: pd.Index
    order: npt.NDArray[np.int64]
    cumulative: npt.NDArray[np.float64]  # (n_steps + 1, 4): weight, weight x origin, ruptures, n

    def before(self, keys: pd.Series, as_of: Days) -> Past:
        """Sums of the steps of each key dated strictly before its `as_of`."""
        position = self.positions.get_indexer(pd.Index(keys))
        morning = position * _DAY_SPAN + as_of.astype("int64") + _DAY_SHIFT
        first = np.searchsorted(self.order, position * _DAY_SPAN)
        last = np.searchsorted(self.order, morning)
        sums = self.cumulative[last] - self.cumulative[first]
        sums[position < 0] = 0.0
        weight, origin, ruptures, contracts = sums.T
        return Past((weight * as_of - origin) / DAYS_PER_YEAR, ruptures, contracts)


@dataclass(frozen=True)
class History:
    """Steps by entity: `employer`, `sector`, `centre`, `person`, `contract` and `all`."""

    steps: Mapping[str, _Steps]

    @classmethod
    def of(cls, records: Records, *, definition: RuptureDefinition = DEFINITION) -> "History":
        """Read the history of every entity off all versions of contracts and outcomes."""
        versions = _spans(records.contracts)
        steps = pd.concat(
            [_entries(versions), _ends(versions, _spans(records.outcomes), definition)]
        )
        keys = entity_keys(versions).loc[steps["version"]].set_axis(steps.index)
        return cls({str(name): _index(steps, keys[name]) for name in keys})

    def past(self, entity: str, contracts: pd.DataFrame, as_of: Days) -> Past:
        """What was known on each `as_of` of the contract's entity, its own contract left out."""
        keys = entity_keys(contracts)
        whole = self.steps[entity].before(keys[entity], as_of)
        # A contract belongs to an entity only where that entity is known.
        own = keys["contract"].where(keys[entity].notna())
        return whole.minus(self.steps["contract"].before(own, as_of))


def entity_keys(contracts: pd.DataFrame) -> pd.DataFrame:
    """The entities each contract row belongs to; missing where unknown."""
    return pd.DataFrame(
        {
            "employer": contracts["employer_siret"],
            "sector": sector_of(contracts["employer_naf"]),
            "centre": contracts["training_centre_uai"].fillna(contracts["training_centre_siret"]),
            "person": contracts["person_id"],
            "contract": contracts["contract_id"],
            "all": pd.Series("all", index=contracts.index, dtype="str"),
        }
    )


def _spans(table: pd.DataFrame) -> pd.DataFrame:
    """Versions with `until`, the day the next version of the same contract became known."""
    table = table.sort_values(["contract_id", "known_on"], ignore_index=True)
    return table.assign(until=table.groupby("contract_id")["known_on"].shift(-1))


def _entries(versions: pd.DataFrame) -> pd.DataFrame:
    """A contract version counts from its start, or from the day it is known when that is later."""
    start, planned = to_days(versions["started_on"]), to_days(versions["planned_end_on"])
    known = to_days(versions["known_on"])
    return pd.concat(
        [
            _step(versions, np.fmax(known, start), weight=1.0, origin=start, contracts=1.0),
            _step(versions, np.fmax(known, planned), weight=-1.0, origin=planned),
        ]
    )


def _ends(
    versions: pd.DataFrame, outcomes: pd.DataFrame, definition: RuptureDefinition
) -> pd.DataFrame:
    """A known end replaces the planned one: time at risk stops that day, a rupture is counted.

    An end announced for a day to come counts from that day on.
    """
    pairs = versions.reset_index(names="version").merge(
        outcomes, on="contract_id", suffixes=("", "_outcome")
    )
    pairs["known_on"] = pairs[["known_on", "known_on_outcome"]].max(axis=1)
    pairs["until"] = pairs[["until", "until_outcome"]].min(axis=1)
    pairs = pairs[~(pairs["until"] <= pairs["known_on"])]
    ended, planned = to_days(pairs["ended_on"]), to_days(pairs["planned_end_on"])
    end = classify_ends(pairs, pairs, definition=definition)["end"]
    ruptured = np.asarray(end == End.RUPTURE, dtype="float64")
    stop = np.clip(ended, to_days(pairs["started_on"]), planned)
    known = np.fmax(to_days(pairs["known_on"]), stop)
    pairs = pairs.set_index("version")
    stopped = _step(pairs, known, weight=-1.0, origin=stop, ruptures=ruptured)
    replaced = _step(pairs, np.fmax(known, planned), weight=1.0, origin=planned)
    return pd.concat([stopped, replaced])


def _step(
    versions: pd.DataFrame,
    day: Days,
    *,
    weight: float,
    origin: Days,
    ruptures: "Days | float" = 0.0,
    contracts: float = 0.0,
) -> pd.DataFrame:
    """Steps that take effect on `day`, and their reversal when the version is superseded."""
    until = to_days(versions["until"])
    done = pd.DataFrame(
        {
            "version": versions.index,
            "day": day,
            "weight": weight,
            "moment": weight * origin,
            "ruptures": ruptures,
            "contracts": contracts,
        }
    )
    lives = ~(until <= day)
    undone = done[lives & ~np.isnan(until)].assign(day=until[lives & ~np.isnan(until)])
    undone[["weight", "moment", "ruptures", "contracts"]] *= -1.0
    return pd.concat([done[lives], undone], ignore_index=True)


def _index(steps: pd.DataFrame, keys: pd.Series) -> _Steps:
    known = keys.notna().to_numpy()
    codes, positions = pd.factorize(keys[known])
    rows = steps[known]
    order = codes * _DAY_SPAN + rows["day"].to_numpy("int64") + _DAY_SHIFT
    by_order = np.argsort(order, kind="stable")
    sums = rows[["weight", "moment", "ruptures", "contracts"]].to_numpy()[by_order].cumsum(axis=0)
    return _Steps(positions, order[by_order], np.vstack([np.zeros(4), sums]))
