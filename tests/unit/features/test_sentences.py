"""Sentences advisors read: French numbers, agreement, months, and unknowns that say so."""

from datetime import date

import pytest

from features.catalogue.sentences import fields_of, fill, month_of
from features.catalogue.units import NARROW_SPACE, Unit, in_french, number_in_french, plural
from features.families import CATALOGUE

AS_OF = date(2024, 3, 1)


def render(name: str, value: float, **others: float) -> str:
    """Write the sentence of a feature worth `value` in a row of other features."""
    feature = CATALOGUE[name]
    values = {"value": value, name: value, **others}
    units = {n: CATALOGUE[n].unit for n in values if n != "value"} | {"value": feature.unit}
    return fill(feature.template(value), values, units, as_of=AS_OF)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (-0.0, 0, "0"),
        (1234567, 0, f"1{NARROW_SPACE}234{NARROW_SPACE}567"),
        (2.5, 1, "2,5"),
        (2.0, 1, "2"),
        (10.0, 1, "10"),
        (100, 0, "100"),
        (-3, 0, "−3"),
        (-0.04, 1, "0"),
    ],
)
def test_numbers_are_written_in_french(value: float, digits: int, text: str) -> None:
    assert number_in_french(value, digits=digits) == text


@pytest.mark.parametrize(
    ("value", "word"), [(0, "jour"), (1, "jour"), (1.5, "jour"), (2, "jours"), (-3, "jours")]
)
def test_french_agrees_from_two_on(value: float, word: str) -> None:
    assert plural(value, "jour", "jours") == word


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, Unit.FLAG, "oui"),
        (0, Unit.FLAG, "non"),
        (0.25, Unit.SHARE, f"25{NARROW_SPACE}%"),
        (0.25, Unit.RUPTURES_PER_YEAR, "25 pour 100 contrats par an"),
        (53, Unit.PERCENT, f"53{NARROW_SPACE}%"),
        (45, Unit.MINUTES, f"45{NARROW_SPACE}min"),
        (7, Unit.HOURS, f"7{NARROW_SPACE}h"),
        (1, Unit.DAYS, "1 jour"),
        (18.4, Unit.YEARS, "18 ans"),
        (12, Unit.PEOPLE, "12 personnes"),
        (2, Unit.LEVELS, "2 niveaux"),
        (4, Unit.LEVEL, "4"),
        (3, Unit.COUNT, "3"),
        (2.5, Unit.RATING, "2,5"),
        (-1.0, Unit.RATING_CHANGE, "−1"),
        (11.5, Unit.MARK, "11,5"),
    ],
)
def test_a_value_is_written_with_its_unit(value: float, unit: Unit, text: str) -> None:
    assert in_french(value, unit) == text


def test_every_unit_has_words() -> None:
    assert all(in_french(1.0, unit) for unit in Unit)


def test_the_fields_of_a_template_are_the_features_it_describes() -> None:
    assert fields_of("{value:a|b} sur {other:latest}, {value}") == {"value", "other"}


def test_a_month_far_back_is_written_with_its_year() -> None:
    """Within ten months a month is written by its name alone."""
    assert month_of(date(2023, 9, 15), as_of=AS_OF) == "septembre"
    assert month_of(date(2023, 5, 7), as_of=AS_OF) == "mai"
    assert month_of(date(2023, 5, 6), as_of=AS_OF) == "mai 2023"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            render("interviews_missed_last_3", 2, interviews_due_last_3=3),
            "2 entretiens manqués sur les 3 derniers",
        ),
        (
            render("interviews_missed_last_3", 1, interviews_due_last_3=1),
            "1 entretien manqué sur 1 prévu",
        ),
        (
            render(
                "rating_tutor_change",
                -2,
                rating_tutor_previous=4,
                rating_tutor_last=2,
                rating_tutor_previous_days=170,
            ),
            "Relation avec le tuteur : passée de 4 à 2 depuis septembre",
        ),
        (
            render("rating_tutor_change", 0, rating_tutor_last=3),
            "Relation avec le tuteur : stable à 3 sur 5",
        ),
        (
            render("rating_tutor_slope", -0.5),
            "Relation avec le tuteur : en baisse de 0,5 par trimestre",
        ),
        (render("commute_minutes", 45), f"45{NARROW_SPACE}min de trajet"),
        (render("commute_minutes", float("nan")), "Temps de trajet inconnu"),
        (render("days_since_trial", -5), "Fin de la période d'essai dans 5 jours"),
        (render("elapsed_days", -5), "Contrat commençant dans 5 jours"),
        (render("weekly_hours", float("nan")), "Durée hebdomadaire : non renseigné"),
        (render("warnings", 0), "Aucun avertissement"),
        (render("warnings", 1), "1 avertissement depuis le début"),
        (
            render("sector_rupture_rate", 0.31),
            "Ruptures dans le secteur : 31 pour 100 contrats par an",
        ),
    ],
)
def test_a_reason_reads_well(text: str, sentence: str) -> None:
    assert text == sentence
