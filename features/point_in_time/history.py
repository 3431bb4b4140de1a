"""What crosses contracts: past ruptures of an employer, a sector, a centre or a person.

Sums of steps (`point_in_time.past_ruptures`) dated before a morning are what was known that
morning. A history is built from all records, from a stored table of steps, or from sums that a
database took for one morning: all three give the same past.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from features.common.errors import InputError
from features.point_in_time.days import Days
from features.point_in_time.past_ruptures import (
    AMOUNTS,
    DAY_SHIFT,
    DAY_SPAN,
    ENTITIES,
    ExposureIncrements,
    increments_of,
)
from features.point_in_time.record_arrays import Array, RecordArrays, factorize
from features.point_in_time.rupture import DEFINITION, RuptureDefinition
from features.records.declarations import CONTRACT, OUTCOME, Records

DAYS_PER_YEAR = 365.25
NOTHING = (0.0,) * len(AMOUNTS)


@dataclass(frozen=True)
class Past:
    """Known past of one entity per case: contract-years at risk, ruptures, contracts."""

    years: Days
    ruptures: Days
    contracts: Days

    def minus(self, own: "Past", *, where: Days) -> "Past":
        """The past with the case's own contract left out where it is part of it (1.0, not 0.0)."""
        return Past(
            self.years - where * own.years,
            self.ruptures - where * own.ruptures,
            self.contracts - where * own.contracts,
        )

    def rate(self, prior: "Days | float", *, strength_years: float) -> Days:
        """Ruptures per contract-year, shrunk to `prior` as by `strength_years` of experience.

        The posterior mean of a Gamma-Poisson model (Gelman et al., Bayesian Data Analysis, 2013).
        """
        years = np.maximum(self.years, 0.0)
        return np.asarray((self.ruptures + strength_years * prior) / (years + strength_years))


@dataclass(frozen=True)
class _Sums:
    """Cumulative steps of one kind of entity, sorted by key then day."""

    positions: Mapping[str, int]
    order: npt.NDArray[np.int64]
    cumulative: npt.NDArray[np.float64]  # (n_increments + 1, 4), as AMOUNTS

    @classmethod
    def of(cls, keys: Array, day: Days, amounts: Days) -> "_Sums":
        position, positions = factorize(keys)
        order = position * DAY_SPAN + day.astype("int64") + DAY_SHIFT
        by_order = np.argsort(order, kind="stable")
        cumulative = np.zeros((len(order) + 1, len(amounts)))
        np.cumsum(amounts[:, by_order].T, axis=0, out=cumulative[1:])
        return cls(positions, order[by_order], cumulative)

    def before(self, keys: Array, as_of: Days) -> Past:
        """Sums of the steps of each key dated strictly before its `as_of`."""
        found = [self.positions.get(key, -1) for key in keys.tolist()]
        position = np.array(found, dtype=np.int64)
        morning = position * DAY_SPAN + as_of.astype("int64") + DAY_SHIFT
        first = np.searchsorted(self.order, position * DAY_SPAN)
        last = np.searchsorted(self.order, morning)
        sums = self.cumulative[last] - self.cumulative[first]
        sums[position < 0] = 0.0
        return _past(sums, as_of)


@dataclass(frozen=True)
class _SumsOfMorning:
    """Sums of one kind of entity by key, all taken before the same morning."""

    by_key: dict[str, Sequence[float]]

    def before(self, keys: Array, as_of: Days) -> Past:
        """Return those of each key, nothing where there are none."""
        found = [self.by_key.get(key, NOTHING) for key in keys.tolist()]
        return _past(np.array(found, dtype="float64").reshape(-1, len(AMOUNTS)), as_of)


def _past(sums: Days, as_of: Days) -> Past:
    at_risk, start_day_sum, ruptures, contracts = sums.T
    return Past((at_risk * as_of - start_day_sum) / DAYS_PER_YEAR, ruptures, contracts)


@dataclass(frozen=True)
class History:
    """Sums by entity: `employer`, `sector`, `centre`, `person`, `contract` and `all`.

    With a `morning`, the only one it holds.
    """

    sums: "Mapping[str, _Sums | _SumsOfMorning]"
    morning: float | None = None

    @classmethod
    def of(cls, records: Records, *, definition: RuptureDefinition = DEFINITION) -> "History":
        """Read the history of every entity off all versions of contracts and outcomes."""
        contracts = RecordArrays.of_frame(records.contracts, CONTRACT)
        outcomes = RecordArrays.of_frame(records.outcomes, OUTCOME)
        return cls.from_increments(increments_of(contracts, outcomes, definition=definition))

    @classmethod
    def from_increments(cls, steps: ExposureIncrements) -> "History":
        """Return the history whose steps are stored in a table, in any order."""
        amounts, sums = steps.amounts, {}
        for name in ENTITIES:
            mask = steps.entity == name
            sums[name] = _Sums.of(steps.key[mask], steps.day[mask], amounts[:, mask])
        return cls(sums)

    @classmethod
    def of_sums(cls, rows: Iterable[tuple[Any, ...]], *, as_of: float) -> "History":
        """Return the history of one morning, from sums of the steps dated strictly before it.

        `rows` of (entity, key, at_risk, start_day_sum, ruptures, contracts) hold at least the keys
        that `past_ruptures.entity_keys` names for the contracts to describe; a
        key without a row has no past. `as_of` is the day number of the morning: cases of another
        one are refused.
        """
        sums = {entity: _SumsOfMorning({}) for entity in ENTITIES}
        for entity, key, *amounts in rows:
            sums[entity].by_key[key] = amounts
        return cls(sums, morning=as_of)

    def on(self, as_of: Days, *, keys: Mapping[str, Array]) -> "Pasts":
        """Return what was known on each `as_of` of the entities of each contract.

        `keys` are those of `past_ruptures.entity_keys`. Raises InputError for a
        morning that this history does not hold.
        """
        if self.morning is not None and (as_of != self.morning).any():
            raise InputError(
                f"history: expected cases of the morning {self.morning:g} its sums were taken for, "
                f"got another"
            )
        return Pasts(self.sums, keys, as_of)


@dataclass(frozen=True)
class Pasts:
    """What was known of the entities of each case, its own contract left out."""

    sums: Mapping[str, _Sums | _SumsOfMorning]
    keys: Mapping[str, Array]
    as_of: Days

    def of(self, entity: str) -> Past:
        """Return the past of one kind of entity; nothing where the entity is unknown."""
        keys = self.keys[entity]
        # A contract belongs to an entity only where that entity is known.
        belongs = np.array([key is not None for key in keys.tolist()], dtype="float64")
        return self.sums[entity].before(keys, self.as_of).minus(self._own, where=belongs)

    @cached_property
    def _own(self) -> Past:
        return self.sums["contract"].before(self.keys["contract"], self.as_of)
