"""The order rows are read in, and which version of a record replaces which: by day, never by id."""

import numpy as np
import numpy.typing as npt

from features.point_in_time.days import Days
from features.point_in_time.record_arrays import Array, Positions, RecordArrays, factorize
from features.records.declarations import WITHDRAWN
from features.records.schema import Kind, Privacy


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

    Of tied rows the first is that of the smaller value in the first column that differs.
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
    order[among] = rows[np.lexsort((*reversed(_content(columns, rows)), group[among]))]
    return order


def _content(columns: RecordArrays, rows: Positions) -> list[Array]:
    """Return what features may see of these rows, column by column as declared."""
    return [
        columns[column.name][rows]
        for column in columns.record_type.columns
        if column.privacy is Privacy.NONE
        and column.kind is not Kind.TEXT
        and column is not WITHDRAWN  # which no visible row is
    ]
