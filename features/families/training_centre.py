"""Training centre: its past ruptures as of that morning, its rhythm and its distance."""

import numpy as np

from features.catalogue.catalogue import Family, Policy
from features.catalogue.units import Unit
from features.families.employer import overall_rate
from features.point_in_time.days import Days
from features.point_in_time.snapshot import Snapshot
from features.point_in_time.windows import Mask

FAMILY = Family("training_centre", "Centre de formation")
CENTRE_YEARS = 10.0


def _identified(s: Snapshot) -> Mask:
    return s.contracts.known("training_centre_uai") | s.contracts.known("training_centre_siret")


def centre_rate(s: Snapshot) -> Days:
    """Ruptures per contract-year at this centre, shrunk to all centres; NaN if unidentified."""
    rate = s.past("centre").rate(overall_rate(s), strength_years=CENTRE_YEARS)
    return np.where(_identified(s), rate, np.nan)


def centre_contracts(s: Snapshot) -> Days:
    """Other contracts of this centre known so far; NaN if unidentified."""
    return np.where(_identified(s), s.past("centre").contracts, np.nan)


FAMILY.add(
    "centre_rupture_rate",
    centre_rate,
    unit=Unit.RUPTURES_PER_YEAR,
    bounds=(0, 100),
    label="ruptures connues dans le centre de formation",
    sentence="Ruptures dans le centre de formation : {value}",
    missing="Centre de formation non identifié",
    group="training_centre",
    monotonic=1,
)
FAMILY.add(
    "centre_contracts",
    centre_contracts,
    unit=Unit.COUNT,
    bounds=(0, 1_000_000),
    label="autres contrats connus du centre de formation",
    sentence="{value:autre contrat connu|autres contrats connus} dans le centre de formation",
    zero="Premier contrat connu dans le centre de formation",
    missing="Centre de formation non identifié",
    group="training_centre",
    policy=Policy.CONTEXT,  # a count so far grows with the history, not with the case
)
FAMILY.add(
    "distance_learning",
    lambda s: s.contracts.number("distance_learning"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="formation à distance",
    sentence="Formation à distance",
    zero="Formation en présence",
    group="training_centre",
)
FAMILY.add(
    "training_hours",
    lambda s: s.contracts.number("training_hours"),
    unit=Unit.HOURS,
    bounds=(1, 6000),
    label="heures de formation",
    sentence="{value} de formation prévues",
    missing="Heures de formation inconnues",
    group="training_centre",
)
FAMILY.add(
    "training_in_blocks",
    lambda s: s.contracts.is_code("training_rhythm", "blocks"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="formation par blocs",
    sentence="Formation par blocs de plusieurs semaines",
    zero="Formation répartie sur l'année",
    missing="Rythme de l'alternance inconnu",
    group="training_centre",
)
