"""Find again the contracts of earlier deliveries whose start was corrected.

A contract is its learner, its employer and the nearest start. Only contracts that a delivery no
longer holds under their start can be the ones whose start it corrects, so a renewal beside the
contract it renews stays another contract.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from features.intake.formats.dossier_fields import as_day

NEAR = pd.Timedelta(days=62)  # two months: a start further away is another contract


@dataclass(frozen=True)
class Named:
    """Rows under their contract ids, and how many were found under another start."""

    rows: pd.DataFrame
    moved: int


def name_by_nearest_start(rows: pd.DataFrame, known: pd.DataFrame) -> Named:
    """Give rows the id of the known contract they are another version of.

    `known` has the latest version of each contract of earlier deliveries: contract_id, person_id,
    employer_siret, and started_on, planned_end_on, ended_on as YYYY-MM-DD.
    """
    if known.empty:
        return Named(rows, 0)
    new = rows[~rows["contract_id"].isin(known["contract_id"])]
    new = new[new["person_id"].isin(known["person_id"]) & as_day(new["started_on"]).notna()]
    absent = known[~known["contract_id"].isin(rows["contract_id"])]
    absent = absent[absent["person_id"].isin(new["person_id"])]
    free, found = _with_days(absent), dict[int, str]()
    coming: Any = _with_days(new).sort_values("start").itertuples()
    for row in coming:
        alike = free[_same_contract(free, row)]
        if len(alike):
            nearest = int((alike["start"] - row.start).abs().argmin())
            found[row.Index] = alike["contract_id"].iloc[nearest]
            free = free.drop(index=alike.index[nearest])
    ids = pd.Series(found, dtype="str").reindex(rows.index).fillna(rows["contract_id"])
    return Named(rows.assign(contract_id=ids), len(found))


def _with_days(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        start=as_day(rows["started_on"]),
        planned=as_day(rows["planned_end_on"]),
        ended=as_day(rows["ended_on"]),
    )


def _same_contract(known: pd.DataFrame, row: Any) -> pd.Series:
    """Find the known contracts that a row may be another version of."""
    near = (known["start"] - row.start).abs() <= NEAR
    continued = (known["start"] < row.start) & (known["planned"] == row.planned)
    running = known["ended"].isna() | (known["ended"] > row.start)
    employer = known["employer_siret"]
    same = (employer == row.employer_siret) | employer.isna() | pd.isna(row.employer_siret)
    found: pd.Series = (known["person_id"] == row.person_id) & (near | continued) & running & same
    return found
