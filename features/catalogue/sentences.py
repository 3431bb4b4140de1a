"""Sentence templates of features, filled from one row of the matrix.

`{value}` is the feature itself, `{other_feature}` another column of the same row. Formats:
`{x}` the value with its unit, `{x:entretien manqué|entretiens manqués}` a count with its noun,
`{x:since}` the month a number of days ago (« septembre »), `{x:abs}` the value without its sign,
`{x:latest}` a number of latest things (« les 3 derniers »).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from string import Formatter

from features.catalogue.units import Unit, in_french, number_in_french, plural

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_FORMATTER = Formatter()


def fields_of(template: str) -> set[str]:
    """Names of the features a template describes."""
    return {name for _, name, _ in _parsed(template) if name}


@cache  # the templates are those of the catalogue
def _parsed(template: str) -> tuple[tuple[str, str, str], ...]:
    parts = _FORMATTER.parse(template)
    return tuple((text, name or "", spec or "") for text, name, spec, _ in parts)


def fill(
    template: str, values: Mapping[str, float], units: Mapping[str, Unit], *, as_of: date
) -> str:
    """Return the sentence for one row; `values` and `units` hold every field the template names."""
    parts = []
    for text, name, spec in _parsed(template):
        parts.append(text)
        if name:
            parts.append(_write(values[name], units[name], spec, as_of))
    return "".join(parts)


def _write(value: float, unit: Unit, spec: str, as_of: date) -> str:
    if "|" in spec:
        singular, many = spec.split("|")
        rounded = round(value)
        return f"{number_in_french(rounded)} {plural(rounded, singular, many)}"
    match spec:
        case "since":
            return month_of(as_of - timedelta(days=value), as_of=as_of)
        case "abs":
            return in_french(abs(value), unit)
        case "latest":
            return "1 prévu" if value == 1 else f"les {number_in_french(value)} derniers"
        case _:
            return in_french(value, unit)


def month_of(day: date, *, as_of: date) -> str:
    """Month in French, with its year when the day is ten months or more away."""
    month = MONTHS[day.month - 1]
    return month if (as_of - day).days < 300 else f"{month} {day.year}"
