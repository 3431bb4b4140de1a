"""One row for each contract of a file, whichever dossiers and places it stands in.

Two dossiers may hold one contract: the latest school year speaks. Within one school year (a learner
who changed training) what either says counts and no row comes first for its place: a dossier with a
rupture speaks before one without, then the training entered last, then the fuller one. A contract
that an amendment or a transfer of the establishment continues under another start is one contract.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.intake.formats.dossier_fields import as_day
from features.intake.formats.ground_labels import NotAnEnd

END = ["ended_on", "cause", "how", "initiator", "motive", "cause_1", "cause_2", "cause_3"]
GOING_ON = (NotAnEnd.AMENDMENT, NotAnEnd.TRANSFER, NotAnEnd.SUSPENSION)
EARLY, LATE = pd.Timedelta(days=3), pd.Timedelta(days=31)  # around the end that is none


@dataclass(frozen=True)
class Merged:
    """Rows after a merge, how many were taken into another, and what is worth a note."""

    rows: pd.DataFrame
    joined: int
    older_ruptures: int = 0


def merge_contracts(rows: pd.DataFrame) -> Merged:
    """Make one row of the rows that name one contract."""
    several = rows["contract_id"].duplicated(keep=False)
    several &= ~rows["contract_id"].str.endswith(":undated")
    if not several.any():
        return Merged(rows, 0)
    ordered = _in_order(rows[several])
    latest = ordered.groupby("contract_id")["school_year"].transform("max")
    speaking = ordered["school_year"] == latest
    merged = ordered[speaking].groupby("contract_id", sort=False).first().reset_index()
    broken = set(ordered.loc[ordered["ended_on"].notna(), "contract_id"])
    still_ended = set(merged.loc[merged["ended_on"].notna(), "contract_id"])
    whole = pd.concat([rows[~several], merged[rows.columns]])
    whole = whole.sort_values(["line", "place"], ignore_index=True)
    return Merged(whole, int(several.sum()) - len(merged), len(broken - still_ended))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort by what rows say; never by where they stand."""
    content = [name for name in rows.columns if name not in ("line", "place", "known_on")]
    keys = pd.DataFrame(
        {
            "silent": rows["ended_on"].isna(),
            "entered": -as_day(rows["entered_on"]).astype("int64").to_numpy(),
            "filled": -rows[content].notna().sum(axis="columns"),
            "content": pd.util.hash_pandas_object(rows[content], index=False).to_numpy(),
        },
        index=rows.index,
    )
    return rows.loc[
        keys.sort_values(["silent", "entered", "filled", "content"], kind="stable").index
    ]


def join_amended(rows: pd.DataFrame) -> Merged:
    """Join to a contract the one that continues it after an end that was none."""
    going_on = rows["not_an_end"].isin(GOING_ON) & as_day(rows["ended_on"]).notna()
    taken: list[int] = []
    starts = as_day(rows["started_on"])
    for at in starts[going_on].sort_values(ascending=False, kind="stable").index:
        following = _continuation(rows.drop(index=taken), at)
        if following is not None:
            rows = _joined(rows, at, following)
            taken.append(following)
    return Merged(rows.drop(index=taken).reset_index(drop=True), len(taken))


def _continuation(rows: pd.DataFrame, at: int) -> int | None:
    """Find the contract of the same person, and employer, that begins where this one stops."""
    this = rows.loc[at]
    start, end = as_day(rows["started_on"]), as_day(rows["ended_on"])[at]
    near = (rows["person_id"] == this["person_id"]) & start.between(end - EARLY, end + LATE)
    near &= start > start[at]
    if this["not_an_end"] != NotAnEnd.TRANSFER and isinstance(this["employer_siret"], str):
        near &= rows["employer_siret"].fillna(this["employer_siret"]) == this["employer_siret"]
    return int(start[near].idxmin()) if near.any() else None


def _joined(rows: pd.DataFrame, at: int, following: int) -> pd.DataFrame:
    """Write what the following contract says of the end into the one it continues."""
    columns = ["planned_end_on", *END, "unmapped", "not_an_end"]
    if isinstance(rows["employer_siret"][following], str):
        columns.append("employer_siret")
    rows = rows.copy()
    rows.loc[at, columns] = rows.loc[following, columns].to_numpy()
    return rows


def without_false_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Take off the end of a contract that goes on."""
    false = rows["not_an_end"].notna().to_numpy(bool)
    cleared = {name: rows[name].mask(false) for name in END}
    return rows.assign(**cleared, unmapped=np.where(false, False, rows["unmapped"]))
