"""Signs that the future leaked into the features; looked for in every training."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from features.records.declarations import Records

# One signal alone that ranks better than this has seen the answer.
TOO_GOOD_AUC = 0.90
TOO_GOOD_MISSINGNESS_AUC = 0.75
FEWEST = 10
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Leak:
    """A suspect column, why, and the figure that says so."""

    column: str
    reason: str
    figure: float


def find_leaks(matrix: pd.DataFrame, labels: Array, records: Records) -> list[Leak]:
    """Suspects among the inputs (rows aligned with `labels`, all known) and the record columns."""
    return [*_too_good(matrix, labels), *_filled_afterwards(records)]


def _too_good(matrix: pd.DataFrame, labels: Array) -> list[Leak]:
    leaks = []
    for name in matrix:
        values = matrix[name].to_numpy()
        known = ~np.isnan(values)
        checks = (
            ("ranks the label alone", values[known], labels[known], TOO_GOOD_AUC),
            ("is missing where the label is", (~known) * 1.0, labels, TOO_GOOD_MISSINGNESS_AUC),
        )
        for reason, signal, y, limit in checks:
            strength = _separation(signal, y)
            if strength > limit:
                leaks.append(Leak(str(name), reason, strength))
    return leaks


def _separation(values: Array, labels: Array) -> float:
    """ROC-AUC in whichever direction it is above a half; a half with too few of a class."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if min(positives, negatives) < FEWEST:
        return 0.5
    ranks = rankdata(values)
    above = ranks[labels == 1].sum() - positives * (positives + 1) / 2
    auc = float(above / (positives * negatives))
    return max(auc, 1.0 - auc)


def _filled_afterwards(records: Records) -> list[Leak]:
    """Columns never filled before a contract's end was known, but filled after it."""
    if records.outcomes.empty:
        return []
    end_known = records.outcomes.groupby("contract_id")["known_on"].min()
    leaks = []
    for record_type, rows in records:
        if record_type.name == "outcomes":
            continue
        after = rows["known_on"] >= rows["contract_id"].map(end_known)
        filled = rows.notna()
        before, late = filled[~after].sum(), filled[after].sum()
        suspects = before.index[(before == 0) & (late >= FEWEST)]
        leaks += [
            Leak(f"{record_type.name}.{name}", "filled only after the end", float(late[name]))
            for name in suspects
        ]
    return leaks
