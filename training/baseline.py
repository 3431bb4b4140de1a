"""The boring baseline: the past rate of the contract's sector, level and employer size."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.point_in_time.cases import known_versions
from features.records.declarations import Records
from features.records.sectors import sector_of
from training.dataset import Dataset
from training.splits import Split

SIZES = (0, 5, 10, 50, 250)
# Cases the overall rate counts for in a cell: a cell of a handful says little by itself.
STRENGTH = 100.0


def cells(records: Records, *, before: pd.Timestamp) -> pd.Series:
    """Sector, level and size band of each contract, by contract_id; unknown is one of its own."""
    contracts = known_versions(records.contracts, "contract_id", before=before)
    size = pd.cut(contracts["employer_headcount"], [*SIZES, np.inf], right=False, labels=False)
    cell = (
        sector_of(contracts["employer_naf"]).fillna("?")
        + contracts["level_prepared"].astype("str").fillna("?")
        + size.astype("str").fillna("?")
    )
    return cell.set_axis(contracts["contract_id"])


def baseline_risks(dataset: Dataset, split: Split) -> npt.NDArray[np.float64]:
    """Shrunk rate of each judged case's cell among the training cases, shape (n_test,)."""
    cell = cells(dataset.records, before=dataset.until)
    of_row = dataset.cases["contract_id"].map(cell).to_numpy()
    overall = split.train_labels.mean()
    table = pd.Series(split.train_labels).groupby(of_row[split.train]).agg(["sum", "size"])
    rate = (table["sum"] + STRENGTH * overall) / (table["size"] + STRENGTH)
    return pd.Series(of_row[split.test]).map(rate).fillna(overall).to_numpy("float64")
