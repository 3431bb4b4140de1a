"""Small vectorised draws, and the vocabulary of arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Words = npt.NDArray[Any]  # of str or object


def pick(rng: np.random.Generator, shares: Sequence[float] | Floats, *, size: int) -> Ints:
    """Category index of each row, drawn with these shares (which need not sum to one)."""
    p = np.asarray(shares, dtype=np.float64)
    chosen: Ints = rng.choice(len(p), size=size, p=p / p.sum())
    return chosen


def pick_rows(rng: np.random.Generator, shares: Floats) -> Ints:
    """Category index of each row of an (n, k) table of shares, one draw per row."""
    cumulated = np.cumsum(shares, axis=1)
    drawn = rng.random(len(shares)) * cumulated[:, -1]
    chosen: Ints = (drawn[:, None] >= cumulated).sum(axis=1).astype(np.int64)
    return chosen


def share_table(
    shares: Mapping[str, Sequence[float]], keys: npt.NDArray[np.str_] | pd.Series
) -> Floats:
    """Build the (n, k) table of shares whose row i is the row of `keys[i]`."""
    names = list(shares)
    table = np.array([shares[name] for name in names], dtype=np.float64)
    return table[pd.Index(names).get_indexer(pd.Index(keys))]


def weighted_code(rng: np.random.Generator, shares: Mapping[str, float], *, size: int) -> pd.Series:
    """Codes drawn with the shares beside them."""
    labels = np.array(list(shares), dtype=object)
    return pd.Series(labels[pick(rng, list(shares.values()), size=size)], dtype="str")


def within_cell(rng: np.random.Generator, cells: Ints, first: Ints, count: Ints) -> Ints:
    """For each row, the index of one member of its cell, when members are stored cell by cell."""
    return (first[cells] + np.floor(rng.random(len(cells)) * count[cells])).astype(np.int64)


def offsets(count: Ints) -> Ints:
    """Return where each cell begins when members are stored cell by cell."""
    return np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)


def numbered(prefix: str, numbers: Ints, *, width: int) -> pd.Series:
    """Write identifiers such as C0000042."""
    return prefix + pd.Series(numbers).astype("str").str.zfill(width)


def blank(rng: np.random.Generator, column: pd.Series, share: float) -> pd.Series:
    """Hide this share of the column's values."""
    return column.mask(rng.random(len(column)) < share)
