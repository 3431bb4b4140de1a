"""Which cases there are to describe: open on a morning, or along each contract."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import InputError
from features.point_in_time.days import to_days
from features.records.declarations import Records

DAY_SPAN = 1 << 17  # more days than any date between 1940 and 2100 is from 1970


def known_versions(table: pd.DataFrame, key: str, *, before: pd.Timestamp) -> pd.DataFrame:
    """Return the version of each record in force on the morning of `before`.

    A record whose last version known by then withdraws it is left out.
    """
    known = table[table["known_on"] < before].sort_values([key, "known_on"], kind="stable")
    last = known.drop_duplicates(key, keep="last")
    return last[last["withdrawn"].ne(1.0)]


def open_cases(records: Records, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """`cases_open`; raises InputError when there is none."""
    cases = cases_open(records, as_of=as_of)
    if cases.empty:
        raise InputError(
            f"as_of {as_of.date()}: expected contracts open on that morning, got none of "
            f"{records.contracts['contract_id'].nunique()}; choose a date inside the extract"
        )
    return cases


def cases_open(
    records: Records, *, as_of: pd.Timestamp, with_announced: bool = True
) -> pd.DataFrame:
    """Contracts that were known and not known to be over on that morning, one case each.

    A contract whose planned end has passed is over, declared or not; one that has not begun is
    open, and so is one whose known end still lies ahead. `with_announced=False` leaves these out:
    there is nothing left to predict of them. Columns contract_id and as_of, sorted by contract.
    """
    contracts = known_versions(records.contracts, "contract_id", before=as_of)
    ends = known_versions(records.outcomes, "contract_id", before=as_of)
    over = ends[ends["ended_on"] < as_of] if with_announced else ends
    still_open = contracts[
        (contracts["planned_end_on"] > as_of) & ~contracts["contract_id"].isin(over["contract_id"])
    ]
    ids = still_open["contract_id"].sort_values(ignore_index=True)
    return pd.DataFrame({"contract_id": ids, "as_of": as_of})


def cases_along(records: Records, *, every_days: int, until: pd.Timestamp) -> pd.DataFrame:
    """Day 0, then every `every_days` while the contract runs, for mornings before `until`.

    Mornings on which the contract was not known, was withdrawn, or was known to end are left out:
    from the day an end is announced there is nothing left to predict. Columns contract_id, as_of.
    """
    contracts = known_versions(records.contracts, "contract_id", before=until)
    stop = contracts["planned_end_on"].where(contracts["planned_end_on"] < until, until)
    days = (stop - contracts["started_on"]).dt.days.clip(lower=0).to_numpy("int64")
    number = -(-days // every_days)
    position = np.repeat(np.arange(len(contracts)), number)
    step = np.arange(number.sum()) - np.repeat(number.cumsum() - number, number)
    rows = contracts.iloc[position]
    as_of = rows["started_on"].to_numpy() + (step * every_days).astype("timedelta64[D]")
    cases = pd.DataFrame({"contract_id": rows["contract_id"].to_numpy(), "as_of": as_of})
    cases["as_of"] = cases["as_of"].astype("datetime64[s]")
    seen = in_force_on(records.contracts, cases) & ~in_force_on(records.outcomes, cases)
    return cases[seen].reset_index(drop=True)


def in_force_on(table: pd.DataFrame, cases: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether the contract of each case has a record in `table` known on its morning.

    `table` has one record per contract, with all its versions; a withdrawn one is not in force.
    """
    ids = pd.factorize(pd.concat([table["contract_id"], cases["contract_id"]]))[0].astype("int64")
    of_version, of_case = ids[: len(table)], ids[len(table) :]
    order = np.lexsort((to_days(table["known_on"]), of_version))
    slots = of_version[order] * DAY_SPAN + to_days(table["known_on"])[order].astype("int64")
    morning = of_case * DAY_SPAN + to_days(cases["as_of"]).astype("int64")
    last = np.searchsorted(slots, morning) - 1  # the last version known before the morning
    seen = last >= 0
    version = order[last[seen]]
    standing = table["withdrawn"].ne(1.0).to_numpy(bool)[version]
    seen[seen] = standing & (of_version[version] == of_case[seen])
    return np.asarray(seen, dtype=bool)
