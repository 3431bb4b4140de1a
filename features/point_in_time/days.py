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
