"""Arrays as they are stored: what a member learned, by name, and whether it fits together."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = dict[str, npt.NDArray[Any]]


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
