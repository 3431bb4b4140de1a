"""Needs and risk said at interviews: open, unmet, and the risk the person or advisor declared."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.families.interviews import held
from features.point_in_time.days import Days
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.records.declarations import NEEDS

FAMILY = Family("needs", "Besoins et risque déclaré")


@cached_on
def need_states(s: Snapshot, need: str) -> tuple[Days, Days]:
    """Return whether the need is open (NaN if never raised) and for how many days it has been."""
    raised = s.interviews.is_code(f"need_{need}", "open", "met")
    if not raised.any():  # of most needs, nobody ever speaks
        unknown = np.full(len(s), np.nan)
        return unknown, unknown
    is_open = s.interviews.is_code(f"need_{need}", "open")
    last = s.interviews.last_row(raised)
    state = s.interviews.at(is_open.astype("float64"), last)
    last_met = s.interviews.last_row(raised & ~is_open)[s.interviews.case]
    unbroken = is_open & (np.arange(len(is_open)) > last_met)
    return state, np.where(state == 1.0, s.interviews.longest_ago(unbroken), np.nan)


def need_open(s: Snapshot, *, need: str) -> Days:
    """1.0 while the need is open, 0.0 once met, NaN if it was never raised."""
    return need_states(s, need)[0]


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
    "open_needs",
    open_needs,
    unit=Unit.COUNT,
    bounds=(0, len(NEEDS)),
    label="besoins à traiter",
    sentence="{value:besoin|besoins} à traiter",
    zero="Aucun besoin à traiter",
    missing="Besoins pas encore abordés",
    group="needs",
    monotonic=1,
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
    monotonic=1,
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
    monotonic=1,
)
