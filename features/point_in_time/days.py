"""Dates as day numbers: days since 1970-01-01 as float64, NaN where the date is missing."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.float64]
EPOCH = date(1970, 1, 1).toordinal()


def to_days(dates: pd.Series) -> Days:
    """Day number of each date, NaN for NaT."""
    raw = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(raw), np.nan, raw.astype("int64").astype("float64"))


def days_of(dates: "Iterable[date | None]") -> Days:
    """Day number of each date, NaN for None."""
    numbers = [np.nan if day is None else day.toordinal() - EPOCH for day in dates]
    return np.array(numbers, dtype="float64")


def as_timestamp(day: "date | str | pd.Timestamp") -> pd.Timestamp:
    """Return the morning of a day, at the resolution record tables use.

    Raises ValueError when `day` is not a date.
    """
    return pd.Timestamp(day).normalize().as_unit("s")


def whole_years(since: Days, until: Days) -> Days:
    """Return the birthdays or anniversaries of `since` that `until` has reached, by the calendar.

    Whoever is born on 29 February is a year older on 1 March. NaN where either day is missing.
    """
    month, day_of_month = _split(since)
    months = _split(until)[0] - month - (_split(until)[1] < day_of_month)
    return np.asarray(np.floor(months / 12))


def years_later(day: Days, years: "Days | float") -> Days:
    """Return the day of the month so many years later; 29 February becomes 1 March."""
    month, day_of_month = _split(day)
    return _first_of(month + 12 * years) + day_of_month


def month_after_birthday(born: Days, age: "Days | float") -> Days:
    """Return the first day of the month after the birthday of an age."""
    return _first_of(_split(born)[0] + 12 * age + 1)


def _split(days: Days) -> tuple[Days, Days]:
    """Months since January 1970 and days since the first of that month, NaN where missing."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    number = np.where(np.isnat(months), np.nan, months.astype("int64"))
    return number, days - _first_of(number)


def _first_of(months: Days) -> Days:
    """Day number of the first of a month, NaN where missing."""
    whole = months.astype("datetime64[M]").astype("datetime64[D]")
    return np.where(np.isnat(whole), np.nan, whole.astype("int64").astype("float64"))
