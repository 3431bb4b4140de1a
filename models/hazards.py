"""Rates of rupture and of other early ends by contract age."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.checks import ArgumentError, Floats

BAND_DAYS = 30  # width of an age band
LAST_BAND = 48  # ages beyond are one band with it
RATES = ("rupture", "other", "contracts")
FEWEST = 20  # contracts at risk for a band to tell anything
PRIOR_RUPTURES = 0.5  # spread over the overall rate: no band has a rate of exactly 0
SMALLEST = 1e-12
CERTAIN = 1.0 - SMALLEST
FOR_EVER = 1e5  # days


@dataclass(frozen=True)
class Hazards:
    """Daily rates of rupture and of other early ends by contract age, and how sure of the rest.

    `rupture`, `other` and `contracts` (numbers seen at risk) have one entry per age band of
    BAND_DAYS from the start; `persistence` lies between 0, where a case is beyond the horizon like
    all others, and 1, where it keeps its whole difference; `persistence_error` is its standard
    error.
    """

    rupture: Floats
    other: Floats
    contracts: Floats
    persistence: float = 0.5
    persistence_error: float = 0.25

    def as_facts(self) -> dict[str, Any]:
        """Return it as JSON-able facts; `from_facts` reads them back to the last bit."""
        return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(self).items()}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Hazards":
        """Return what `as_facts` wrote. Raises ArgumentError for arrays that do not fit."""
        rates = {k: np.asarray(facts[k], dtype="float64") for k in RATES}
        if {rate.shape for rate in rates.values()} != {(LAST_BAND,)}:
            raise ArgumentError(f"incidence: expected rates of {LAST_BAND} age bands, got others")
        return cls(
            **rates,
            persistence=float(facts["persistence"]),
            persistence_error=float(facts["persistence_error"]),
        )

    def followed_days(self, age_days: float) -> int:
        """Return for how many days from this age on enough contracts were followed."""
        thin = np.flatnonzero(self.contracts < FEWEST)
        end = len(self.contracts) * BAND_DAYS if not len(thin) else int(thin[0]) * BAND_DAYS
        return max(int(end - max(age_days, 0.0)), 0)


def hazards_of(entry: Floats, leave: Floats, ruptured: Floats, other: Floats) -> Hazards:
    """Return rates by age from contracts followed from age `entry` to age `leave`, in days.

    All have shape (n,); `ruptured` and `other` are 1 where the contract ended so at `leave`, and
    both 0 where it was only followed so far or reached its planned end. Contracts known late enter
    late (delayed entry). Rates are occurrences over days at risk, constant within a band; a prior
    of half a rupture at the overall rate keeps them above 0.

    Source: Aalen, Borgan and Gjessing (2008), Survival and event history analysis, chapters 2, 5.
    """
    edges = np.arange(LAST_BAND + 1) * float(BAND_DAYS)
    low, high = edges[:-1], np.append(edges[1:-1], np.inf)
    inside = np.minimum(leave[:, None], high) - np.maximum(entry[:, None], low)
    at_risk = np.maximum(inside, 0.0)
    total = at_risk.sum()
    if not total > 0.0:
        raise ArgumentError("incidence: expected contracts followed for a day, got none")
    band = np.clip((leave // BAND_DAYS).astype("int64"), 0, LAST_BAND - 1)
    days, contracts = at_risk.sum(axis=0), (at_risk > 0.0).sum(axis=0).astype("float64")

    def rate(ended: Floats) -> Floats:
        overall = (ended.sum() + PRIOR_RUPTURES) / total
        counts = np.bincount(band, weights=ended, minlength=LAST_BAND)
        return np.asarray((counts + PRIOR_RUPTURES) / (days + PRIOR_RUPTURES / overall))

    return Hazards(rate(ruptured), rate(other), contracts)


def integrated(rates: Floats, ages: Floats) -> Floats:
    """Return the integral of a rate by age band from 0 to each age; the last band never ends."""
    widths = np.append(np.full(len(rates) - 1, float(BAND_DAYS)), FOR_EVER)
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    return np.asarray(np.interp(ages, edges, np.concatenate([[0.0], np.cumsum(rates * widths)])))


def relative(risk: Floats, cohort: Floats) -> Floats:
    """Return the power that makes the cohort's share that held by the horizon the case's."""
    base = np.clip(cohort, SMALLEST, CERTAIN)
    return np.asarray(np.log1p(-np.clip(risk, 0.0, CERTAIN)) / np.log1p(-base))
