"""Results in training: marks, and assessments that were not handed in."""

from functools import partial

import numpy as np

from features.catalogue.catalogue import Family
from features.catalogue.units import Unit
from features.families.attendance import number
from features.point_in_time.days import Days
from features.point_in_time.snapshot import Snapshot

FAMILY = Family("results", "Résultats en formation")


def marks_below_ten(s: Snapshot) -> Days:
    """Share of marks below 10 out of 20; NaN without a mark."""
    marks = s.events.number("value")
    graded = s.events.is_code("kind", "assessment") & ~np.isnan(marks)
    return s.events.share(marks < 10, graded)


def missed_assessment_share(s: Snapshot) -> Days:
    """Assessments not handed in among those handed in or due; NaN without any."""
    missed = s.events.is_code("kind", "assessment_missed")
    return s.events.share(missed, missed | s.events.is_code("kind", "assessment"))


FAMILY.add(
    "mark_mean",
    lambda s: s.events.mean(s.events.number("value"), s.events.is_code("kind", "assessment")),
    unit=Unit.MARK,
    bounds=(0, 1000),
    label="moyenne des évaluations",
    sentence="Moyenne des évaluations : {value} sur 20",
    missing="Aucune évaluation connue",
    group="results",
    monotonic=-1,
)
FAMILY.add(
    "mark_last",
    lambda s: s.events.last(s.events.number("value"), s.events.is_code("kind", "assessment")),
    unit=Unit.MARK,
    bounds=(0, 1000),
    label="dernière évaluation",
    sentence="Dernière évaluation : {value} sur 20",
    missing="Aucune évaluation connue",
    group="results",
    monotonic=-1,
)
FAMILY.add(
    "marks_below_ten",
    marks_below_ten,
    unit=Unit.SHARE,
    bounds=(0, 1),
    label="part des notes sous la moyenne",
    sentence="{value} des notes sous la moyenne",
    zero="Aucune note sous la moyenne",
    missing="Aucune évaluation connue",
    group="results",
    monotonic=1,
)
FAMILY.add(
    "days_since_assessment",
    lambda s: s.events.days_since(s.events.is_code("kind", "assessment")),
    unit=Unit.DAYS,
    bounds=(0, 3000),
    label="jours depuis la dernière évaluation",
    sentence="Dernière évaluation il y a {value}",
    missing="Aucune évaluation connue",
    group="results",
)
for _suffix, _span, _window in (("_90d", 90.0, "sur 90 jours"), ("", np.inf, "depuis le début")):
    FAMILY.add(
        f"assessments_missed{_suffix}",
        partial(number, kind="assessment_missed", days=_span),
        unit=Unit.COUNT,
        bounds=(0, 10_000),
        label=f"évaluations non rendues {_window}",
        sentence=f"{{value:évaluation non rendue|évaluations non rendues}} {_window}",
        zero=f"Aucune évaluation non rendue {_window}",
        group="results",
        monotonic=1,
    )
FAMILY.add(
    "assessments_missed_share",
    missed_assessment_share,
    unit=Unit.SHARE,
    bounds=(0, 1),
    label="part d'évaluations non rendues",
    sentence="{value} des évaluations non rendues",
    zero="Toutes les évaluations rendues",
    missing="Aucune évaluation connue",
    group="results",
    monotonic=1,
)
