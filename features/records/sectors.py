"""Sectors of activity, read off the NAF division, as the rupture statistics group them."""

import pandas as pd

# Sector -> NAF divisions (first two digits). Hair and beauty is one class of division 96.
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
HAIR_AND_BEAUTY_CLASS = "9602"
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
_BY_DIVISION = {
    f"{division:02d}": sector for sector, divisions in DIVISIONS.items() for division in divisions
}


def sector(naf: str | None) -> str | None:
    """Sector of a NAF code, with or without its dot; None where the code is missing."""
    if naf is None:
        return None
    if naf.replace(".", "").startswith(HAIR_AND_BEAUTY_CLASS):
        return "hair_and_beauty"
    return _BY_DIVISION.get(naf[:2])


def sector_of(naf: pd.Series) -> pd.Series:
    """`sector` of each NAF code of a column."""
    codes = (code if isinstance(code, str) else None for code in naf.tolist())
    return pd.Series([sector(code) for code in codes], index=naf.index, dtype="str")
