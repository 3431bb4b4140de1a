"""Attendance and incidents: absences, lateness, warnings, complaints."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.point_in_time.windows import Mask

FAMILY = Family("attendance", "Présence et évènements")
SPELL_GAP_DAYS = 3
PLACES = (
    ("work", "en entreprise", "attendance_work"),
    ("class", "en formation", "attendance_class"),
)
WINDOWS = ((30, "sur 30 jours"), (90, "sur 90 jours"))


@cached_on
def _of_kind(s: Snapshot, kind: str, days: float) -> Mask:
    return s.events.is_code("kind", kind) & s.events.within(days)


@cached_on
def hours(s: Snapshot, *, kind: str, days: float) -> Days:
    """Hours (or days) of events of a kind in the window; 0 without any event."""
    return s.events.total(s.events.number("value"), _of_kind(s, kind, days))


def number(s: Snapshot, *, kind: str, days: float = np.inf) -> Days:
    """Number of events of a kind in the window."""
    return s.events.count(_of_kind(s, kind, days))


def spells(s: Snapshot, *, kind: str, days: float) -> Days:
    """Runs of events of a kind in the window, a gap of more than 3 days beginning a new one."""
    return s.events.spells(_of_kind(s, kind, days), gap_days=SPELL_GAP_DAYS)


def absence_acceleration(s: Snapshot) -> Days:
    """Hours of absence of the last 30 days above a third of those of the last 90."""
    kinds = ("absence_work", "absence_class")
    recent = [hours(s, kind=kind, days=30) - hours(s, kind=kind, days=90) / 3 for kind in kinds]
    return np.asarray(np.sum(recent, axis=0))


for _place, _words, _group in PLACES:
    for _days, _window in WINDOWS:
        FAMILY.add(
            f"absence_{_place}_hours_{_days}d",
            partial(hours, kind=f"absence_{_place}", days=_days),
            unit=Unit.HOURS,
            bounds=(0, 100_000),
            label=f"heures d'absence {_words} {_window}",
            sentence=f"{{value}} d'absence {_words} {_window}",
            zero=f"Aucune absence {_words} {_window}",
            group=_group,
            monotonic=1,
        )
    FAMILY.add(
        f"absence_{_place}_spells_90d",
        partial(spells, kind=f"absence_{_place}", days=90),
        unit=Unit.COUNT,
        bounds=(0, 90),
        label=f"périodes d'absence {_words} sur 90 jours",
        sentence=f"{{value:période|périodes}} d'absence {_words} sur 90 jours",
        zero=f"Aucune absence {_words} sur 90 jours",
        group=_group,
        monotonic=1,
    )
    FAMILY.add(
        f"lateness_{_place}_90d",
        partial(number, kind=f"lateness_{_place}", days=90),
        unit=Unit.COUNT,
        bounds=(0, 10_000),
        label=f"retards {_words} sur 90 jours",
        sentence=f"{{value:retard|retards}} {_words} sur 90 jours",
        zero=f"Aucun retard {_words} sur 90 jours",
        group=_group,
        monotonic=1,
    )
    FAMILY.add(
        f"absence_{_place}_hours",
        partial(hours, kind=f"absence_{_place}", days=np.inf),
        unit=Unit.HOURS,
        bounds=(0, 100_000),
        label=f"heures d'absence {_words} depuis le début",
        sentence=f"{{value}} d'absence {_words} depuis le début",
        zero=f"Aucune absence {_words} depuis le début",
        group=_group,
        monotonic=1,
    )
FAMILY.add(
    "days_since_absence",
    lambda s: s.events.days_since(s.events.is_code("kind", "absence_work", "absence_class")),
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours depuis la dernière absence",
    sentence="Dernière absence il y a {value}",
    missing="Aucune absence connue",
    group="attendance_work",
)
FAMILY.add(
    "absence_acceleration",
    absence_acceleration,
    unit=Unit.HOURS,
    bounds=(-100_000, 100_000),
    label="hausse récente des absences",
    sentence="Absences en hausse : {value} de plus en 30 jours qu'au rythme du trimestre",
    negative="Absences en baisse : {value:abs} de moins en 30 jours qu'au rythme du trimestre",
    zero="Absences au même rythme que les 90 derniers jours",
    group="attendance_work",
)
FAMILY.add(
    "sick_leave_days_90d",
    partial(hours, kind="sick_leave", days=90),
    unit=Unit.DAYS,
    bounds=(0, 100_000),
    label="jours d'arrêt de travail sur 90 jours",
    sentence="{value} d'arrêt de travail sur 90 jours",
    zero="Aucun arrêt de travail sur 90 jours",
    group="attendance_work",
)
FAMILY.add(
    "warnings",
    partial(number, kind="warning"),
    unit=Unit.COUNT,
    bounds=(0, 10_000),
    label="avertissements",
    sentence="{value:avertissement|avertissements} depuis le début",
    zero="Aucun avertissement",
    group="incidents",
    monotonic=1,
)
FAMILY.add(
    "warnings_90d",
    partial(number, kind="warning", days=90),
    unit=Unit.COUNT,
    bounds=(0, 10_000),
    label="avertissements sur 90 jours",
    sentence="{value:avertissement|avertissements} sur 90 jours",
    zero="Aucun avertissement sur 90 jours",
    group="incidents",
    monotonic=1,
)
FAMILY.add(
    "complaints",
    partial(number, kind="complaint"),
    unit=Unit.COUNT,
    bounds=(0, 10_000),
    label="réclamations",
    sentence="{value:réclamation|réclamations} depuis le début",
    zero="Aucune réclamation",
    group="incidents",
    monotonic=1,
)
FAMILY.add(
    "mediator_seized",
    lambda s: (number(s, kind="mediator") > 0).astype("float64"),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="médiateur saisi",
    sentence="Médiateur saisi",
    zero="Médiateur non saisi",
    group="incidents",
    monotonic=1,
)
FAMILY.add(
    "missed_calls_30d",
    partial(number, kind="missed_call", days=30),
    unit=Unit.COUNT,
    bounds=(0, 10_000),
    label="appels sans réponse sur 30 jours",
    sentence="{value:appel|appels} sans réponse sur 30 jours",
    zero="Aucun appel sans réponse sur 30 jours",
    group="contact",
    monotonic=1,
)
