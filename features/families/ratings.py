"""Ratings from 1 to 5 given at interviews: level, change and slope of each, and their lowest."""

from functools import partial

import numpy as np
import numpy.typing as npt

from features.catalogue.catalogue import Family, Policy
from features.catalogue.units import Unit
from features.point_in_time.days import Days
from features.point_in_time.memo import cached_on
from features.point_in_time.snapshot import Snapshot
from features.point_in_time.windows import Mask
from features.records.declarations import RATINGS

FAMILY = Family("ratings", "Notes d'entretien")
SLOPE_DAYS = 90.0


def given(s: Snapshot, rating: str) -> tuple[Days, Mask]:
    """Return the ratings and the rows where one was given."""
    name = f"rating_{rating}"
    return s.interviews.number(name), s.interviews.known(name)


@cached_on
def last(s: Snapshot, *, rating: str) -> Days:
    """Return the latest rating."""
    return s.interviews.last(*given(s, rating))


@cached_on
def _previous_row(s: Snapshot, rating: str) -> npt.NDArray[np.int64]:
    _, known = given(s, rating)
    latest = s.interviews.last_row(known)
    known = known.copy()
    known[latest[latest >= 0]] = False
    return s.interviews.last_row(known)


@cached_on
def previous(s: Snapshot, *, rating: str) -> Days:
    """Return the rating before the last one."""
    values, _ = given(s, rating)
    return s.interviews.at(values, _previous_row(s, rating))


def days_since_previous(s: Snapshot, *, rating: str) -> Days:
    """Return how many days ago the rating before the last one was given."""
    return s.interviews.at(s.interviews.days_ago, _previous_row(s, rating))


def change(s: Snapshot, *, rating: str) -> Days:
    """Latest rating minus the one before."""
    return last(s, rating=rating) - previous(s, rating=rating)


def slope(s: Snapshot, *, rating: str) -> Days:
    """Least-squares trend of all ratings, in points per quarter, cut at 10."""
    points = s.interviews.slope(*given(s, rating), per_days=SLOPE_DAYS)
    return np.minimum(np.maximum(points, -10), 10)


@cached_on
def recent_mean(s: Snapshot, *, rating: str) -> Days:
    """Mean of the three latest ratings."""
    values, known = given(s, rating)
    return s.interviews.mean(values, s.interviews.latest(known, 3))


def lowest_last(s: Snapshot) -> Days:
    """Lowest of the latest ratings."""
    latest = np.array([last(s, rating=rating) for rating in RATINGS])
    return np.asarray(np.fmin.reduce(latest, axis=0))


def average_recent(s: Snapshot) -> Days:
    """Mean over the ratings of their three latest values."""
    means = np.array([recent_mean(s, rating=rating) for rating in RATINGS])
    known = (~np.isnan(means)).sum(axis=0)
    total, average = np.nansum(means, axis=0), np.full(len(s), np.nan)
    np.divide(total, known, out=average, where=known > 0)
    return average


for _rating, _label in RATINGS.items():
    _title = _label[0].upper() + _label[1:]
    FAMILY.add(
        f"rating_{_rating}_last",
        partial(last, rating=_rating),
        unit=Unit.RATING,
        bounds=(1, 5),
        label=f"{_label}, dernière note",
        sentence=f"{_title} : {{value}} sur 5",
        missing=f"{_title} : pas encore de note",
        group=_rating,
        monotonic=-1,
    )
    FAMILY.add(
        f"rating_{_rating}_previous",
        partial(previous, rating=_rating),
        unit=Unit.RATING,
        bounds=(1, 5),
        label=f"{_label}, avant-dernière note",
        sentence=f"{_title} : {{value}} sur 5 auparavant",
        group=_rating,
        policy=Policy.CONTEXT,
    )
    FAMILY.add(
        f"rating_{_rating}_previous_days",
        partial(days_since_previous, rating=_rating),
        unit=Unit.DAYS,
        bounds=(0, 3000),
        label=f"{_label}, jours depuis l'avant-dernière note",
        sentence=f"{_title} : note précédente il y a {{value}}",
        group=_rating,
        policy=Policy.CONTEXT,
    )
    FAMILY.add(
        f"rating_{_rating}_change",
        partial(change, rating=_rating),
        unit=Unit.RATING_CHANGE,
        bounds=(-4, 4),
        label=f"{_label}, dernière évolution",
        sentence=f"{_title} : passée de {{rating_{_rating}_previous}} à {{rating_{_rating}_last}} "
        f"depuis {{rating_{_rating}_previous_days:since}}",
        zero=f"{_title} : stable à {{rating_{_rating}_last}} sur 5",
        missing=f"{_title} : une seule note ou aucune",
        group=_rating,
        monotonic=-1,
    )
    FAMILY.add(
        f"rating_{_rating}_mean_3",
        partial(recent_mean, rating=_rating),
        unit=Unit.RATING,
        bounds=(1, 5),
        label=f"{_label}, moyenne des 3 dernières notes",
        sentence=f"{_title} : {{value}} sur 5 en moyenne aux derniers entretiens",
        missing=f"{_title} : pas encore de note",
        group=_rating,
        monotonic=-1,
    )
    FAMILY.add(
        f"rating_{_rating}_slope",
        partial(slope, rating=_rating),
        unit=Unit.RATING_CHANGE,
        bounds=(-10, 10),
        label=f"{_label}, tendance sur 90 jours",
        sentence=f"{_title} : en hausse de {{value}} par trimestre",
        negative=f"{_title} : en baisse de {{value:abs}} par trimestre",
        zero=f"{_title} : sans tendance",
        missing=f"{_title} : trop peu de notes pour une tendance",
        group=_rating,
        monotonic=-1,
    )
FAMILY.add(
    "rating_lowest_last",
    lowest_last,
    unit=Unit.RATING,
    bounds=(1, 5),
    label="note la plus basse au dernier entretien",
    sentence="Note la plus basse au dernier entretien : {value} sur 5",
    missing="Pas encore de note",
    group="wellbeing",
    monotonic=-1,
)
FAMILY.add(
    "rating_average_recent",
    average_recent,
    unit=Unit.RATING,
    bounds=(1, 5),
    label="moyenne des notes récentes",
    sentence="Moyenne des notes récentes : {value} sur 5",
    missing="Pas encore de note",
    group="wellbeing",
    monotonic=-1,
)
