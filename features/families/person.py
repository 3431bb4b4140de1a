"""Person: age, diploma, situation before the contract, previous ruptures."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.point_in_time.days import Days, whole_years
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.records.form_codes import DIPLOMA_LEVEL_10103, DIPLOMA_LEVEL_12434

FAMILY = Family("person", "Personne")
# Usual age on entering a training of each level, to tell a late start from a usual one.
USUAL_AGE = {3: 16, 4: 17, 5: 19, 6: 21, 7: 22, 8: 24}


@cached_on
def age_years(s: Snapshot) -> Days:
    """Age in whole years on the day the contract started; NaN outside 14 to 70."""
    age = whole_years(s.contracts.day("born_on"), s.contracts.day("started_on"))
    return np.where((age >= 14) & (age <= 70), age, np.nan)


@cached_on
def level_held(s: Snapshot) -> Days:
    """Level of the highest diploma, read off the form that was filled in."""
    first = s.contracts.columns.mapped("diploma_12434", DIPLOMA_LEVEL_12434)
    second = s.contracts.columns.mapped("diploma_10103", DIPLOMA_LEVEL_10103)
    return np.where(np.isnan(first), second, first)


def years_over_usual_age(s: Snapshot) -> Days:
    """Years above the usual age of entry at the level prepared."""
    levels = s.contracts.number("level_prepared").tolist()
    usual: Days = np.array([USUAL_AGE.get(level, np.nan) for level in levels], dtype="float64")
    return age_years(s) - usual


def situation(s: Snapshot, *, in_12434: tuple[str, ...], in_10103: tuple[str, ...]) -> Days:
    """1.0 where the form's own code says so, NaN where neither form answers."""
    first = s.contracts.is_code("situation_12434", *in_12434)
    second = s.contracts.is_code("situation_10103", *in_10103)
    return np.where(np.isnan(first), second, first)


def previous_ruptures(s: Snapshot) -> Days:
    """Ruptures before this contract: declared, reported by the contract type, or known to us."""
    seen = s.past("person").ruptures
    by_contract_type = s.contracts.is_code("contract_type_10103", "23")
    declared = s.contracts.number("previous_ruptures")
    most: Days = np.fmax(declared, by_contract_type)
    return np.where(seen > 0, np.fmax(most, seen), most)


FAMILY.add(
    "age_years",
    age_years,
    unit=Unit.YEARS,
    bounds=(14, 70),
    revision=2,
    label="âge au début du contrat",
    sentence="{value} au début du contrat",
    group="background",
)
FAMILY.add(
    "level_prepared",
    lambda s: s.contracts.number("level_prepared"),
    unit=Unit.LEVEL,
    bounds=(3, 8),
    label="niveau préparé",
    sentence="Formation de niveau {value}",
    group="level",
)
FAMILY.add(
    "level_held",
    level_held,
    unit=Unit.LEVEL,
    bounds=(2, 8),
    label="niveau du diplôme le plus élevé",
    sentence="Diplôme de niveau {value} à l'entrée",
    missing="Diplôme à l'entrée inconnu",
    group="level",
)
FAMILY.add(
    "level_gap",
    lambda s: s.contracts.number("level_prepared") - level_held(s),
    unit=Unit.LEVELS,
    bounds=(-5, 6),
    label="écart entre niveau préparé et niveau acquis",
    sentence="Formation à {value} au-dessus du diplôme acquis",
    negative="Formation à {value:abs} au-dessous du diplôme acquis",
    zero="Formation du même niveau que le diplôme acquis",
    group="level",
)
FAMILY.add(
    "years_over_usual_age",
    years_over_usual_age,
    unit=Unit.YEARS,
    bounds=(-10, 54),
    revision=2,
    label="écart à l'âge habituel d'entrée",
    sentence="Entrée dans ce niveau {value} après l'âge habituel",
    negative="Entrée dans ce niveau {value:abs} avant l'âge habituel",
    zero="Âge habituel d'entrée dans ce niveau",
    group="background",
)
for _name, _label, _sentence, _zero, _12434, _10103 in (
    (
        "was_seeking_work",
        "en recherche d'emploi avant le contrat",
        "En recherche d'emploi avant le contrat",
        "Pas en recherche d'emploi avant le contrat",
        ("9",),
        ("11",),
    ),
    (
        "was_inactive",
        "sans activité avant le contrat",
        "Sans activité avant le contrat",
        "En activité ou en formation avant le contrat",
        ("2", "10"),
        ("12",),
    ),
    (
        "was_studying",
        "élève ou étudiant avant le contrat",
        "Élève ou étudiant avant le contrat",
        "Ni élève ni étudiant avant le contrat",
        ("1", "3"),
        ("1", "3"),
    ),
    (
        "was_in_work_study",
        "déjà en alternance avant le contrat",
        "Déjà en alternance avant le contrat",
        "Première alternance",
        ("4", "5"),
        ("2", "4", "5", "7", "8"),
    ),
    (
        "was_trainee",
        "stagiaire de la formation professionnelle avant le contrat",
        "Stagiaire de la formation professionnelle avant le contrat",
        "Pas stagiaire de la formation professionnelle avant le contrat",
        ("7",),
        ("9",),
    ),
):
    FAMILY.add(
        _name,
        partial(situation, in_12434=_12434, in_10103=_10103),
        unit=Unit.FLAG,
        bounds=(0, 1),
        label=_label,
        sentence=_sentence,
        zero=_zero,
        missing="Situation avant le contrat inconnue",
        group="background",
    )
FAMILY.add(
    "previous_ruptures",
    previous_ruptures,
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="ruptures précédentes",
    sentence="{value:contrat précédent rompu|contrats précédents rompus}",
    zero="Pas de rupture précédente",
    missing="Ruptures précédentes inconnues",
    group="background",
    monotonic=1,
)
