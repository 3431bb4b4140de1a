"""What a cell may hold: the raw values of one column become values of its declared dtype.

Text and typed columns go through the same function. Repeated values (dates, codes, flags) are read
once each; whole numbers and dates that are typed already are only checked.

Text accepts: dates YYYY-MM-DD and DD/MM/YYYY (always day first); decimals with a point or a comma,
but not a comma before exactly three digits, which may be a thousands separator; true/false, 1/0,
oui/non, yes/no, vrai/faux. Blanks around a value go; an empty text is a missing value. "NA", "null"
and "NaN" are texts like any other, so a number column refuses them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.records.codes import CodeList
from features.records.schema import FIRST_DAY, LAST_DAY, Column, Kind

Mask = npt.NDArray[np.bool_]
Faults = dict[str, Mask]

NUMBER = r"[+-]?[0-9]+([.][0-9]+|,[0-9]{1,2}|,[0-9]{4,})?([eE][+-]?[0-9]{1,3})?"
MIDNIGHT = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00([.]0+)?)?Z?$"
DAY_FIRST = r"^([0-9]{2})/([0-9]{2})/([0-9]{4})$"
FLAGS = {
    **dict.fromkeys(("true", "1", "1.0", "oui", "yes", "vrai"), 1.0),
    **dict.fromkeys(("false", "0", "0.0", "non", "no", "faux"), 0.0),
}
MISSING_VALUE = "required value is missing"
EXACT = 2.0**53  # beyond it a float no longer holds every whole number: an identifier may be wrong


@dataclass(frozen=True)
class Cells:
    """One column read: `content` has the declared dtype and is missing where a cell is at fault."""

    content: pd.Series
    faults: Faults

    def not_required(self, *, where: Mask) -> "Cells":
        """Return the same cells, of which those of `where` may be missing."""
        faults = {
            why: mask & ~where if why == MISSING_VALUE else mask
            for why, mask in self.faults.items()
        }
        return Cells(self.content, faults)


def read_cells(column: Column, raw: pd.Series) -> Cells:
    """Read the raw values of one column; a fault is a reason and the cells it holds for."""
    raw = raw.reset_index(drop=True)
    if raw.dtype == object:
        raw = as_text(raw)
    values, faults = _read(column, raw)
    if column.required:
        faulty = np.logical_or.reduce([np.zeros(len(raw), bool), *faults.values()])
        faults[MISSING_VALUE] = values.isna().to_numpy() & ~faulty
    if column.default is not None:
        values = values.fillna(float(column.default))
    dtype: Any = column.dtype
    return Cells(values.astype(dtype), faults)


def as_text(raw: pd.Series) -> pd.Series:
    """Write the values as trimmed text; whole numbers lose their ".0", empty text is missing."""
    if pd.api.types.is_float_dtype(raw.dtype):
        floats = raw.to_numpy("float64", na_value=np.nan)
        whole = np.isfinite(floats) & (np.floor(floats) == floats) & (np.abs(floats) < EXACT)
        digits = pd.Series(np.where(whole, floats, 0).astype("int64")).astype("str")
        raw = raw.astype("str").where(~whole, digits)
        raw = raw.mask(np.abs(floats) >= EXACT, "(too large to be exact)")
    text = raw.astype("str").str.strip()
    return text.mask(text == "")


def _read(column: Column, raw: pd.Series) -> tuple[pd.Series, Faults]:
    match column.kind:
        case Kind.ID | Kind.TEXT:
            return _texts(column, raw)
        case Kind.DATE:
            typed = pd.api.types.is_datetime64_any_dtype(raw.dtype)
            return _dates(raw) if typed else _each_once(raw, _text_dates)
        case Kind.CODE if column.code_list is not None:
            listing = column.code_list
            return _each_once(raw, lambda text: _codes(listing, text))
        case Kind.FLAG:
            return _each_once(raw, _flags)
        case _ if pd.api.types.is_numeric_dtype(raw.dtype) and raw.dtype != bool:
            return _bounded(column, raw.astype("float64"), {})
        case _:
            return _each_once(raw, lambda text: _text_numbers(column, text))


def _each_once(
    raw: pd.Series, read: Callable[[pd.Series], tuple[pd.Series, Faults]]
) -> tuple[pd.Series, Faults]:
    """Read each distinct value once and spread the answers over the rows."""
    codes, distinct = pd.factorize(raw)
    values, faults = read(as_text(pd.Series(distinct).astype(_plain(raw))))
    spread = pd.api.extensions.take(values.array, codes, allow_fill=True)
    known = codes >= 0
    return pd.Series(spread), {
        why: known & mask[np.maximum(codes, 0)] if len(mask) else known
        for why, mask in faults.items()
    }


def _plain(raw: pd.Series) -> Any:
    return raw.cat.categories.dtype if isinstance(raw.dtype, pd.CategoricalDtype) else raw.dtype


def _texts(column: Column, raw: pd.Series) -> tuple[pd.Series, Faults]:
    text = as_text(raw)
    wrong = long = reserved = np.zeros(len(text), dtype=bool)
    if column.pattern is not None:
        wrong = text.notna().to_numpy() & ~_matches(text, column.pattern)
    if column.max_length is not None:
        long = (text.str.len() > column.max_length).to_numpy(dtype=bool, na_value=False)
    if column.reserved_form is not None:
        reserved = _matches(text, column.reserved_form)
    return text.mask(wrong | long | reserved), {
        "not of the expected form": wrong,
        "too long": long,
        "ends as another address does": reserved,
    }


def _matches(text: pd.Series, pattern: str) -> Mask:
    return text.str.fullmatch(pattern, na=False).to_numpy(dtype=bool)


def _text_dates(text: pd.Series) -> tuple[pd.Series, Faults]:
    iso = text.str.replace(MIDNIGHT, r"\1", regex=True)
    iso = iso.str.replace(DAY_FIRST, r"\3-\2-\1", regex=True)
    shaped = iso.where(_matches(iso, r"[0-9]{4}-[0-9]{2}-[0-9]{2}"))
    dates = pd.to_datetime(shaped, format="%Y-%m-%d", errors="coerce")
    unread = text.notna().to_numpy() & dates.isna().to_numpy()
    values, faults = _dates(dates)
    return values, {**faults, "not a date": unread}


def _dates(dates: pd.Series) -> tuple[pd.Series, Faults]:
    wall = dates.dt.tz_localize(None)  # the day as written; an hour beside midnight is refused
    present = wall.notna().to_numpy()
    timed = present & (wall != wall.dt.normalize()).to_numpy()
    outside = (
        present & ~timed & ~wall.between(pd.Timestamp(FIRST_DAY), pd.Timestamp(LAST_DAY)).to_numpy()
    )
    values = wall.mask(timed | outside).astype("datetime64[s]")
    return values, {"not a day without hour": timed, "out of bounds": outside}


def _codes(listing: CodeList, text: pd.Series) -> tuple[pd.Series, Faults]:
    values = text.map(_aliases(tuple(listing.codes)))
    unknown = text.notna().to_numpy() & values.isna().to_numpy()
    return values.astype(listing.dtype), {"not in the code list": unknown}


@cache
def _aliases(codes: tuple[str, ...]) -> dict[str, str]:
    """Return every way a code may be written.

    "51", "51.0"; "031", and "31" where zeros were lost.
    """
    numbers = [code for code in codes if code.isdecimal()]
    lost = {str(int(code)): code for code in numbers}
    floats = {
        f"{form}.0": code for form, code in [*lost.items(), *zip(numbers, numbers, strict=True)]
    }
    return floats | lost | {code: code for code in codes}


def _flags(text: pd.Series) -> tuple[pd.Series, Faults]:
    values = text.str.lower().map(FLAGS).astype("float64")
    return values, {"not true or false": text.notna().to_numpy() & values.isna().to_numpy()}


def _text_numbers(column: Column, text: pd.Series) -> tuple[pd.Series, Faults]:
    shaped = text.where(_matches(text, NUMBER)).str.replace(",", ".", regex=False)
    unread = text.notna().to_numpy() & shaped.isna().to_numpy()
    return _bounded(column, shaped.astype("float64"), {"not a number": unread})


def _bounded(column: Column, values: pd.Series, faults: Faults) -> tuple[pd.Series, Faults]:
    numbers = values.to_numpy("float64", na_value=np.nan) + 0.0  # -0.0 becomes 0.0: one content
    present = ~np.isnan(numbers)
    low, high = column.low, column.high
    outside = present & ~_within(numbers, low=low, high=high)
    broken = present & ~outside & (column.kind is Kind.INTEGER) & (np.floor(numbers) != numbers)
    kept = pd.Series(np.where(outside | broken, np.nan, numbers))
    return kept, {**faults, "out of bounds": outside, "not a whole number": broken}


def _within(numbers: npt.NDArray[np.float64], *, low: float | None, high: float | None) -> Mask:
    within: Mask = np.isfinite(numbers)
    if low is not None:
        within &= numbers >= low
    if high is not None:
        within &= numbers <= high
    return within
