"""What every judgement of a model checks first: labels, risks, persons and their lengths."""

from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from features.common.errors import InputError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]


class ArgumentError(InputError, ValueError):
    """An argument that cannot be used: its name, what was expected and what came."""


def check_numbers(values: ArrayLike, *, name: str, length: int | None = None) -> Floats:
    """`values` as a one-dimensional float array, of the given length where one is given."""
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{name}: expected numbers, got {type(values).__name__} that holds something else"
        ) from error
    if numbers.ndim != 1:
        raise ArgumentError(f"{name}: expected one dimension, got shape {numbers.shape}")
    if length is not None and len(numbers) != length:
        raise ArgumentError(f"{name}: expected {length} values, got {len(numbers)}")
    return numbers


def check_scores(y: ArrayLike, p: ArrayLike) -> tuple[Floats, Floats]:
    """Labels (0 or 1) and risks (0 to 1) as float arrays of one length."""
    labels = check_labels(y)
    return labels, check_risks(p, name="p", length=len(labels))


def check_labels(y: ArrayLike) -> Floats:
    """`y` as a float array of 0 and 1; a label that is not known yet is refused."""
    labels = check_numbers(y, name="y")
    wrong = ~((labels == 0.0) | (labels == 1.0))
    if wrong.any():
        raise ArgumentError(f"y: expected only 0 and 1, got {labels[wrong][0]:g}")
    return labels


def check_risks(values: ArrayLike, *, name: str, length: int | None = None) -> Floats:
    """`values` as a float array, each from 0 to 1; a missing risk is refused."""
    risks = check_numbers(values, name=name, length=length)
    wrong = ~((risks >= 0.0) & (risks <= 1.0))
    if wrong.any():
        raise ArgumentError(f"{name}: expected values from 0 to 1, got {risks[wrong][0]:g}")
    return risks


def check_share(share: float, *, name: str) -> float:
    """Refuse a share, such as a capacity, that is not above 0 and at most 1."""
    if not 0.0 < share <= 1.0:
        raise ArgumentError(f"{name}: expected a share above 0 and at most 1, got {share:g}")
    return float(share)


def person_codes(persons: ArrayLike, *, length: int) -> tuple[Integers, int]:
    """Position of each case's person among the sorted persons, and how many persons there are.

    Sorted, so that the order of the rows changes no draw.
    """
    codes, distinct = pd.factorize(pd.Series(persons), sort=True)
    if len(codes) != length:
        raise ArgumentError(f"persons: expected {length} values, got {len(codes)}")
    if (missing := int((codes < 0).sum())) > 0:
        raise ArgumentError(f"persons: expected a person for every case, got {missing} missing")
    return codes, len(distinct)
