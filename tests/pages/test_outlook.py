"""The year to come on the case page and in the explanation handed out, and what is unusual."""

from dataclasses import replace

from models.incidence import Incidence
from models.unusual import Unusual
from serving.pages.case.outlook import outlook_of, unusual_of
from serving.wording import untypeset, wording
from tests.pages import example_cases

FR, EN = wording("fr"), wording("en")
WHOLE = Incidence(
    days=[30, 60, 90, 180, 270, 365],
    risk=[0.10, 0.20, 0.38, 0.45, 0.50, 0.52],
    low=[0.08, 0.16, 0.30, 0.35, 0.39, 0.40],
    high=[0.13, 0.25, 0.46, 0.56, 0.61, 0.66],
    followed_days=500,
)
SHORT = Incidence([30, 90], [0.1, 0.38], [0.08, 0.3], [0.13, 0.46], followed_days=60)


def test_a_year_is_shown_with_its_band() -> None:
    outlook = outlook_of(replace(example_cases.assessment(), incidence=WHOLE), t=FR)

    assert outlook is not None
    words = "En 12 mois, le risque cumulé de rupture est de 52 % (entre 40 % et 66 %)."
    assert untypeset(outlook.summary) == words
    assert [row.within for row in outlook.rows] == [
        "1 mois",
        "3 mois",
        "6 mois",
        "9 mois",
        "12 mois",
    ]
    assert outlook.stops is None


def test_a_curve_that_stops_early_says_where() -> None:
    outlook = outlook_of(replace(example_cases.assessment(), incidence=SHORT), t=EN)

    assert outlook is not None
    assert outlook.summary.startswith("Within 3 months")
    assert outlook.stops == "Beyond 90 days, too few contracts of this age were followed to tell."


def test_without_a_curve_nothing_is_shown() -> None:
    assert outlook_of(example_cases.assessment(), t=FR) is None
    assert outlook_of(None, t=FR) is None
    assert unusual_of(None) == ()


def test_unusual_facts_are_shown_as_sentences() -> None:
    fact = Unusual("commute_minutes", "trajet", "Trajet de 240 minutes")
    made = replace(example_cases.assessment(), unusual=[fact])

    assert unusual_of(made) == ("Trajet de 240 minutes",)
