"""What the adjusted difference adjusts for: numbers and categories as a complete matrix."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from training.effect.estimators.estimate import Floats

RARE_SHARE, RARE_PERSONS = 0.05, 5
PERSONS_PER_COLUMN = 10  # in the smaller of both arms: more columns would fit noise


class Matrix(NamedTuple):
    """Columns of the working model, shape (n, k), their names, and facts that found no room."""

    numbers: Floats
    names: tuple[str, ...]
    dropped: tuple[str, ...]


def encode(
    facts: pd.DataFrame, *, smaller_arm: int, persons_per_column: int = PERSONS_PER_COLUMN
) -> Matrix:
    """Return the facts as numbers, in their order until the room for columns is used up.

    A missing number is the mean, with an indicator of its own: under a draw this costs nothing
    (White and Thompson 2005, Adjusting for partially missing baseline measurements). Categories
    below 5 % or 5 persons are merged; a missing category is one of its own.
    """
    room = max(1, smaller_arm // persons_per_column)
    values: list[Floats] = []
    names: list[str] = []
    dropped: list[str] = []
    for name in facts:
        made = _columns(str(name), facts[name])
        if len(values) + len(made) > room:
            dropped.append(str(name))
            continue
        names += [label for label, _ in made]
        values += [column for _, column in made]
    stacked = np.column_stack(values) if values else np.empty((len(facts), 0))
    return Matrix(stacked, tuple(names), tuple(dropped))


def _columns(name: str, fact: pd.Series) -> list[tuple[str, Floats]]:
    if pd.api.types.is_numeric_dtype(fact):
        return _number(name, fact.to_numpy("float64", na_value=np.nan))
    return _categories(name, fact.astype("object"))


def _number(name: str, values: Floats) -> list[tuple[str, Floats]]:
    missing = ~np.isfinite(values)
    if missing.all():
        return []
    filled = np.where(missing, values[~missing].mean(), values)
    indicator = [(f"{name}=?", missing.astype(np.float64))] if missing.any() else []
    return [(name, filled), *indicator]


def _categories(name: str, values: pd.Series) -> list[tuple[str, Floats]]:
    words = values.where(values.notna(), "?").astype("str")
    counts = words.value_counts()
    enough = max(RARE_PERSONS, RARE_SHARE * len(words))
    levels = sorted(counts.index[counts >= enough])
    if len(levels) == len(counts):
        levels = levels[1:]  # the first is the reference, else the merged rare ones are
    return [(f"{name}={word}", (words == word).to_numpy("float64")) for word in levels]
