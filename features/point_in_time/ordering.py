"""The order rows are read in, and which version of a record replaces which: by day, never by id."""

import numpy as np
import numpy.typing as npt

from features.point_in_time.days import Days
from features.point_in_time.record_arrays import Array, Positions, RecordArrays, factorize
from features.records.declarations import WITHDRAWN
from features.records.schema import Column, Kind, Privacy

Hashes = npt.NDArray[np.uint64]
SECONDS_PER_DAY = 86_400
NO_DAY = np.uint64(1 << 63)  # NaT, as NumPy stores it


def superseded_on(keys: npt.NDArray[np.object_], known: Days) -> Days:
    """Day on which the next version of the same record became known, +inf when there is none."""
    superseded = np.full(len(keys), np.inf)
    if len(set(keys.tolist())) == len(keys):
        return superseded
    key, _ = factorize(keys)
    order = np.lexsort((known, key))
    again = key[order][1:] == key[order][:-1]
    superseded[order[:-1][again]] = known[order][1:][again]
    return superseded


def canonical_order(
    columns: RecordArrays, contract: Positions, happened: Days, known: Days
) -> Positions:
    """Sort by contract, day and day known; ties by what features may see.

    Identifiers, notes and audit-only columns therefore change nothing, not even an order.
    """
    order = np.lexsort((known, happened, contract))
    keys = np.array([contract, happened, known])[:, order]
    tied = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    if not tied.any():
        return order
    group = np.concatenate([[0], np.cumsum(~tied)])
    (among,) = np.nonzero(np.concatenate([tied, [False]]) | np.concatenate([[False], tied]))
    rows = order[among]
    order[among] = rows[np.lexsort((_content(columns, rows), group[among]))]
    return order


def _content(columns: RecordArrays, rows: Positions) -> Hashes:
    """Hash of what features may see of these rows, columns in declared order.

    Bit for bit that of pandas (`pandas.util.hash_pandas_object`), under which matrices were frozen
    and models learned: splitmix64 (Steele et al., Fast splittable pseudorandom number generators,
    2014) of each cell, combined as CPython hashes a tuple.
    """
    seen = [
        column
        for column in columns.record_type.columns
        if column.privacy is Privacy.NONE
        and column.kind is not Kind.TEXT
        and column is not WITHDRAWN  # which no visible row is
    ]
    multiplier, combined = np.uint64(1_000_003), np.full(len(rows), 0x345678, dtype="uint64")
    for left, column in zip(range(len(seen), 0, -1), seen, strict=True):
        combined ^= _cells(column, columns[column.name][rows])
        combined *= multiplier
        multiplier += np.uint64(82_520 + 2 * left)
    return combined + np.uint64(97_531)


def _cells(column: Column, values: Array) -> Hashes:
    if column.code_list is not None:
        return column.code_list.hashes[values]
    if column.kind is not Kind.DATE:
        one_zero, one_nan = values + 0.0, np.isnan(values)
        return _mixed(np.where(one_nan, np.nan, one_zero).view("uint64"))
    known = ~np.isnan(values)
    seconds = np.full(len(values), NO_DAY)
    seconds[known] = (values[known] * SECONDS_PER_DAY).astype("int64").view("uint64")
    return _mixed(seconds)


def _mixed(bits: Hashes) -> Hashes:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
