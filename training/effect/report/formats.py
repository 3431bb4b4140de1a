"""Figures as a reader of one language writes them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"
UNKNOWN = "–"
MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
        *("août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


class Formats:
    """Numbers, shares, points, intervals and days in one language; `to` is its word for a range."""

    def __init__(self, language: str, *, to: str) -> None:
        self.language, self._to = language, to

    def number(self, value: float | None, digits: int = 2) -> str:
        """Return a plain number; a true minus, a decimal comma in French."""
        if value is None:
            return UNKNOWN
        text = f"{abs(value):,.{digits}f}"
        if self.language == "fr":
            text = text.replace(",", NARROW).replace(".", ",")
        negative = value < 0 and re.search("[1-9]", text)
        return (MINUS if negative else "") + text

    def signed(self, value: float | None, digits: int = 1) -> str:
        """Return a number with its sign, also when it is positive."""
        text = self.number(value, digits)
        return text if value is None or value <= 0 or not re.search("[1-9]", text) else f"+{text}"

    def points(self, value: float | None) -> str:
        """Return a difference of shares in points, signed, one decimal."""
        return self.signed(None if value is None else 100 * value)

    def bare_points(self, value: float | None) -> str:
        """Return the size of a difference of shares in points, without sign."""
        return self.number(None if value is None else abs(100 * value), 1)

    def percent(self, value: float | None, digits: int = 1) -> str:
        """Return a share in per cent."""
        if value is None:
            return UNKNOWN
        return self.number(100 * value, digits) + (f"{NBSP}%" if self.language == "fr" else "%")

    def p(self, value: float | None) -> str:
        """Return a p-value as journals print it."""
        if value is None:
            return UNKNOWN
        if value < 0.001:  # below, the digits mean nothing
            return f"<{NBSP}{self.number(0.001, 3)}"
        return self.number(value, 3)

    def interval(self, estimate: Mapping[str, Any], *, points: bool = True) -> str:
        """Return the interval of an estimate, in points or as plain numbers."""
        low, high = estimate.get("low"), estimate.get("high")
        if low is None or high is None:
            return UNKNOWN
        form = self.points if points else self.number
        return f"{form(low)} {self._to} {form(high)}"

    def level(self, value: float) -> str:
        """Return a confidence level as 95."""
        return self.number(100 * value, 0 if float(100 * value).is_integer() else 1)

    def day(self, iso: str | None) -> str:
        """Return a day in words."""
        if not iso:
            return UNKNOWN
        day = date.fromisoformat(iso[:10])
        number = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{number}{NBSP}{MONTHS[self.language][day.month - 1]} {day.year}"
