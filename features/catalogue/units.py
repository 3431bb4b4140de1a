"""Units of features, and how a value of each is written in French."""

from enum import StrEnum


class Unit(StrEnum):
    """What a feature's value counts."""

    FLAG = "flag"
    COUNT = "count"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    YEARS = "years"
    PEOPLE = "people"
    LEVEL = "level"
    LEVELS = "levels"
    RATING = "rating"
    RATING_CHANGE = "rating_change"
    SHARE = "share"
    PERCENT = "percent"
    MARK = "mark"
    RUPTURES_PER_YEAR = "ruptures_per_year"


_NOUNS = {
    Unit.DAYS: ("jour", "jours"),
    Unit.YEARS: ("an", "ans"),
    Unit.PEOPLE: ("personne", "personnes"),
    Unit.LEVELS: ("niveau", "niveaux"),
}
_SIGNS = {Unit.HOURS: "h", Unit.MINUTES: "min", Unit.PERCENT: "%"}
NARROW_SPACE = "\u202f"


def number_in_french(value: float, *, digits: int = 0) -> str:
    """A number with a decimal comma, no trailing zeros and thousands parted by a narrow space."""
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text.replace(",", NARROW_SPACE).replace(".", ",").replace("-", "−")


def plural(value: float, singular: str, many: str) -> str:
    """French agreement: 0 and 1.5 are singular, 2 is plural."""
    return many if abs(value) >= 2 else singular


def in_french(value: float, unit: Unit) -> str:
    """Return a value with its unit, as an advisor would write it."""
    match unit:
        case Unit.FLAG:
            return "oui" if value else "non"
        case Unit.SHARE:
            return f"{number_in_french(100 * value)}{NARROW_SPACE}%"
        case Unit.RUPTURES_PER_YEAR:
            return f"{number_in_french(100 * value)} pour 100 contrats par an"
        case Unit.RATING | Unit.RATING_CHANGE | Unit.MARK:
            return number_in_french(value, digits=1)
        case Unit.HOURS | Unit.MINUTES | Unit.PERCENT:
            return f"{number_in_french(value)}{NARROW_SPACE}{_SIGNS[unit]}"
        case Unit.DAYS | Unit.YEARS | Unit.PEOPLE | Unit.LEVELS:
            rounded = round(value)
            return f"{number_in_french(rounded)} {plural(rounded, *_NOUNS[unit])}"
        case Unit.COUNT | Unit.LEVEL:
            return number_in_french(value)
