"""Signs that the future leaked into the features; looked for in every training.

Kaufman, Rosset and Perlich, Leakage in data mining (2012), for the kinds: a column that knows the
answer, one that is filled because of it, identifiers given out after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from features.records.declarations import Records

# One signal alone that ranks better than this has seen the answer.
TOO_GOOD_AUC = 0.90
TOO_GOOD_MISSINGNESS_AUC = 0.75
TOO_GOOD_ORDER_AUC = 0.75
FEWEST = 10
# A value is pure when nearly all that have it broke, and they are no handful of the ruptures: what
# honest features do not reach, and chance does not either.
PURE, PURE_SHARE = 0.9, 0.3
PURE_TAIL = 0.98  # the end of an honest scale comes nearer to it than a single value does
LATE = 0.9  # share of a column's values that came after the end, where most of its rows did not
# ROC-AUC of the model above that of the plain baseline: warnings are worth less than that.
FAR_ABOVE = 0.40
Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Generic = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Leak:
    """A suspect column, why, and the figure that says so."""

    column: str
    reason: str
    figure: float


def find_leaks(
    matrix: pd.DataFrame, labels: Array, records: Records, *, contracts: Generic | None = None
) -> list[Leak]:
    """Return suspects among the inputs, the identifiers and the record columns.

    Rows of `matrix` are aligned with `labels`, all known, and with `contracts`, the id of each row;
    without it every row is a contract of its own. Those of one contract are in the order of their
    mornings: its first row is taken for its first morning.
    """
    ids = np.arange(len(labels)) if contracts is None else contracts
    names, of_row = np.unique(ids, return_inverse=True)
    broken = np.zeros(len(names))
    np.maximum.at(broken, of_row, labels)
    leaks = [leak for name in matrix for leak in _of_column(name, matrix, labels, of_row, broken)]
    if contracts is not None:
        leaks += _ordered(names, broken, records)
    return [*leaks, *_filled_afterwards(records)]


def above_reference(roc_auc: float | None, reference: float | None) -> list[Leak]:
    """Return a suspicion of the whole when a model ranks far above the plain baseline."""
    if roc_auc is None or reference is None or roc_auc - reference <= FAR_ABOVE:
        return []
    return [Leak("the model", "ranks far above the plain reference", roc_auc)]


def _of_column(
    name: Any, matrix: pd.DataFrame, labels: Array, of_row: Integers, broken: Array
) -> Iterator[Leak]:
    values = matrix[name].to_numpy()
    known = ~np.isnan(values)
    checks = (
        ("ranks the label alone", values[known], labels[known], TOO_GOOD_AUC),
        ("is missing where the label is", (~known) * 1.0, labels, TOO_GOOD_MISSINGNESS_AUC),
    )
    for reason, signal, y, limit in checks:
        if (strength := separation(signal, y)) > limit:
            yield Leak(str(name), reason, strength)
            return
    for reason, signal, y in _signals(values, labels, of_row, broken):
        if (share := pure_share(signal, y)) >= PURE_SHARE:
            yield Leak(str(name), reason, share)
            return


def _signals(
    values: Array, labels: Array, of_row: Integers, broken: Array
) -> Iterator[tuple[str, Array, Array]]:
    """Yield what a column shows of each morning, and of each contract on its first.

    The later mornings of a contract tell by their number alone how long it lasted: whoever was
    only ever seen in the trial period has mostly left in it.
    """
    known = ~np.isnan(values)
    yield "holds a value of ruptures alone", values, labels
    yield "is missing or filled for ruptures alone", known * 1.0, labels
    _, first = np.unique(of_row, return_index=True)
    yield "holds a value of ruptures alone", values[first], broken
    ever = np.zeros(len(broken))
    np.maximum.at(ever, of_row, known * 1.0)
    # Never filled may only mean that it did not last: filled alone is looked at.
    yield "is missing or filled for ruptures alone", np.where(ever > 0, 1.0, np.nan), broken


def pure_share(signal: Array, labels: Array) -> float:
    """Return the largest share of the ruptures that lies in one nearly pure set of values.

    Looked at are every single value and everything above or below one; 0 with too few ruptures.
    """
    known, ruptures = ~np.isnan(signal), labels.sum()
    if ruptures < FEWEST or not known.any():
        return 0.0
    _, position = np.unique(signal[known], return_inverse=True)
    cases = np.bincount(position).astype("float64")
    hits = np.bincount(position, weights=labels[known])
    shares = [0.0]
    for n, k, limit in (
        (cases, hits, PURE),
        (np.cumsum(cases), np.cumsum(hits), PURE_TAIL),
        (np.cumsum(cases[::-1]), np.cumsum(hits[::-1]), PURE_TAIL),
    ):
        pure = (k >= limit * n) & (k >= FEWEST)
        shares += (k[pure] / ruptures).tolist()
    return float(max(shares))


def separation(values: Array, labels: Array) -> float:
    """Return the ROC-AUC in whichever direction it is above a half; a half with too few."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if min(positives, negatives) < FEWEST:
        return 0.5
    ranks = rankdata(values)
    above = ranks[labels == 1].sum() - positives * (positives + 1) / 2
    auc = float(above / (positives * negatives))
    return max(auc, 1.0 - auc)


def _ordered(names: Generic, broken: Array, records: Records) -> list[Leak]:
    """Identifiers whose order tells who broke: they were given out when that was known."""
    rows = records.contracts.drop_duplicates("contract_id").set_index("contract_id")
    columns = {"contracts.contract_id": names}
    if len(rows):
        columns["contracts.person_id"] = rows["person_id"].reindex(names).to_numpy()
    leaks = []
    for name, values in columns.items():
        _, order = np.unique(np.asarray(values, dtype="str"), return_inverse=True)
        if (strength := separation(order.astype("float64"), broken)) > TOO_GOOD_ORDER_AUC:
            leaks.append(Leak(name, "its order ranks the label", strength))
    return leaks


def _filled_afterwards(records: Records) -> list[Leak]:
    """Columns filled after a contract's end was known, and hardly ever before."""
    if records.outcomes.empty:
        return []
    end_known = records.outcomes.groupby("contract_id")["known_on"].min()
    leaks = []
    for record_type, rows in records:
        if record_type.name == "outcomes" or rows.empty:
            continue
        after = rows["known_on"] >= rows["contract_id"].map(end_known)
        filled = rows.notna()
        before, late = filled[~after].sum(), filled[after].sum()
        share = late / (before + late).clip(lower=1)
        usual = max(0.5, float(after.mean()) + (1.0 - LATE))
        suspects = share.index[(late >= FEWEST) & ((before == 0) | (share > max(LATE, usual)))]
        leaks += [
            Leak(f"{record_type.name}.{name}", "filled only after the end", float(late[name]))
            for name in suspects
        ]
    return leaks
