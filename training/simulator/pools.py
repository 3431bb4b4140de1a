"""Employers and training centres: drawn once from the seed, shared by every partition."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from training.simulator.centre_spread import centre_spread
from training.simulator.drawing import Floats, Ints, Words, numbered, offsets
from training.simulator.figures import (
    CENTRE_OWN_SHARE,
    EMPLOYER_SPREAD,
    FIELDS,
    SECTOR_SHARES,
    SECTORS,
    SIZE_SHARES,
    SIZES,
)

NAF_AND_IDCC = (  # by sector, in the order of figures.SECTORS
    ("5610A", "1979"),
    ("9602A", "2596"),
    ("1071C", "0843"),
    ("4511Z", "1090"),
    ("4321A", "1597"),
    ("4941A", "0016"),
    ("2562B", "3248"),
    ("0113Z", "7024"),
    ("8810A", "2941"),
    ("6419Z", "2120"),
    ("7022Z", "1486"),
    ("8411Z", "9999"),
)
HEADCOUNTS = ((1, 5), (5, 10), (10, 50), (50, 250), (250, 4000))
CONTRACTS_PER_EMPLOYER = (2.0, 3.0, 5.0, 9.0, 25.0)  # judged, by size
CONTRACTS_PER_CENTRE = 400
FIELD_SHARES = (17, 6, 15, 11, 6, 10, 35)
CRAFTS = ("hair_beauty", "food", "construction")
UAI_KEY = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"), dtype=object)


@dataclass(frozen=True)
class Pools:
    """Who employs and who trains; members are stored cell by cell.

    A cell of employers is a sector and a size; a cell of centres is a field of training. `effect`
    is the log-hazard that the employer or centre adds.
    """

    employers: pd.DataFrame
    employer_first: Ints
    employer_count: Ints
    centres: pd.DataFrame
    centre_first: Ints
    centre_count: Ints
    advisors: int


def draw_pools(*, contracts: int, rng: np.random.Generator) -> Pools:
    """Return as many employers, centres and advisors as this many contracts need."""
    employer_count = _employer_counts(contracts)
    centre_count = _centre_counts(contracts)
    return Pools(
        employers=_employers(employer_count, rng),
        employer_first=offsets(employer_count),
        employer_count=employer_count,
        centres=_centres(centre_count, rng),
        centre_first=offsets(centre_count),
        centre_count=centre_count,
        advisors=max(3, contracts // 250),
    )


def _employer_counts(contracts: int) -> Ints:
    mixes = [
        np.outer(_normal(SECTOR_SHARES[group]), _normal(SIZE_SHARES[group]))
        for group in ("secondary", "higher")
    ]
    expected = contracts * np.mean(mixes, axis=0) / np.array(CONTRACTS_PER_EMPLOYER)
    count: Ints = np.maximum(1, np.rint(expected)).astype(np.int64).ravel()
    return count


def _centre_counts(contracts: int) -> Ints:
    total = min(max(contracts / CONTRACTS_PER_CENTRE, 18), 700)
    return np.maximum(1, np.rint(total * _normal(FIELD_SHARES))).astype(np.int64)


def _normal(shares: tuple[float, ...]) -> Floats:
    return np.asarray(shares, dtype=np.float64) / sum(shares)


def _employers(count: Ints, rng: np.random.Generator) -> pd.DataFrame:
    cell = np.repeat(np.arange(len(count)), count)
    sector, size = np.divmod(cell, len(SIZES))
    low, high = np.array(HEADCOUNTS).T
    naf, idcc = np.array(NAF_AND_IDCC, dtype=object).T
    headcount = np.exp(rng.uniform(np.log(low[size]), np.log(high[size])))
    names = np.array(SECTORS, dtype=object)[sector]
    return pd.DataFrame(
        {
            "employer_siret": _sirets(rng, len(cell)),
            "employer_naf": naf[sector],
            "employer_idcc": idcc[sector],
            "employer_headcount": np.floor(headcount),
            "employer_kind": _employer_kinds(names, headcount, rng),
            "effect": rng.normal(0, EMPLOYER_SPREAD, len(cell)),
        }
    )


def _employer_kinds(
    sectors: Words,
    headcount: Floats,
    rng: np.random.Generator,
) -> pd.Series:
    kinds = pd.Series("12", index=range(len(sectors)), dtype="str")
    kinds = kinds.mask(np.isin(sectors, CRAFTS) & (headcount < 50), "11")
    kinds = kinds.mask(sectors == "agriculture", "13").mask(
        (sectors == "health_social") & (rng.random(len(kinds)) < 0.5), "15"
    )
    return kinds.mask(sectors == "public", pd.Series(rng.choice(["22", "25", "28"], len(kinds))))


def _centres(count: Ints, rng: np.random.Generator) -> pd.DataFrame:
    total = int(count.sum())
    department = rng.choice(["044", "049", "085"], total, p=[0.8, 0.12, 0.08])
    digits = pd.Series(department, dtype="str") + numbered("", np.arange(total) + 1000, width=4)
    key = UAI_KEY[digits.astype("int64").to_numpy() % len(UAI_KEY)]
    return pd.DataFrame(
        {
            "training_centre_uai": digits + key,
            "training_centre_siret": _sirets(rng, total),
            "field": np.repeat(np.arange(len(FIELDS)), count),
            "effect": rng.normal(0, CENTRE_OWN_SHARE * centre_spread(), total),
        }
    )


def _sirets(rng: np.random.Generator, size: int) -> pd.Series:
    """Fourteen digits whose last one is the Luhn key."""
    digits = rng.integers(0, 10, (size, 13))
    doubled = digits.copy()
    doubled[:, 12::-2] *= 2  # every second digit from the right, the key apart
    total = np.where(doubled > 9, doubled - 9, doubled).sum(axis=1)
    body = (digits * 10 ** np.arange(12, -1, -1)).sum(axis=1)
    return numbered("", body * 10 + (-total) % 10, width=14)
