"""The only place where time is cut: what was known of each case on the morning of its `as_of`.

A case is a (contract_id, as_of) pair. A row is visible when `known_on < as_of`, however early the
thing it tells of happened, and when no later version of the same record was known that morning.
Nothing downstream can see past this cut: features get a `Snapshot`, never the records.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.days import Days, to_days
from features.errors import InputError
from features.history import History
from features.records import CONTRACT, EVENT, INTERVIEW, Records
from features.schema import Privacy, RecordType
from features.windows import Rows

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """All versions of one record type, sorted by contract and day, ready to be cut.

    `starts[i]:starts[i + 1]` are the rows of contract i of `contract_ids`.
    """

    rows: pd.DataFrame
    contract_ids: pd.Index
    starts: Positions
    happened: Days
    known: Days
    superseded: Days  # day the next version became known, +inf for the last version

    @classmethod
    def of(cls, rows: pd.DataFrame, record_type: RecordType) -> "Table":
        """Sort and index a record table; neither row order nor identifiers matter."""
        rows = rows.assign(_superseded=_superseded(rows, record_type.key))
        rows = _in_canonical_order(rows, record_type)
        codes, contract_ids = pd.factorize(rows["contract_id"])
        starts = np.searchsorted(codes, np.arange(len(contract_ids) + 1))
        happened = to_days(rows[record_type.happened or "known_on"])
        superseded = rows.pop("_superseded").to_numpy()
        return cls(
            rows, pd.Index(contract_ids), starts, happened, to_days(rows["known_on"]), superseded
        )

    def visible(self, contract_ids: pd.Series, as_of: Days) -> tuple[Positions, Positions]:
        """Positions of the rows visible to each case, and the case each belongs to."""
        contract = self.contract_ids.get_indexer(pd.Index(contract_ids))
        first = np.where(contract < 0, 0, self.starts[contract])
        size = np.where(contract < 0, 0, self.starts[contract + 1] - first)
        case = np.repeat(np.arange(len(size)), size)
        offset = np.arange(size.sum()) - np.repeat(size.cumsum() - size, size)
        row = np.repeat(first, size) + offset
        morning = as_of[case]
        seen = (self.known[row] < morning) & (self.superseded[row] >= morning)
        return row[seen], case[seen]


def _superseded(rows: pd.DataFrame, key: str) -> Days:
    """Day on which the next version of the same record became known, +inf when there is none."""
    ordered = rows[[key, "known_on"]].sort_values([key, "known_on"])
    following = ordered.groupby(key, sort=False)["known_on"].shift(-1).reindex(rows.index)
    return np.nan_to_num(to_days(following), nan=np.inf)


def _in_canonical_order(rows: pd.DataFrame, record_type: RecordType) -> pd.DataFrame:
    """Sort by contract, day and day known; ties by what features may see.

    Identifiers, notes and audit-only columns therefore change nothing, not even an order.
    """
    keys = ["contract_id", record_type.happened or "known_on", "known_on"]
    tied = rows.duplicated(keys, keep=False)
    content = [c.name for c in record_type.columns if c.privacy is Privacy.NONE]
    tie_break = pd.Series(0, index=rows.index, dtype="uint64")
    if tied.any():
        tie_break[tied] = pd.util.hash_pandas_object(rows.loc[tied, content], index=False)
    ordered = rows.assign(_tie=tie_break).sort_values([*keys, "_tie"], ignore_index=True)
    return ordered.drop(columns="_tie")


@dataclass(frozen=True)
class Index:
    """Records prepared once, to be cut at any number of mornings."""

    contracts: Table
    interviews: Table
    events: Table
    history: History

    @classmethod
    def of(cls, records: Records, *, history: History | None = None) -> "Index":
        """Prepare records; `history` defaults to the one of these records.

        A part of the records (one contract, one partition) needs the history of the whole: without
        it, the employer and centre rates know only that part.
        """
        return cls(
            Table.of(records.contracts, CONTRACT),
            Table.of(records.interviews, INTERVIEW),
            Table.of(records.events, EVENT),
            history if history is not None else History.of(records),
        )


@dataclass(frozen=True)
class Contracts:
    """The contract of each case, as it was known that morning."""

    rows: pd.DataFrame
    as_of: Days

    def number(self, column: str) -> Days:
        """A numeric or flag column as float64, NaN where missing."""
        return self.rows[column].to_numpy("float64")

    def day(self, column: str) -> Days:
        """A date column as day numbers."""
        return to_days(self.rows[column])

    def is_code(self, column: str, *codes: str) -> Days:
        """1.0 where the column holds one of the codes, 0.0 elsewhere, NaN where missing."""
        values = self.rows[column]
        return np.where(values.isna(), np.nan, values.isin(codes).to_numpy("float64"))

    @cached_property
    def age_days(self) -> Days:
        """Days since the contract started; negative before the start."""
        return self.as_of - self.day("started_on")


@dataclass(frozen=True)
class Snapshot:
    """What was known of each case: one contract row, and the visible interviews and events."""

    contracts: Contracts
    interviews: Rows
    events: Rows
    history: History
    as_of: Days

    def __len__(self) -> int:
        return len(self.as_of)


def take_snapshot(index: Index, cases: pd.DataFrame) -> Snapshot:
    """Cut the records at the morning of each case.

    `cases` has columns `contract_id` and `as_of`; the snapshot keeps their order. Raises InputError
    when a contract was not yet known on its morning: it cannot be described, and is never dropped.
    """
    as_of = to_days(cases["as_of"])
    row, case = index.contracts.visible(cases["contract_id"], as_of)
    if len(case) != len(cases):
        raise InputError(
            f"snapshot: expected every contract to be known before its as_of, "
            f"got {len(cases) - len(case)} of {len(cases)} that were not"
        )
    contracts = Contracts(index.contracts.rows.take(row).reset_index(drop=True), as_of)
    return Snapshot(
        contracts,
        _rows(index.interviews, cases["contract_id"], as_of),
        _rows(index.events, cases["contract_id"], as_of),
        index.history,
        as_of,
    )


def _rows(table: Table, contract_ids: pd.Series, as_of: Days) -> Rows:
    row, case = table.visible(contract_ids, as_of)
    return Rows(table.rows, row, case, as_of[case] - table.happened[row], len(as_of))
