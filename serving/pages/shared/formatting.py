"""Dates, durations and numbers as a reader writes them, in French or in English."""

from datetime import date

from features.catalogue.sentences import MONTHS as FRENCH_MONTHS
from features.catalogue.units import number_in_french

ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MINUS = "−"


def day_in_words(day: date, *, language: str, today: date | None = None) -> str:
    """« 20 février 2027 », without the year when it is that of `today`."""
    year = "" if today is not None and day.year == today.year else f" {day.year}"
    if language == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]}{year}"
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {FRENCH_MONTHS[day.month - 1]}{year}"


def month_in_words(day: date, *, language: str) -> str:
    """« février 2027 »."""
    months = FRENCH_MONTHS if language == "fr" else ENGLISH_MONTHS
    return f"{months[day.month - 1]} {day.year}"


def number(value: float, *, language: str, digits: int = 0) -> str:
    """Return a number with the decimal sign of the language; trailing zeros are dropped."""
    if language == "fr":
        return number_in_french(value, digits=digits)
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text == "-0" else text).replace("-", MINUS)


def signed(value: float, *, language: str) -> str:
    """A number with its sign and two decimals, so that columns align and sums can be checked."""
    text = f"{abs(value):.2f}"
    sign = "" if float(text) == 0 else "+" if value > 0 else MINUS
    return sign + (text.replace(".", ",") if language == "fr" else text)


def percent(share: float, *, language: str, digits: int = 0) -> str:
    """Return a share in [0, 1] as a percentage."""
    gap = "\u202f" if language == "fr" else ""
    return f"{number(100 * share, language=language, digits=digits)}{gap}%"
