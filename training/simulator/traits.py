"""What is fixed when a contract is signed: person, employer, tutor, training; none missing yet."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from training.simulator import figures
from training.simulator.drawing import (
    Dates,
    Floats,
    Ints,
    Words,
    pick,
    pick_rows,
    share_table,
    weighted_code,
)
from training.simulator.pools import Pools
from training.simulator.workplace import (
    draw_centres,
    draw_conditions,
    draw_employers,
    draw_tutors,
)

LONG_MONTHS = 12  # a contract is long beyond
KNOWN_BEFORE_END = 14  # the last start leaves time for the contract itself to become known
POSTCODES = {
    "44000": 12,
    "44100": 9,
    "44200": 7,
    "44300": 12,
    "44600": 10,
    "44800": 6,
    "44400": 6,
    "44110": 3,
    "44150": 3,
    "44190": 3,
    "44210": 3,
    "44260": 3,
    "44350": 3,
    "44500": 4,
    "44700": 4,
    "49100": 3,
    "85600": 3,
    "56130": 2,
    "35600": 2,
    "49600": 2,
}
HOUSING = {"parents": 58, "own": 18, "residence": 6, "shared": 10, "hosted": 5, "unstable": 3}
MODES = {"car": 45, "two_wheels": 8, "bicycle": 7, "public_transport": 27, "walk": 6, "lift": 7}


@dataclass(frozen=True)
class Window:
    """First day a contract may start and last day an observer writes."""

    first_start: date
    years: float

    @property
    def first_day(self) -> np.datetime64:
        """First possible start."""
        return np.datetime64(self.first_start, "D")

    @property
    def last_day(self) -> np.datetime64:
        """End of observation."""
        return self.first_day + np.timedelta64(round(self.years * 365.25), "D")


def draw_traits(
    pools: Pools,
    *,
    size: int,
    window: Window,
    share_professionalisation: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row per contract.

    The record's columns, and the words of `figures` the hazard reads.
    """
    traits = _training(size, share_professionalisation, rng)
    traits = traits.join(_person(traits, rng)).join(_dates(traits, window, rng))
    traits = traits.join(draw_employers(traits, pools, rng)).join(draw_centres(traits, pools, rng))
    return traits.join(draw_conditions(traits, rng)).join(draw_tutors(size, rng))


def _training(size: int, share: float, rng: np.random.Generator) -> pd.DataFrame:
    professional = rng.random(size) < share
    kind = np.where(professional, "professionalisation", "apprenticeship")
    levels = np.array(list(figures.LEVEL_SHARES["apprenticeship"]))
    shares = {name: list(by.values()) for name, by in figures.LEVEL_SHARES.items()}
    level = levels[pick_rows(rng, share_table(shares, kind))]
    group = np.where(professional, kind, np.where(level >= 5, "higher", "secondary"))
    sector = np.array(figures.SECTORS)[pick_rows(rng, share_table(figures.SECTOR_SHARES, group))]
    return pd.DataFrame(
        {
            "kind": kind,
            "group": group,
            "level_prepared": level,
            "months": _months(kind, level, rng),
            "sector": sector,
            "permanent": rng.random(size) < np.where(professional, 0.19, 0.03),
        }
    )


def _months(kind: Words, level: Ints, rng: np.random.Generator) -> Ints:
    keys = np.where(kind == "professionalisation", kind, level.astype(str))
    lengths = sorted({m for by in figures.LENGTH_SHARES.values() for m in by})
    shares = {str(k): [by.get(m, 0) for m in lengths] for k, by in figures.LENGTH_SHARES.items()}
    return np.array(lengths)[pick_rows(rng, share_table(shares, keys))]


def _person(traits: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    size, level = len(traits), traits["level_prepared"].to_numpy()
    young = traits["kind"].eq("professionalisation").to_numpy()
    middle, spread = np.array([figures.AGES[int(k)] for k in range(3, 8)]).T
    age = rng.normal(middle[level - 3] + young, spread[level - 3])
    shares = np.array([figures.DIPLOMA_SHARES[k] for k in range(3, 8)], dtype=float)
    situation = share_table(figures.SITUATION_SHARES, traits["group"])
    ruptures = pick(rng, (0.86, 0.12, 0.02), size=size)  # 3.4: 13 % had one before
    ruptures = np.where(age < 17, np.minimum(ruptures, 1), ruptures)
    return pd.DataFrame(
        {
            "age": np.clip(age, np.where(young, 17.0, 15.3), np.where(young, 25.6, 29.5)),
            "diploma": np.array(figures.DIPLOMAS)[pick_rows(rng, shares[level - 3])],
            "situation": np.array(figures.SITUATIONS)[pick_rows(rng, situation)],
            "previous_ruptures": ruptures,
            "woman": rng.random(size) < _share_women(traits["sector"]),
            "rqth": rng.random(size) < 0.018,  # 2.3: 1.6 to 2 %
            "qpv": rng.random(size) < 0.08,
            "home_postcode": weighted_code(rng, POSTCODES, size=size),
            "housing": weighted_code(rng, HOUSING, size=size),
            "commute_minutes": np.clip(np.rint(rng.gamma(2.2, 13, size)), 2, 150),
            "commute_mode": weighted_code(rng, MODES, size=size),
        }
    )


def _share_women(sector: pd.Series) -> Floats:
    shares = {"construction": 0.08, "industry": 0.25, "transport": 0.25, "hair_beauty": 0.9}
    shares |= {"health_social": 0.8, "hospitality": 0.45, "agriculture": 0.3}
    return np.asarray(sector.map(shares).fillna(0.5), dtype=np.float64)


def _dates(traits: pd.DataFrame, window: Window, rng: np.random.Generator) -> pd.DataFrame:
    size = len(traits)
    start = _starts(size, window, rng)
    days = np.rint(traits["months"].to_numpy() * 30.44) - rng.integers(0, 12, size)
    end = start + days.astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "started_on": start,
            "planned_end_on": end,
            "planned_days": days.astype(np.int64),
            "signed_on": start - rng.integers(2, 45, size).astype("timedelta64[D]"),
            "training_end_on": end - rng.integers(0, 60, size).astype("timedelta64[D]"),
            "trial_days": _trial_days(traits, rng),
        }
    )


def _starts(size: int, window: Window, rng: np.random.Generator) -> Dates:
    last = window.last_day - np.timedelta64(KNOWN_BEFORE_END, "D")
    days: Dates = np.arange(window.first_day, max(last, window.first_day + np.timedelta64(1, "D")))
    months = days.astype("datetime64[M]").astype(np.int64) % 12
    weights = np.array(figures.MONTH_SHARES, dtype=np.float64)[months]
    return days[pick(rng, weights, size=size)]


def _trial_days(traits: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """Days in which either may leave freely (1.1, 1.2); 45 days at work are 63 to 90 days."""
    practical = rng.integers(63, 91, len(traits))
    fixed = np.where(traits["months"] <= 6, 14, 30)
    contract = np.where(traits["permanent"], 61, fixed)
    return np.where(traits["kind"] == "apprenticeship", practical, contract)
