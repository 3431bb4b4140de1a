"""Employer: size, sector, tutor, and its past ruptures as of that morning."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family, Policy
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.records.sectors import SECTOR_LABELS

FAMILY = Family("employer", "Employeur")
# Years of experience the prior counts for: an employer rarely has more than a few contract-years.
EMPLOYER_YEARS, SECTOR_YEARS, OVERALL_YEARS = 4.0, 50.0, 50.0
# Ruptures per contract-year before any is known: about 26 % of contracts of 1.2 years (Dares).
PRIOR_RATE = 0.25


@cached_on
def overall_rate(s: Snapshot) -> Days:
    """Ruptures per contract-year of all contracts."""
    return s.past("all").rate(PRIOR_RATE, strength_years=OVERALL_YEARS)


@cached_on
def sector_rate(s: Snapshot) -> Days:
    """Ruptures per contract-year in the sector, shrunk to the rate of all contracts."""
    return s.past("sector").rate(overall_rate(s), strength_years=SECTOR_YEARS)


def known_sector_rate(s: Snapshot) -> Days:
    """`sector_rate`; NaN if the sector is unknown, when it says only what day it is."""
    return np.where(s.contracts.known("employer_naf"), sector_rate(s), np.nan)


def employer_rate(s: Snapshot) -> Days:
    """Ruptures per contract-year at this employer, shrunk to its sector; NaN if unidentified."""
    rate = s.past("employer").rate(sector_rate(s), strength_years=EMPLOYER_YEARS)
    return np.where(s.contracts.known("employer_siret"), rate, np.nan)


def employer_contracts(s: Snapshot) -> Days:
    """Other contracts of this employer known so far; NaN if unidentified."""
    return np.where(s.contracts.known("employer_siret"), s.past("employer").contracts, np.nan)


def in_sector(s: Snapshot, *, sector: str) -> Days:
    """1.0 in the sector, 0.0 in another, NaN if unknown."""
    return np.where(s.contracts.known("employer_naf"), s.sector == sector, np.nan)


FAMILY.add(
    "employer_headcount",
    lambda s: s.contracts.number("employer_headcount"),
    unit=Unit.PEOPLE,
    bounds=(0, 1_000_000),
    label="effectif de l'employeur",
    sentence="Employeur de {value}",
    zero="Employeur sans autre personne",
    missing="Effectif de l'employeur inconnu",
    group="employer",
)
FAMILY.add(
    "employer_is_public",
    lambda s: s.contracts.is_code(
        "employer_kind", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30"
    ),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="employeur public",
    sentence="Employeur public",
    zero="Employeur privé",
    group="employer",
)
FAMILY.add(
    "sector_rupture_rate",
    known_sector_rate,
    unit=Unit.RUPTURES_PER_YEAR,
    bounds=(0, 20),
    revision=2,
    label="ruptures connues dans le secteur",
    sentence="Ruptures dans le secteur : {value}",
    missing="Secteur de l'employeur inconnu",
    group="employer",
    monotonic=1,
)
for _sector, _label in SECTOR_LABELS.items():
    FAMILY.add(
        f"sector_{_sector}",
        partial(in_sector, sector=_sector),
        unit=Unit.FLAG,
        bounds=(0, 1),
        revision=2,
        label=f"secteur : {_label}",
        sentence=f"Secteur : {_label}",
        zero=f"Autre secteur que : {_label}",
        missing="Secteur de l'employeur inconnu",
        group="employer",
    )
FAMILY.add(
    "employer_rupture_rate",
    employer_rate,
    unit=Unit.RUPTURES_PER_YEAR,
    bounds=(0, 200),
    revision=2,
    label="ruptures connues chez l'employeur, rapportées au secteur",
    sentence="Ruptures connues chez l'employeur, au regard de son secteur : {value}",
    missing="Employeur non identifié",
    group="employer",
    monotonic=1,
)
FAMILY.add(
    "employer_contracts",
    employer_contracts,
    unit=Unit.COUNT,
    bounds=(0, 1_000_000),
    label="autres contrats connus chez l'employeur",
    sentence="{value:autre contrat connu|autres contrats connus} chez l'employeur",
    zero="Premier contrat connu chez l'employeur",
    missing="Employeur non identifié",
    group="employer",
    policy=Policy.CONTEXT,  # a count so far grows with the history, not with the case
)
FAMILY.add(
    "tutor_experience_years",
    lambda s: s.contracts.number("tutor_experience_years"),
    unit=Unit.YEARS,
    bounds=(0, 60),
    label="expérience du tuteur",
    sentence="Tuteur avec {value} d'expérience",
    zero="Tuteur sans expérience",
    missing="Expérience du tuteur inconnue",
    group="tutoring",
)
FAMILY.add(
    "tutor_learners",
    lambda s: s.contracts.number("tutor_learners"),
    unit=Unit.COUNT,
    bounds=(0, 50),
    label="alternants suivis par le tuteur",
    sentence="Tuteur de {value:alternant|alternants}",
    missing="Nombre d'alternants suivis par le tuteur inconnu",
    group="tutoring",
)
FAMILY.add(
    "tutor_changes",
    lambda s: s.events.count(s.events.is_code("kind", "tutor_change")),
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="changements de tuteur",
    sentence="{value:changement|changements} de tuteur",
    zero="Pas de changement de tuteur",
    group="tutoring",
    monotonic=1,
)
FAMILY.add(
    "days_since_tutor_change",
    lambda s: s.events.days_since(s.events.is_code("kind", "tutor_change")),
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours depuis le changement de tuteur",
    sentence="Changement de tuteur il y a {value}",
    missing="Pas de changement de tuteur",
    group="tutoring",
)
