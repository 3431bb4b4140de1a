"""Conditions of life: commute and housing."""

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.snapshot import Snapshot

FAMILY = Family("living", "Conditions de vie")
# A UAI begins with its department on three digits; Corsica has two of its own for the postcodes 20.
UAI_OF_CORSICA = {"620": "020", "720": "020"}


def from_another_department(s: Snapshot) -> Days:
    """1.0 when home and training centre are in different departments."""
    pairs = zip(
        s.contracts.text("home_postcode").tolist(),
        s.contracts.text("training_centre_uai").tolist(),
        strict=True,
    )
    return np.array([_departments_differ(home, centre) for home, centre in pairs])


def _departments_differ(postcode: str | None, uai: str | None) -> float:
    if postcode is None or uai is None:
        return np.nan
    home = postcode[:3] if postcode.startswith("97") else "0" + postcode[:2]
    return float(home != UAI_OF_CORSICA.get(uai[:3], uai[:3]))


FAMILY.add(
    "commute_minutes",
    lambda s: s.contracts.number("commute_minutes"),
    unit=Unit.MINUTES,
    bounds=(0, 300),
    label="temps de trajet",
    sentence="{value} de trajet",
    missing="Temps de trajet inconnu",
    group="commute",
    monotonic=1,
)
FAMILY.add(
    "commutes_on_own",
    lambda s: s.contracts.is_code("commute_mode", "car", "two_wheels"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="véhicule personnel",
    sentence="Se déplace avec son véhicule",
    zero="Se déplace sans véhicule personnel",
    missing="Mode de trajet inconnu",
    group="commute",
)
FAMILY.add(
    "from_another_department",
    from_another_department,
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="domicile et centre de formation dans des départements différents",
    sentence="Domicile et centre de formation dans des départements différents",
    zero="Domicile et centre de formation dans le même département",
    group="commute",
)
FAMILY.add(
    "housing_unstable",
    lambda s: s.contracts.is_code("housing", "unstable", "hosted"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="logement précaire",
    sentence="Logement précaire",
    zero="Logement stable",
    missing="Logement inconnu",
    group="housing",
    monotonic=1,
)
FAMILY.add(
    "housing_hosted",
    lambda s: s.contracts.is_code("housing", "hosted"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="hébergé par un tiers",
    sentence="Hébergé par un tiers",
    zero="N'est pas hébergé par un tiers",
    missing="Logement inconnu",
    group="housing",
)
FAMILY.add(
    "lives_with_parents",
    lambda s: s.contracts.is_code("housing", "parents"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="vit chez ses parents",
    sentence="Vit chez ses parents",
    zero="Ne vit pas chez ses parents",
    missing="Logement inconnu",
    group="housing",
)
