"""Support received: actions by accompaniment theme, their number and how recent they are.

No monotone sense here: support goes where help is needed, so more of it may come with more risk.
The arm of a programme is not here: a model that learned it would learn the trial (decision 26).
"""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.point_in_time.windows import Mask
from features.records.codes import THEME

FAMILY = Family("support", "Accompagnement")


@cached_on
def actions(s: Snapshot) -> Mask:
    """Support actions of any theme."""
    return s.events.is_code("kind", "support_action")


def actions_within(s: Snapshot, *, days: float) -> Days:
    """Support actions in the window."""
    return s.events.count(actions(s) & s.events.within(days))


def actions_of_theme(s: Snapshot, *, theme: str) -> Days:
    """Support actions of a theme since the start."""
    return s.events.count(actions(s) & s.events.is_code("theme", theme))


def themes_discussed(s: Snapshot) -> Days:
    """Number of the seven themes discussed at least once; NaN while none was ever answered."""
    held = s.interviews.is_code("status", "held")
    names = [f"theme_{theme}" for theme in THEME.codes]
    answered = [s.interviews.count(held & s.interviews.known(name)) > 0 for name in names]
    discussed = [s.interviews.count(held & (s.interviews.number(n) == 1.0)) > 0 for n in names]
    number = np.sum(discussed, axis=0).astype("float64")
    return np.where(np.any(answered, axis=0), number, np.nan)


for _days, _window in ((30, "sur 30 jours"), (90, "sur 90 jours")):
    FAMILY.add(
        f"support_actions_{_days}d",
        partial(actions_within, days=_days),
        unit=Unit.COUNT,
        bounds=(0, 10_000),
        label=f"actions d'accompagnement {_window}",
        sentence=f"{{value:action|actions}} d'accompagnement {_window}",
        zero=f"Aucune action d'accompagnement {_window}",
        group="support",
    )
for _theme, _label in THEME.labels.items():
    FAMILY.add(
        f"support_{_theme}",
        partial(actions_of_theme, theme=_theme),
        unit=Unit.COUNT,
        bounds=(0, 10_000),
        label=f"actions d'accompagnement : {_label}",
        sentence=f"{{value:action|actions}} d'accompagnement : {_label}",
        zero=f"Aucune action d'accompagnement : {_label}",
        group="support",
    )
FAMILY.add(
    "days_since_support",
    lambda s: s.events.days_since(actions(s)),
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours depuis la dernière action d'accompagnement",
    sentence="Dernière action d'accompagnement il y a {value}",
    missing="Aucune action d'accompagnement",
    group="support",
)
FAMILY.add(
    "themes_discussed",
    themes_discussed,
    unit=Unit.COUNT,
    bounds=(0, len(THEME.codes)),
    label="thèmes abordés en entretien",
    sentence="{value:thème abordé|thèmes abordés} sur 7 en entretien",
    zero="Aucun thème abordé en entretien",
    missing="Thèmes des entretiens inconnus",
    group="support",
)
