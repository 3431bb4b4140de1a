"""Interviews: silence, missed and moved ones, needs, declared risk, who took part."""

from functools import partial

import numpy as np

from features.catalogue import Family, Policy
from features.days import Days
from features.records import NEEDS
from features.snapshot import Snapshot
from features.units import Unit
from features.windows import Mask

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


def need_states(s: Snapshot, need: str) -> tuple[Days, Days]:
    """Whether the need is open (NaN if never raised) and for how many days it has been."""
    raised = s.interviews.is_code(f"need_{need}", "open", "met")
    is_open = s.interviews.is_code(f"need_{need}", "open")
    last = s.interviews.last_row(raised)
    state = s.interviews.at(is_open.astype("float64"), last)
    last_met = s.interviews.last_row(raised & ~is_open)[s.interviews.case]
    unbroken = is_open & (np.arange(len(is_open)) > last_met)
    return state, np.where(state == 1.0, s.interviews.longest_ago(unbroken), np.nan)


def need_open(s: Snapshot, *, need: str) -> Days:
    """1.0 while the need is open, 0.0 once met, NaN if it was never raised."""
    return need_states(s, need)[0]


def held_within(s: Snapshot, *, days: float) -> Days:
    """Interviews held in the window."""
    return s.interviews.count(held(s) & s.interviews.within(days))


def days_since_seen(s: Snapshot, *, who: str) -> Days:
    """Days since an interview that `who` took part in; NaN without one."""
    return s.interviews.days_since(held(s) & (s.interviews.number(f"with_{who}") == 1.0))


def share_with(s: Snapshot, *, who: str) -> Days:
    """Share of the interviews held that `who` took part in."""
    return s.interviews.mean(s.interviews.number(f"with_{who}"), held(s))


def open_needs(s: Snapshot) -> Days:
    """Needs whose latest state is open; NaN without any interview held."""
    states = np.array([need_states(s, need)[0] for need in NEEDS])
    number = np.nansum(states, axis=0)
    return np.where(s.interviews.count(held(s)) > 0, number, np.nan)


def oldest_open_need_days(s: Snapshot) -> Days:
    """Days since the oldest need that is still unmet was raised; NaN without one."""
    days = np.array([need_states(s, need)[1] for need in NEEDS])
    return np.asarray(np.fmax.reduce(days, axis=0))


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
    sense=1,
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
    sense=1,
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
    sense=1,
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
    sense=1,
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
FAMILY.add(
    "open_needs",
    open_needs,
    unit=Unit.COUNT,
    bounds=(0, len(NEEDS)),
    label="besoins à traiter",
    sentence="{value:besoin|besoins} à traiter",
    zero="Aucun besoin à traiter",
    missing="Besoins pas encore abordés",
    group="needs",
    sense=1,
)
FAMILY.add(
    "oldest_open_need_days",
    oldest_open_need_days,
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours depuis le plus ancien besoin non résolu",
    sentence="Besoin non résolu depuis {value}",
    missing="Aucun besoin en attente",
    group="needs",
)
for _need, _label in (
    ("mobility", "déplacements"),
    ("housing", "logement"),
    ("money", "argent"),
    ("family", "situation familiale"),
    ("reorientation", "réorientation"),
    ("job_search", "recherche d'emploi"),
):
    FAMILY.add(
        f"need_{_need}_open",
        partial(need_open, need=_need),
        unit=Unit.FLAG,
        bounds=(0, 1),
        label=f"besoin à traiter : {_label}",
        sentence=f"Besoin à traiter : {_label}",
        zero=f"Besoin résolu : {_label}",
        missing=f"Pas de besoin exprimé : {_label}",
        group={"mobility": "commute", "housing": "housing"}.get(_need, "needs"),
    )
FAMILY.add(
    "risk_declared_last",
    lambda s: s.interviews.last(
        s.interviews.is_code("declared_risk", "yes").astype("float64"),
        s.interviews.is_code("declared_risk", "yes", "no"),
    ),
    unit=Unit.FLAG,
    bounds=(0, 1),
    label="risque déclaré au dernier entretien",
    sentence="Risque de rupture déclaré au dernier entretien où la question a été posée",
    zero="Pas de risque déclaré au dernier entretien où la question a été posée",
    missing="Question du risque pas encore posée",
    group="declared_risk",
    sense=1,
)
FAMILY.add(
    "risk_declared_count",
    lambda s: s.interviews.count(s.interviews.is_code("declared_risk", "yes")),
    unit=Unit.COUNT,
    bounds=(0, 1000),
    label="fois où un risque a été déclaré",
    sentence="Risque de rupture déclaré {value:fois|fois}",
    zero="Aucun risque de rupture déclaré",
    group="declared_risk",
    sense=1,
)
