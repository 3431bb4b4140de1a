"""Numbers as they are stored: arrays of a member, by name, and tables as rows of JSON."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.checks import ArgumentError

Numbers: TypeAlias = dict[str, npt.NDArray[Any]]
Rows: TypeAlias = list[dict[str, float | int]]


def table_to_rows(table: pd.DataFrame, *, whole: Collection[str]) -> Rows:
    """Return a table of numbers as JSON-able rows; the columns named in `whole` are counts."""
    return [
        {str(name): int(n) if name in whole else float(n) for name, n in row.items()}
        for row in table.to_dict(orient="records")
    ]


def table_from_rows(
    rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], whole: Collection[str]
) -> pd.DataFrame:
    """Return the table that `table_to_rows` wrote, to the last bit.

    Raises ArgumentError: no row, or a row with other keys than `columns`.
    """
    if not rows or any(set(row) != set(columns) for row in rows):
        raise ArgumentError(f"rows: expected rows with the keys {', '.join(columns)}")
    types = {name: np.int64 if name in whole else np.float64 for name in columns}
    return pd.DataFrame(list(rows), columns=list(columns)).astype(types)


def expect_shapes(numbers: Mapping[str, npt.NDArray[Any]], **shapes: tuple[int, ...]) -> None:
    """Refuse arrays of another shape, or that are not finite numbers; -1 is any length.

    Raises ValueError that names the array, what was expected and what came.
    """
    for name, shape in shapes.items():
        array = numbers[name]
        fits = array.ndim == len(shape) and all(
            wanted in (-1, length) for wanted, length in zip(shape, array.shape, strict=True)
        )
        if not fits:
            raise ValueError(f"{name}: expected shape {shape}, got {array.shape}")
        if array.dtype.kind not in "fib" or np.isnan(array).any():
            raise ValueError(f"{name}: expected numbers, got {array.dtype} or a missing one")


def expect_whole(numbers: Mapping[str, npt.NDArray[Any]], *names: str) -> None:
    """Refuse positions that are not whole numbers; ValueError names the array."""
    for name in names:
        if numbers[name].dtype.kind != "i":
            raise ValueError(f"{name}: expected whole numbers, got {numbers[name].dtype}")
