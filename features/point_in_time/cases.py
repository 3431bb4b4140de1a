"""Which cases there are to describe: open on a morning, or along each contract."""

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.records.declarations import Records


def known_versions(table: pd.DataFrame, key: str, *, before: pd.Timestamp) -> pd.DataFrame:
    """Return the version of each record that was known on the morning of `before`."""
    known = table[table["known_on"] < before].sort_values([key, "known_on"])
    return known.drop_duplicates(key, keep="last")


def open_cases(records: Records, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """`cases_open`; raises InputError when there is none."""
    cases = cases_open(records, as_of=as_of)
    if cases.empty:
        raise InputError(
            f"as_of {as_of.date()}: expected contracts open on that morning, got none of "
            f"{records.contracts['contract_id'].nunique()}; choose a date inside the extract"
        )
    return cases


def cases_open(records: Records, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Contracts that were known and not known to have ended on that morning, one case each.

    A contract whose planned end has passed is over, declared or not; one that has not begun is
    open. Columns contract_id and as_of, sorted by contract.
    """
    contracts = known_versions(records.contracts, "contract_id", before=as_of)
    ended = known_versions(records.outcomes, "contract_id", before=as_of)["contract_id"]
    still_open = contracts[
        (contracts["planned_end_on"] > as_of) & ~contracts["contract_id"].isin(ended)
    ]
    ids = still_open["contract_id"].sort_values(ignore_index=True)
    return pd.DataFrame({"contract_id": ids, "as_of": as_of})


def cases_along(records: Records, *, every_days: int, until: pd.Timestamp) -> pd.DataFrame:
    """Day 0, then every `every_days` while the contract runs, for mornings before `until`.

    Mornings on which the contract was not yet known, or was known to have ended, are left out, as
    they would be in service. Columns contract_id, as_of.
    """
    contracts = known_versions(records.contracts, "contract_id", before=until)
    first_known = records.contracts.groupby("contract_id")["known_on"].min()
    ends = records.outcomes.groupby("contract_id")["known_on"].min()
    stop = contracts["planned_end_on"].where(contracts["planned_end_on"] < until, until)
    days = (stop - contracts["started_on"]).dt.days.clip(lower=0).to_numpy("int64")
    number = -(-days // every_days)
    position = np.repeat(np.arange(len(contracts)), number)
    step = np.arange(number.sum()) - np.repeat(number.cumsum() - number, number)
    rows = contracts.iloc[position]
    as_of = rows["started_on"].to_numpy() + (step * every_days).astype("timedelta64[D]")
    cases = pd.DataFrame({"contract_id": rows["contract_id"].to_numpy(), "as_of": as_of})
    cases["as_of"] = cases["as_of"].astype("datetime64[s]")
    # reindex, not map: mapping onto no outcome at all fails on dates.
    known, ended = (
        days.reindex(cases["contract_id"]).set_axis(cases.index) for days in (first_known, ends)
    )
    seen = (known < cases["as_of"]) & ~(ended < cases["as_of"])
    return cases[seen].reset_index(drop=True)
