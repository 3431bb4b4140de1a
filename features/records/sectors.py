"""Sectors of activity, read off a NAF code of 2008 or 2025, as the rupture statistics group them.

Both nomenclatures will be met in files for years: NAF 2025 replaces NAF rev. 2 (2008) on 1 January
2027. An activity keeps its sector when its code changes, else one garage would be two sectors and
lose its past. Divisions mean the same in both, save 45, which NAF 2025 does not have; the classes
that would change sector are listed. Finer moves between divisions of one sector change nothing.
"""

from enum import StrEnum

import pandas as pd

# Sector -> NAF divisions (first two digits), of both nomenclatures.
DIVISIONS = {
    "agriculture": (1, 2, 3),
    "food_industry": (10, 11, 12),
    "industry": (*range(5, 10), *range(13, 40)),
    "construction": (41, 42, 43),
    "trade": (45, 46, 47),
    "transport": (49, 50, 51, 52, 53),
    "hospitality": (55, 56),
    "information": tuple(range(58, 64)),
    "finance": (64, 65, 66, 68),
    "business_services": tuple(range(69, 83)),
    "public_services": (84, 85, 86, 87, 88),
    "other_services": (*range(90, 100),),
}
SECTOR_LABELS = {
    "agriculture": "agriculture",
    "food_industry": "industrie alimentaire",
    "industry": "industrie",
    "construction": "construction",
    "trade": "commerce et réparation automobile",
    "transport": "transport",
    "hospitality": "hébergement et restauration",
    "hair_and_beauty": "coiffure et beauté",
    "information": "information et communication",
    "finance": "banque, assurance, immobilier",
    "business_services": "services aux entreprises",
    "public_services": "administration, enseignement, santé, social",
    "other_services": "services aux particuliers",
}


class Naf(StrEnum):
    """The nomenclature a code is of."""

    REV_2 = "rev_2"
    NAF_2025 = "2025"


# Classes (first four digits) that are not of the sector of their division.
CLASSES = {
    Naf.REV_2: {"9602": "hair_and_beauty"},
    Naf.NAF_2025: {
        "6812": "construction",  # property development, 41.10 before
        "9531": "trade",  # repair of motor vehicles, 45.20 before
        "9532": "trade",  # of motorcycles, 45.40 before
        "9621": "hair_and_beauty",
        "9622": "hair_and_beauty",
    },
}
LETTERS_2025 = frozenset("GHIJKLMNOPQRSTUVWXY")  # rev. 2 ends its codes with A to F, and Z
_BY_DIVISION = {
    f"{division:02d}": sector for sector, divisions in DIVISIONS.items() for division in divisions
}


def nomenclature(naf: str) -> Naf:
    """Return which NAF a code is of: by its last letter, or by a class that only one of them has.

    A class of 2025 under a letter of 2008 (`95.31Z`) is of 2025: the other has no such class.
    """
    code = naf.replace(".", "")
    of_2025 = code[-1:] in LETTERS_2025 or code[:4] in CLASSES[Naf.NAF_2025]
    return Naf.NAF_2025 if of_2025 else Naf.REV_2


def sector(naf: str | None) -> str | None:
    """Sector of a NAF code, with or without its dot; None where the code is missing."""
    if naf is None:
        return None
    found = CLASSES[nomenclature(naf)].get(naf.replace(".", "")[:4])
    return found or _BY_DIVISION.get(naf[:2])


def sector_of(naf: pd.Series) -> pd.Series:
    """`sector` of each NAF code of a column."""
    codes = (code if isinstance(code, str) else None for code in naf.tolist())
    return pd.Series([sector(code) for code in codes], index=naf.index, dtype="str")
