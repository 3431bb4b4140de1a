"""Dates as day numbers: days since 1970-01-01 as float64, NaN where the date is missing."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.float64]


def to_days(dates: pd.Series) -> Days:
    """Day number of each date, NaN for NaT."""
    raw = dates.to_numpy("datetime64[D]")
    return np.where(np.isnat(raw), np.nan, raw.astype("int64").astype("float64"))


def as_timestamp(day: "date | str | pd.Timestamp") -> pd.Timestamp:
    """The morning of a day, at the resolution record tables use.

    Raises ValueError when `day` is not a date.
    """
    return pd.Timestamp(day).normalize().as_unit("s")
