"""Steps of what is known of an employer, a sector, a centre, a person: dated, additive, in sums.

Every contract adds time at risk to its entities from its start to its end, and a rupture when one
is known. Each change of that sum is a step dated by the day it became known, so that sums of steps
dated before `as_of` are what was known that morning, corrections included. All numbers are whole:
sums are exact in any order. The steps of many contracts are the sum of the steps of each, so that
a table of them is kept up to date by the difference that one contract makes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.point_in_time.days import Days
from features.point_in_time.ordering import superseded_on
from features.point_in_time.record_arrays import Array, Positions, RecordArrays, factorize, spread
from features.point_in_time.rupture import DEFINITION, End, RuptureDefinition, read_ends
from features.records.sectors import sector

ENTITIES = ("employer", "sector", "centre", "person", "contract", "all")
AMOUNTS = ("at_risk", "start_day_sum", "ruptures", "contracts")
# Room for any day number of a date between 1940 and 2100 beside a key's position.
DAY_SPAN = 1 << 18
DAY_SHIFT = 1 << 17


@dataclass(frozen=True)
class ExposureIncrements:
    """One row per entity, key and day that changes something.

    `entity` (one of ENTITIES) and `key` are str, `day` is a day number, and the rest float64: in
    force from the day after `day` on, `at_risk * as_of - start_day_sum` is days at risk, `ruptures`
    and `contracts` are numbers of them.
    """

    entity: Array
    key: Array
    day: Days
    at_risk: Days
    start_day_sum: Days
    ruptures: Days
    contracts: Days

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[Any, ...]]) -> "ExposureIncrements":
        """Increments from rows of (entity, key, day, *AMOUNTS)."""
        entity, key, *numbers = list(zip(*rows, strict=True)) or [()] * (3 + len(AMOUNTS))
        names = (np.array(entity, dtype=object), np.array(key, dtype=object))
        return cls(*names, *np.array(numbers, dtype="float64"))

    def rows(self) -> list[tuple[str, str, int, float, float, float, float]]:
        """Return the rows, sorted by entity, key and day; `day` is a whole day number."""
        columns = [self.entity, self.key, self.day.astype("int64"), *self.amounts]
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    @property
    def amounts(self) -> Array:
        """At risk, start-day sum, ruptures and contracts, shape (4, n_rows)."""
        return np.array([getattr(self, name) for name in AMOUNTS])

    def __len__(self) -> int:
        return len(self.day)

    def minus(self, other: "ExposureIncrements") -> "ExposureIncrements":
        """Return what to add to `other` to get these.

        The change that a write makes to a stored table.
        """
        entity = np.concatenate([self.entity, other.entity])
        key, day = np.concatenate([self.key, other.key]), np.concatenate([self.day, other.day])
        amounts = np.hstack([self.amounts, -other.amounts])
        parts = []
        for name in ENTITIES:
            of_entity = entity == name
            parts.append(_summed(name, key[of_entity], day[of_entity], amounts[:, of_entity]))
        return _joined(parts)


def entity_keys(contracts: RecordArrays) -> Mapping[str, Array]:
    """Return the key of each contract row for every one of ENTITIES, None where unknown."""
    centres = zip(contracts["training_centre_uai"], contracts["training_centre_siret"], strict=True)
    return {
        "employer": contracts["employer_siret"],
        "sector": _texts([sector(naf) for naf in contracts["employer_naf"].tolist()]),
        "centre": _texts([uai if uai is not None else siret for uai, siret in centres]),
        "person": contracts["person_id"],
        "contract": contracts["contract_id"],
        "all": np.full(len(contracts), "all", dtype=object),
    }


def increments_of(
    contracts: RecordArrays, outcomes: RecordArrays, *, definition: RuptureDefinition = DEFINITION
) -> ExposureIncrements:
    """Steps of all versions of some contracts and of their outcomes.

    Every version of a contract that is given must be there, with every version of its outcome:
    steps of half of them would count it twice or not at all. Outcomes of other contracts are left
    out.
    """
    until = superseded_on(contracts["contract_id"], contracts["known_on"])
    until[contracts["withdrawn"] == 1.0] = -np.inf  # a version that withdraws is never in force
    raw = np.hstack([_entries(contracts, until), _ends(contracts, until, outcomes, definition)])
    version, day, amounts = _in_force(raw)
    keys = entity_keys(contracts)
    return _joined([_summed(name, keys[name][version], day, amounts) for name in ENTITIES])


def _texts(values: list[str | None]) -> Array:
    return np.array(values, dtype=object)


def _entries(contracts: RecordArrays, until: Days) -> Days:
    """A contract version counts from its start, or from the day it is known when that is later."""
    start, planned = contracts["started_on"], contracts["planned_end_on"]
    known, version = contracts["known_on"], np.arange(len(contracts))
    return np.hstack(
        [
            _increment(
                version, np.fmax(known, start), until, at_risk=1.0, origin=start, contracts=1.0
            ),
            _increment(version, np.fmax(known, planned), until, at_risk=-1.0, origin=planned),
        ]
    )


def _ends(
    contracts: RecordArrays, until: Days, outcomes: RecordArrays, definition: RuptureDefinition
) -> Days:
    """A known end replaces the planned one.

    Time at risk stops that day, a rupture is counted.

    An end announced for a day to come counts from that day on.
    """
    version, outcome = _pairs(contracts, outcomes)
    ended_until = superseded_on(outcomes["contract_id"], outcomes["known_on"])
    ended_until[outcomes["withdrawn"] == 1.0] = -np.inf
    known = np.maximum(contracts["known_on"][version], outcomes["known_on"][outcome])
    until = np.minimum(until[version], ended_until[outcome])
    lives = known < until
    version, outcome, known, until = version[lives], outcome[lives], known[lives], until[lives]
    of_contract, of_outcome = contracts.take(version), outcomes.take(outcome)
    planned, start = of_contract["planned_end_on"], of_contract["started_on"]
    ruptured = read_ends(of_contract, of_outcome, definition=definition) == End.RUPTURE
    stop = np.clip(of_outcome["ended_on"], start, planned)
    known = np.fmax(known, stop)
    return np.hstack(
        [
            _increment(version, known, until, at_risk=-1.0, origin=stop, ruptures=ruptured),
            _increment(version, np.fmax(known, planned), until, at_risk=1.0, origin=planned),
        ]
    )


def _pairs(contracts: RecordArrays, outcomes: RecordArrays) -> tuple[Positions, Positions]:
    """Return every version of a contract with every version of its outcome."""
    contract, positions = factorize(contracts["contract_id"])
    by_contract = np.argsort(contract, kind="stable")
    starts = np.searchsorted(contract[by_contract], np.arange(len(positions) + 1))
    ended = [positions.get(one, -1) for one in outcomes["contract_id"].tolist()]
    of_outcome = np.array(ended, dtype=np.int64)
    size = np.where(of_outcome < 0, 0, starts[of_outcome + 1] - starts[of_outcome])
    outcome, place = spread(starts[of_outcome], size)
    return by_contract[place], outcome


def _increment(
    version: Positions,
    day: Days,
    until: Days,
    *,
    at_risk: float,
    origin: Days,
    ruptures: "Array | float" = 0.0,
    contracts: float = 0.0,
) -> Days:
    """Rows version, day, until, then the amounts: a change in force from `day` to `until`."""
    increment = np.empty((3 + len(AMOUNTS), len(day)))
    for row, values in enumerate(
        (version, day, until, at_risk, at_risk * origin, ruptures, contracts)
    ):
        increment[row] = values
    return increment


def _in_force(raw: Days) -> tuple[Positions, Days, Days]:
    """Version, day and amounts of the steps that take effect and of their reversals."""
    done = raw[:, raw[1] < raw[2]]
    undone = done[:, np.isfinite(done[2])]
    version = np.concatenate([done[0], undone[0]]).astype("int64")
    day = np.concatenate([done[1], undone[2]])
    return version, day, np.hstack([done[3:], -undone[3:]])


def _summed(entity: str, keys: Array, day: Days, amounts: Days) -> ExposureIncrements:
    """Sum steps of one entity by key and day; unknown keys and sums of nothing are left out."""
    key, positions = factorize(keys)
    slot = key * DAY_SPAN + day.astype("int64") + DAY_SHIFT
    if None in positions:
        known = key != positions[None]
        slot, amounts = slot[known], amounts[:, known]
    slots, where = np.unique(slot, return_inverse=True)
    sums = np.array([np.bincount(where, amount, len(slots)) for amount in amounts])
    changes = sums.any(axis=0)
    position, day_of = np.divmod(slots[changes], DAY_SPAN)
    names = np.array(list(positions), dtype=object)[position]
    days = (day_of - DAY_SHIFT).astype("float64")
    return ExposureIncrements(
        np.full(len(days), entity, dtype=object), names, days, *sums[:, changes]
    )


def _joined(parts: list[ExposureIncrements]) -> ExposureIncrements:
    names = ("entity", "key", "day", *AMOUNTS)
    return ExposureIncrements(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in names)
    )
