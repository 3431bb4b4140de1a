"""Record tables as NumPy columns: what features are computed on, for one case as for a million.

Numbers and flags are float64 with NaN, dates day numbers with NaN
(`features.point_in_time.days`), codes int16 positions in their list with -1, identifiers and texts
objects with None. A column is converted when it is first asked for, so that a table costs no more
than what is read of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import InputError
from features.point_in_time.days import days_of, to_days
from features.records.code_list import CodeList
from features.records.schema import Column, Kind, RecordType

Array = npt.NDArray[Any]
Positions = npt.NDArray[np.int64]
Row = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True)
class RecordArrays:
    """The rows of one record table, column by column.

    `reader` converts a column of the declaration; `cache` holds what was read so far. Arrays are
    shared: nobody writes into them.
    """

    record_type: RecordType
    length: int
    reader: Callable[[Column], Array]
    cache: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, record_type: RecordType) -> "RecordArrays":
        """Columns of an accepted table, or of one that holds at least those that will be read."""
        return cls(record_type, len(frame), partial(_of_frame, frame))

    @classmethod
    def of_rows(
        cls, rows: Sequence[Row], record_type: RecordType, *, names: Sequence[str] | None = None
    ) -> "RecordArrays":
        """Columns of typed rows: codes as str, dates as date, numbers, flags as bool or number.

        A row is a mapping, without what is missing or with None, or a sequence in the order of
        `names` (by default all columns as declared). Values must be valid: nothing but codes is
        checked here. Raises InputError when a code that is read is not in its list.
        """
        if rows and isinstance(rows[0], Mapping):
            return cls(record_type, len(rows), partial(_of_mappings, rows))
        names = record_type.names if names is None else names
        lists = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
        return cls(record_type, len(rows), partial(_of_lists, lists, len(rows)))

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, name: str) -> Array:
        """Return a column; raises KeyError for one that the record type does not declare."""
        array = self.cache.get(name)
        if array is None:
            array = self.cache[name] = self.read(name)
        return array

    def read(self, name: str) -> Array:
        """Return a column that will not be asked for again, and is not stored."""
        return self.reader(self.record_type[name])

    def take(self, rows: Positions) -> "RecordArrays":
        """Return the columns at these rows."""
        if len(rows) == self.length and (rows == np.arange(self.length)).all():
            return self
        return RecordArrays(self.record_type, len(rows), partial(_taken, self, rows))

    def is_code(self, name: str, *codes: str, missing: float = False) -> Array:
        """Return whether the column holds one of the codes.

        `missing`, which gives the type, where none.

        Raises KeyError for a code that is not in the column's list.
        """
        table = _listing(self.record_type[name]).among(codes, missing=missing)
        return table.take(self[name])  # a missing code is -1, the last

    def mapped(
        self, name: str, table: Mapping[str, float], *, default: float = np.nan
    ) -> npt.NDArray[np.float64]:
        """What each code stands for, `default` for a code that is not in `table` and for none."""
        listing = _listing(self.record_type[name])
        values = np.array([*(table.get(code, default) for code in listing.codes), default])
        return values.take(self[name])

    def known(self, name: str) -> npt.NDArray[np.bool_]:
        """Return whether an identifier or text is there."""
        return np.array([value is not None for value in self[name].tolist()], dtype=bool)


def factorize(values: Array) -> tuple[Positions, dict[Any, int]]:
    """Position of each value among the distinct ones, in order of first appearance."""
    seen: dict[Any, int] = {}
    codes = [seen.setdefault(value, len(seen)) for value in values.tolist()]
    return np.array(codes, dtype=np.int64), seen


def spread(first: Positions, size: Positions) -> tuple[Positions, Positions]:
    """The positions of the ranges [first, first + size), one after the other, and whose each is."""
    owner = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(owner)) - np.repeat(size.cumsum() - size, size)
    return owner, first[owner] + offset


def _listing(column: Column) -> CodeList:
    if column.code_list is None:
        raise TypeError(f"{column.name}: expected a column of codes, got one of {column.kind}")
    return column.code_list


def _taken(columns: RecordArrays, rows: Positions, column: Column) -> Array:
    array: Array = columns[column.name][rows]
    return array


def _of_frame(frame: pd.DataFrame, column: Column) -> Array:
    if column.default is not None and column.name not in frame:
        return np.full(len(frame), float(column.default))
    values = frame[column.name]
    match column.kind:
        case Kind.ID | Kind.TEXT:
            texts: Array = values.array.to_numpy(dtype=object, na_value=None)
            return texts
        case Kind.DATE:
            return to_days(values)
        case Kind.CODE:
            return _codes_of(values, _listing(column))
        case _:
            return values.to_numpy("float64")


def _codes_of(values: pd.Series, listing: CodeList) -> Array:
    if not isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(listing.dtype)
    if tuple(values.cat.categories) != listing.codes:
        values = values.cat.set_categories(list(listing.codes))
    return values.cat.codes.to_numpy("int16")


def _of_mappings(rows: Sequence[Any], column: Column) -> Array:
    return _typed([row.get(column.name) for row in rows], column)


def _of_lists(lists: Mapping[str, Sequence[Any]], length: int, column: Column) -> Array:
    return _typed(lists.get(column.name) or [None] * length, column)


def _typed(values: Sequence[Any], column: Column) -> Array:
    match column.kind:
        case Kind.ID | Kind.TEXT:
            return np.array(values, dtype=object)
        case Kind.DATE:
            return days_of(values)
        case Kind.CODE:
            return _positions(values, column)
        case _:
            return np.array(values, dtype="float64")


def _positions(values: Sequence["str | None"], column: Column) -> Array:
    positions = _listing(column).positions
    try:
        return np.array([-1 if v is None else positions[v] for v in values], dtype="int16")
    except KeyError as error:
        raise InputError(
            f"{column.name}: expected {column.expected}, got one that is not in it"
        ) from error
