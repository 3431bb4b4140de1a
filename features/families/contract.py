"""Contract: its shape, how far it has gone, its trial period, its pay steps."""

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.point_in_time.days import Days, month_after_birthday, whole_years, years_later
from features.point_in_time.memo import cached_on
from features.point_in_time.rupture import trial_end
from features.point_in_time.snapshot import Snapshot

FAMILY = Family("contract", "Contrat")
LONGEST_TRIAL = -500.0  # days to its end, of a contract that begins in a year
# Ages at which the legal pay floor steps up (D6222-26 for apprentices, D6325-15 otherwise), from
# the first day of the month after the birthday on.
APPRENTICE_STEPS, PROFESSIONALISATION_STEPS = (18, 21, 26), (21,)


@cached_on
def planned_days(s: Snapshot) -> Days:
    """Planned duration; NaN for a contract planned to end before it starts."""
    duration = s.contracts.day("planned_end_on") - s.contracts.day("started_on")
    return np.where(duration > 0, duration, np.nan)


@cached_on
def days_since_trial(s: Snapshot) -> Days:
    """Return days since the last day of the trial period; negative while it runs.

    NaN for one that would end later than any trial period can: a mistyped date.
    """
    days = s.as_of - trial_end(s.contracts.columns)
    return np.where(days < LONGEST_TRIAL, np.nan, days)


def days_to_pay_step(s: Snapshot) -> Days:
    """Days to the next legal rise of the pay floor, by age or contract anniversary.

    NaN when none is due within a year or the birth date is unknown.
    """
    apprentice = s.contracts.is_code("kind", "apprenticeship") == 1.0
    born = s.contracts.day("born_on")
    rises = [np.where(apprentice, month_after_birthday(born, a), np.nan) for a in APPRENTICE_STEPS]
    rises += [month_after_birthday(born, age) for age in PROFESSIONALISATION_STEPS]
    rises.append(np.where(apprentice, _next_anniversary(s), np.nan))
    steps = [rise - s.as_of for rise in rises]
    due = np.array([np.where((step >= 0) & (step <= 365), step, np.inf) for step in steps])
    nearest = due.min(axis=0)
    return np.where(np.isinf(nearest) | np.isnan(born), np.nan, nearest)


def _next_anniversary(s: Snapshot) -> Days:
    """Return the next day on which a year of the contract begins; NaN if it is over by then."""
    started = s.contracts.day("started_on")
    years = np.fmax(whole_years(started, s.as_of - 1) + 1, 1)
    anniversary = years_later(started, years)
    return np.where(anniversary < s.contracts.day("planned_end_on"), anniversary, np.nan)


def started_in_season(s: Snapshot) -> Days:
    """1.0 for a start between August and October."""
    months = s.contracts.day("started_on").astype("datetime64[D]").astype("datetime64[M]")
    month = months.astype("int64") % 12 + 1
    return ((month >= 8) & (month <= 10)).astype("float64")


def training_share(s: Snapshot) -> Days:
    """Training hours as a share of all paid hours of the contract."""
    paid = s.contracts.number("weekly_hours") * planned_days(s) / 7
    return np.minimum(s.contracts.number("training_hours") / paid, 1.0)


