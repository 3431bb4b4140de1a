"""The paired difference of two mean ROC-AUCs over days, persons resampled."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from models.intervals import person_counts
from models.metrics import RankedCases

DRAWS, SEED = 500, 0


class Difference(NamedTuple):
    """A difference, its 95 % interval and its standard error over draws of persons."""

    value: float
    low: float
    high: float
    error: float

    def in_words(self) -> str:
        """Return it as `+.0054 (.0021 to .0087, se .0017)`."""
        return f"{self.value:+.4f} ({self.low:+.4f} to {self.high:+.4f}, se {self.error:.4f})"


def difference_of_means(cases: pd.DataFrame, one: str, other: str) -> Difference:
    """Return the mean over days of the ROC-AUC of risks `one` minus that of `other`.

    `cases` has the columns day, label, person, and the two of risks; a person drawn counts on every
    day and in every presentation. Source: Field and Welsh (2007), Bootstrapping clustered data.
    """
    codes, persons = pd.factorize(cases["person"])
    days = [
        (codes[rows], [_ranked(cases.iloc[rows], name) for name in (one, other)])
        for rows in cases.groupby("day").indices.values()
    ]
    value = _mean_difference(days, np.ones(len(persons)))
    draws = [
        _mean_difference(days, counts)
        for counts in person_counts(len(persons), draws=DRAWS, seed=SEED)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Difference(value, float(low), float(high), float(np.std(draws, ddof=1)))


def _ranked(rows: pd.DataFrame, name: str) -> RankedCases:
    return RankedCases.of(rows["label"], rows[name], base=0.0)


def _mean_difference(days: list[tuple[np.ndarray, list[RankedCases]]], counts: np.ndarray) -> float:
    gaps = []
    for codes, pair in days:
        first, second = (ranked.curve(counts[codes][ranked.order]).roc_auc for ranked in pair)
        gaps.append(first - second)
    return float(np.mean(gaps))
