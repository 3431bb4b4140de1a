"""From what was known of each case to one row of numbers: the columns models learn from."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from features.catalogue import Catalogue
from features.families import CATALOGUE
from features.snapshot import Index, Snapshot, take_snapshot

# Cases per cut: about 25 rows each, a few float columns at a time, stay well under 1 GiB.
CHUNK = 50_000


def build_matrix(
    index: Index,
    cases: pd.DataFrame,
    *,
    catalogue: Catalogue = CATALOGUE,
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """One float64 row per case, columns in catalogue order, NaN where unknown.

    The rows are indexed by (contract_id, as_of) in the order of `cases`; a batch gives the same
    bytes as its cases one by one. `progress` is called with the number of cases done after each
    chunk. Raises InputError when a contract was not known on its morning.
    """
    parts = []
    for start in range(0, len(cases), chunk):
        part = cases.iloc[start : start + chunk]
        parts.append(_columns(take_snapshot(index, part), catalogue))
        if progress is not None:
            progress(len(part))
    values = np.vstack(parts) if parts else np.empty((0, len(catalogue)))
    rows = pd.MultiIndex.from_frame(cases[["contract_id", "as_of"]])
    return pd.DataFrame(values, index=rows, columns=catalogue.names)


def _columns(snapshot: Snapshot, catalogue: Catalogue) -> np.ndarray:
    return np.column_stack([feature.compute(snapshot) for feature in catalogue])