FAMILY.add(
    "elapsed_days",
    lambda s: s.contracts.age_days,
    unit=Unit.DAYS,
    bounds=(-400, 2000),
    label="jours depuis le début",
    sentence="Contrat commencé il y a {value}",
    zero="Contrat commençant ce jour",
    negative="Contrat commençant dans {value:abs}",
    group="timing",
)
FAMILY.add(
    "elapsed_share",
    lambda s: np.clip(s.contracts.age_days / planned_days(s), -1, 2),
    unit=Unit.SHARE,
    bounds=(-1, 2),
    label="part du contrat écoulée",
    sentence="{value} de la durée prévue écoulée",
    negative="Contrat pas encore commencé",
    group="timing",
)
FAMILY.add(
    "remaining_days",
    lambda s: s.contracts.day("planned_end_on") - s.as_of,
    unit=Unit.DAYS,
    bounds=(-400, 2000),
    label="jours avant la fin prévue",
    sentence="Fin prévue dans {value}",
    zero="Fin prévue ce jour",
    negative="Fin prévue dépassée de {value:abs}",
    group="timing",
)
FAMILY.add(
    "days_since_trial",
    days_since_trial,
    unit=Unit.DAYS,
    bounds=(LONGEST_TRIAL, 2000),
    revision=2,
    label="jours depuis la fin de la période d'essai",
    sentence="Fin de la période d'essai il y a {value}",
    zero="Dernier jour de la période d'essai",
    negative="Fin de la période d'essai dans {value:abs}",
    missing="Fin de la période d'essai inconnue",
    group="timing",
)
FAMILY.add(
    "in_trial",
    lambda s: np.where(
        np.isnan(days_since_trial(s)), np.nan, (days_since_trial(s) <= 0).astype("float64")
    ),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="en période d'essai",
    sentence="Période d'essai en cours",
    zero="Période d'essai terminée",
    missing="Fin de la période d'essai inconnue",
    group="timing",
)
FAMILY.add(
    "planned_days",
    planned_days,
    unit=Unit.DAYS,
    bounds=(1, 3000),
    label="durée prévue",
    sentence="Contrat prévu pour {value}",
    group="contract_shape",
)
FAMILY.add(
    "is_professionalisation",
    lambda s: s.contracts.is_code("kind", "professionalisation"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="contrat de professionnalisation",
    sentence="Contrat de professionnalisation",
    zero="Contrat d'apprentissage",
    group="contract_shape",
)
FAMILY.add(
    "is_permanent",
    lambda s: s.contracts.is_code("form", "permanent"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="contrat à durée indéterminée",
    sentence="Contrat à durée indéterminée",
    zero="Contrat à durée déterminée",
    group="contract_shape",
)
FAMILY.add(
    "signed_days_before_start",
    lambda s: np.clip(s.contracts.day("started_on") - s.contracts.day("signed_on"), -365, 365),
    unit=Unit.DAYS,
    bounds=(-365, 365),
    label="jours entre la signature et le début",
    sentence="Signé {value} avant le début",
    zero="Signé le jour du début",
    negative="Signé {value:abs} après le début",
    group="contract_shape",
)
FAMILY.add(
    "started_in_season",
    started_in_season,
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="début entre août et octobre",
    sentence="Contrat commencé à la rentrée",
    zero="Contrat commencé hors rentrée",
    group="contract_shape",
)
FAMILY.add(
    "weekly_hours",
    lambda s: s.contracts.number("weekly_hours"),
    unit=Unit.HOURS,
    bounds=(1, 60),
    label="durée hebdomadaire",
    sentence="{value} par semaine",
    group="contract_shape",
)
FAMILY.add(
    "training_share",
    training_share,
    unit=Unit.SHARE,
    bounds=(0, 1),
    label="part de formation",
    sentence="{value} du temps en formation",
    group="contract_shape",
)
FAMILY.add(
    "amendments",
    lambda s: s.events.count(s.events.is_code("kind", "amendment")),
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="avenants",
    sentence="{value:avenant signé|avenants signés}",
    zero="Aucun avenant",
    group="contract_shape",
)
FAMILY.add(
    "pay_percent_smic",
    lambda s: s.contracts.number("pay_percent_smic"),
    unit=Unit.PERCENT,
    bounds=(10, 400),
    label="rémunération",
    sentence="Rémunération : {value} du SMIC",
    missing="Rémunération inconnue",
    group="pay",
)
FAMILY.add(
    "days_to_pay_step",
    days_to_pay_step,
    unit=Unit.DAYS,
    bounds=(0, 365),
    revision=2,
    label="jours avant le prochain palier de rémunération",
    sentence="Prochain palier de rémunération dans {value}",
    missing="Pas de palier de rémunération dans l'année",
    group="pay",
)
