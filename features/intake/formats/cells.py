"""The raw values of one column become values of its declared dtype, cleaned where need be.

Text and typed columns give the same values. What is already as declared is only checked, all at
once; everything else is read by `features.records.cleaning`, each distinct value once.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from features.records.cleaning import NOISE, Value, read_value
from features.records.faults import CellError, Fault
from features.records.schema import FIRST_DAY, LAST_DAY, Column, Kind

Mask = npt.NDArray[np.bool_]
Faults = dict[str, Mask]

EXACT = 2.0**53  # beyond it a float no longer holds every whole number: an identifier may be wrong
LONGEST_NOISE = 40
_NOISE = pa.array(sorted({word for noise in NOISE for word in (noise, noise.upper())} | {"None"}))


@dataclass(frozen=True)
class Cells:
    """One column read: `content` has the declared dtype and is missing where a cell is at fault.

    `cleaned` counts the cells that were not written as declared and have a value all the same.
    """

    content: pd.Series
    faults: Faults
    cleaned: int = 0

    @property
    def faulty(self) -> Mask:
        """Which cells are at fault."""
        none: Mask = np.zeros(len(self.content), dtype=bool)
        faulty: Mask = np.logical_or.reduce([none, *self.faults.values()])
        return faulty

    def not_required(self, *, where: Mask) -> "Cells":
        """Return the same cells, of which those of `where` may be missing."""
        faults = {
            why: mask & ~where if why == Fault.REQUIRED else mask
            for why, mask in self.faults.items()
        }
        return replace(self, faults=faults)


def read_cells(column: Column, raw: pd.Series) -> Cells:
    """Read the raw values of one column; a fault is a reason and the cells it holds for."""
    raw = raw.reset_index(drop=True)
    if raw.dtype == object:
        raw = as_text(raw)
    match column.kind:
        case Kind.ID | Kind.TEXT:
            cells = _texts(column, as_text(raw))
        case Kind.DATE if pd.api.types.is_datetime64_any_dtype(raw.dtype):
            cells = _dates(raw)
        case Kind.INTEGER | Kind.NUMBER if _is_number(raw):
            cells = _numbers(column, raw)
        case _:
            cells = _each_once(column, raw)
    return _required(column, cells)


def _required(column: Column, cells: Cells) -> Cells:
    """Give the content its dtype; what a required column lacks is a fault."""
    dtype: Any = column.dtype
    content = cells.content.astype(dtype)
    if column.default is not None:
        content = content.fillna(float(column.default))
    faults = {why: mask for why, mask in cells.faults.items() if mask.any()}
    if column.required:
        lacking = content.isna().to_numpy() & ~Cells(content, faults).faulty
        lacking |= faults.get(Fault.REQUIRED, False)
        faults |= {Fault.REQUIRED: lacking} if lacking.any() else {}
    return Cells(content, faults, cells.cleaned)


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


def _is_number(raw: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(raw.dtype)) and raw.dtype != bool


def _texts(column: Column, text: pd.Series) -> Cells:
    noise = pc.is_in(pa.array(text, type=pa.large_string()), value_set=_NOISE)
    odd = noise.to_numpy(zero_copy_only=False)
    if column.pattern is not None:
        odd |= text.notna().to_numpy() & ~_matches(text, column.pattern)
    if column.max_length is not None:
        # Blanks that nobody sees may stand around a mark of the unknown.
        odd |= (text.str.len() <= LONGEST_NOISE).to_numpy(dtype=bool, na_value=False)
        odd |= (text.str.len() > column.max_length).to_numpy(dtype=bool, na_value=False)
    if column.reserved_form is not None:
        odd |= _matches(text, column.reserved_form)
    return _reread(column, text, text, odd)


def _matches(text: pd.Series, pattern: str) -> Mask:
    return text.str.fullmatch(pattern, na=False).to_numpy(dtype=bool)


def _dates(dates: pd.Series) -> Cells:
    wall = dates.dt.tz_localize(None)  # the day as written; an hour beside midnight is a fault
    present = wall.notna().to_numpy()
    timed = present & (wall != wall.dt.normalize()).to_numpy()
    inside = wall.between(pd.Timestamp(FIRST_DAY), pd.Timestamp(LAST_DAY)).to_numpy()
    outside = present & ~timed & ~inside
    return Cells(wall.mask(timed | outside), {Fault.HOUR: timed, Fault.BOUNDS: outside})


def _numbers(column: Column, raw: pd.Series) -> Cells:
    numbers = raw.to_numpy("float64", na_value=np.nan) + 0.0  # -0.0 becomes 0.0: one content
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    fine = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    if column.kind is Kind.INTEGER:
        fine &= np.floor(numbers) == numbers
    odd = ~np.isnan(numbers) & ~fine
    return _reread(column, pd.Series(numbers), raw, odd)


def _reread(column: Column, content: pd.Series, raw: pd.Series, odd: Mask) -> Cells:
    """Read the odd cells one by one; the others are as declared."""
    if not odd.any():
        return Cells(content, {})
    cells = _each_once(column, raw[odd].reset_index(drop=True))
    content = content.copy()
    content[odd] = cells.content.to_numpy()
    faults = {why: _within(odd, mask) for why, mask in cells.faults.items()}
    return Cells(content, faults, cells.cleaned)


def _within(outer: Mask, inner: Mask) -> Mask:
    mask = outer.copy()
    mask[outer] = inner
    return mask


def _each_once(column: Column, raw: pd.Series) -> Cells:
    """Read each distinct value once and spread the answers over the rows."""
    codes, distinct = pd.factorize(raw)
    texts = as_text(pd.Series(distinct).astype(_plain(raw)))
    read = [_read(column, text) for text in texts.tolist()]
    values = _typed(column, [value for value, _ in read])
    spread = pd.Series(pd.api.extensions.take(values.array, codes, allow_fill=True))
    present, why = codes >= 0, np.array([fault for _, fault in read], dtype=object)
    faults = {
        fault: present & (why == fault)[codes] for fault in dict.fromkeys(why) if fault is not None
    }
    cleaned = [_cleaned(text, value) for text, (value, _) in zip(texts, read, strict=True)]
    again = present & np.array([*cleaned, False], dtype=bool)[codes]
    return Cells(spread, faults, int(again.sum()))


def _plain(raw: pd.Series) -> Any:
    return raw.cat.categories.dtype if isinstance(raw.dtype, pd.CategoricalDtype) else raw.dtype


def _read(column: Column, text: str | float) -> tuple[Value | None, Fault | None]:
    if not isinstance(text, str):
        return None, None
    try:
        return read_value(column, text), None
    except CellError as error:
        return None, error.fault


def _typed(column: Column, values: list[Value | None]) -> pd.Series:
    match column.kind:
        case Kind.DATE:
            return pd.Series(np.array(values, dtype="datetime64[s]"))
        case Kind.INTEGER | Kind.NUMBER | Kind.FLAG:
            return pd.Series(values, dtype="float64")
        case _:
            return pd.Series(values, dtype="str")


def _cleaned(text: str | float, value: Value | None) -> bool:
    """Return whether a value was written otherwise than declared; flags have many writings."""
    match value:
        case str():
            return value != text
        case date():
            return str(text) not in {f"{value:%Y-%m-%d}", f"{value:%d/%m/%Y}"}
        case float() if value not in {0.0, 1.0}:
            return _number_of(str(text).replace(",", ".")) != value
        case _:
            return False


def _number_of(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
