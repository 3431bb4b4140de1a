"""From what was known of each case to one row of numbers: the columns models learn from."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from features.catalogue.catalogue import Catalogue
from features.families import CATALOGUE
from features.point_in_time.days import Days, to_days
from features.point_in_time.snapshot import Index, take_snapshot

# Cases per cut: about 25 rows each, what features share of them stays well under 1 GiB.
CHUNK = 20_000


def build_matrix_values(
    index: Index,
    *,
    contract_ids: Sequence[str],
    as_of: Days,
    catalogue: Catalogue = CATALOGUE,
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> Days:
    """Return one float64 row per case, shape (n_cases, n_features), columns in catalogue order.

    `contract_ids` and `as_of` (day numbers) are aligned, one case each. Unknown is the one NaN and
    zero the one 0.0, so that a batch gives the same bytes as its cases one by one. `progress` is
    called with the number of cases done after each chunk. Raises InputError when a contract was not
    known on its morning.
    """
    values = np.empty((len(as_of), len(catalogue)))
    for start in range(0, len(as_of), chunk):
        part = slice(start, start + chunk)
        snapshot = take_snapshot(index, contract_ids=contract_ids[part], as_of=as_of[part])
        for column, feature in enumerate(catalogue):
            values[part, column] = feature.compute(snapshot)
        if progress is not None:
            progress(len(snapshot))
    values += 0.0
    values[np.isnan(values)] = np.nan
    return values


def build_matrix(
    index: Index,
    cases: pd.DataFrame,
    *,
    catalogue: Catalogue = CATALOGUE,
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """`build_matrix_values` of cases (columns contract_id, as_of), as a frame.

    The rows are indexed by (contract_id, as_of) in the order of `cases`.
    """
    values = build_matrix_values(
        index,
        contract_ids=cases["contract_id"].tolist(),
        as_of=to_days(cases["as_of"]),
        catalogue=catalogue,
        chunk=chunk,
        progress=progress,
    )
    rows = pd.MultiIndex.from_frame(cases[["contract_id", "as_of"]])
    return pd.DataFrame(values, index=rows, columns=catalogue.names)
