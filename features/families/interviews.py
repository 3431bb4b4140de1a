"""Interviews: silence, missed and moved ones, who took part."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family, Policy
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.snapshot import Snapshot
from features.point_in_time.windows import Mask

FAMILY = Family("interviews", "Entretiens")
LATEST = 3


def held(s: Snapshot) -> Mask:
    """Interviews that took place."""
    return s.interviews.is_code("status", "held")


def due(s: Snapshot) -> Mask:
    """Interviews that took place or were missed."""
    return s.interviews.is_code("status", "held", "missed")


def missed(s: Snapshot) -> Mask:
    """Interviews the young person missed."""
    return s.interviews.is_code("status", "missed")


def silence_days(s: Snapshot) -> Days:
    """Days since the last interview held or, failing that, since the start of the contract."""
    return np.fmin(s.interviews.days_since(held(s)), np.maximum(s.contracts.age_days, 0))


def missed_in_a_row(s: Snapshot) -> Days:
    """Interviews missed since the last one that was held."""
    since = s.interviews.days_since(held(s))[s.interviews.case]
    return s.interviews.count(missed(s) & ~(s.interviews.days_ago >= since))


def held_within(s: Snapshot, *, days: float) -> Days:
    """Interviews held in the window."""
    return s.interviews.count(held(s) & s.interviews.within(days))


def days_since_seen(s: Snapshot, *, who: str) -> Days:
    """Days since an interview that `who` took part in; NaN without one."""
    return s.interviews.days_since(held(s) & (s.interviews.number(f"with_{who}") == 1.0))


def share_with(s: Snapshot, *, who: str) -> Days:
    """Share of the interviews held that `who` took part in."""
    return s.interviews.mean(s.interviews.number(f"with_{who}"), held(s))


FAMILY.add(
    "silence_days",
    silence_days,
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours sans entretien",
    sentence="Aucun entretien tenu depuis {value}",
    zero="Le contrat commence",
    group="contact",
)
for _window, _days, _words in (("30d", 30, "sur 30 jours"), ("90d", 90, "sur 90 jours")):
    FAMILY.add(
        f"interviews_held_{_window}",
        partial(held_within, days=_days),
        unit=Unit.COUNT,
        bounds=(0, 1000),
        label=f"entretiens tenus {_words}",
        sentence=f"{{value:entretien tenu|entretiens tenus}} {_words}",
        zero=f"Aucun entretien tenu {_words}",
        group="contact",
    )
FAMILY.add(
    "interviews_held",
    lambda s: s.interviews.count(held(s)),
    unit=Unit.COUNT,
    bounds=(0, 10_000),
    label="entretiens tenus",
    sentence="{value:entretien tenu|entretiens tenus} en tout",
    zero="Aucun entretien tenu",
    group="contact",
)
FAMILY.add(
    "interviews_due_last_3",
    lambda s: s.interviews.count(s.interviews.latest(due(s), LATEST)),
    unit=Unit.COUNT,
    bounds=(0, LATEST),
    label="derniers entretiens, tenus ou manqués",
    sentence="{value:entretien prévu|entretiens prévus}",
    group="contact",
    policy=Policy.CONTEXT,
)
FAMILY.add(
    "interviews_missed_last_3",
    lambda s: np.where(
        s.interviews.count(due(s)) > 0,
        s.interviews.count(s.interviews.latest(due(s), LATEST) & missed(s)),
        np.nan,
    ),
    unit=Unit.COUNT,
    bounds=(0, LATEST),
    label="entretiens manqués parmi les 3 derniers",
    sentence="{value:entretien manqué|entretiens manqués} sur {interviews_due_last_3:latest}",
    zero="Aucun entretien manqué parmi les derniers",
    missing="Aucun entretien prévu jusqu'ici",
    group="contact",
    monotonic=1,
)
FAMILY.add(
    "interviews_missed_in_a_row",
    missed_in_a_row,
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="entretiens manqués depuis le dernier tenu",
    sentence="{value:entretien manqué|entretiens manqués} depuis le dernier entretien tenu",
    zero="Aucun entretien manqué depuis le dernier",
    group="contact",
    monotonic=1,
)
FAMILY.add(
    "interviews_missed_90d",
    lambda s: s.interviews.count(missed(s) & s.interviews.within(90)),
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="entretiens manqués sur 90 jours",
    sentence="{value:entretien manqué|entretiens manqués} sur 90 jours",
    zero="Aucun entretien manqué sur 90 jours",
    group="contact",
    monotonic=1,
)
FAMILY.add(
    "interviews_missed_share",
    lambda s: s.interviews.share(missed(s), due(s)),
    unit=Unit.SHARE,
    bounds=(0, 1),
    label="part d'entretiens manqués",
    sentence="{value} des entretiens manqués",
    zero="Aucun entretien manqué",
    missing="Aucun entretien prévu jusqu'ici",
    group="contact",
    monotonic=1,
)
FAMILY.add(
    "interviews_moved_share",
    lambda s: s.interviews.share(
        s.interviews.is_code("status", "moved", "cancelled"), s.interviews.days_ago > 0
    ),
    unit=Unit.SHARE,
    bounds=(0, 1),
    label="part d'entretiens reportés ou annulés",
    sentence="{value} des entretiens reportés ou annulés",
    zero="Aucun entretien reporté ni annulé",
    missing="Aucun entretien prévu jusqu'ici",
    group="contact",
)
for _who, _group, _label in (
    ("tutor", "tutoring", "le tuteur"),
    ("training_centre", "training_centre", "le centre de formation"),
):
    FAMILY.add(
        f"days_since_seen_{_who}",
        partial(days_since_seen, who=_who),
        unit=Unit.DAYS,
        bounds=(0, 3000),
        label=f"jours depuis un entretien avec {_label}",
        sentence=f"Dernier entretien avec {_label} il y a {{value}}",
        missing=f"Pas encore d'entretien avec {_label}",
        group=_group,
    )
    FAMILY.add(
        f"share_with_{_who}",
        partial(share_with, who=_who),
        unit=Unit.SHARE,
        bounds=(0, 1),
        label=f"part d'entretiens avec {_label}",
        sentence=f"{{value}} des entretiens avec {_label}",
        zero=f"Aucun entretien avec {_label}",
        missing="Aucun entretien tenu",
        group=_group,
    )
