"""The only place where time is cut: what was known of each case on the morning of its `as_of`.

A case is a (contract_id, as_of) pair. A row is visible when `known_on < as_of`, however early the
thing it describes happened, when no later version of the same record was known that morning, and
when it does not withdraw the record.
Nothing downstream can see past this cut: features get a `Snapshot`, never the records.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from features.common.errors import InputError
from features.point_in_time.days import Days
from features.point_in_time.history import History, Past, Pasts
from features.point_in_time.memo import cached_on
from features.point_in_time.ordering import canonical_order, superseded_on
from features.point_in_time.past_ruptures import entity_keys
from features.point_in_time.record_arrays import Array, Positions, RecordArrays, factorize, spread
from features.point_in_time.windows import Mask, Rows
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, Records


@dataclass(frozen=True)
class Table:
    """All versions of one record type, sorted by contract and day.

    `starts[i]:starts[i + 1]` are the rows of the contract at position i of `positions`.
    """

    columns: RecordArrays
    positions: dict[str, int]
    starts: Positions
    happened: Days
    known: Days
    superseded: Days  # day the next version became known, +inf for the last version
    withdrawn: Mask

    @classmethod
    def of(cls, columns: RecordArrays) -> "Table":
        """Sort and index a record table; neither row order nor identifiers matter.

        Of two versions of a record with one `known_on`, the later row is the one that counts: the
        only thing the order of rows decides, and the way in lets no such pair pass.
        """
        record_type = columns.record_type
        contract, positions = factorize(columns.read("contract_id"))
        happened = columns.read(record_type.happened or "known_on")
        known = columns.read("known_on")
        order = canonical_order(columns, contract, happened, known)
        starts = np.searchsorted(contract[order], np.arange(len(positions) + 1))
        superseded = superseded_on(columns.read(record_type.key), known)
        return cls(
            columns.take(order),
            positions,
            starts,
            happened[order],
            known[order],
            superseded[order],
            columns.read("withdrawn")[order] == 1.0,
        )

    def visible(self, contract_ids: Sequence[str], as_of: Days) -> tuple[Positions, Positions]:
        """Positions of the rows visible to each case, and the case each belongs to."""
        contract = np.array([self.positions.get(one, -1) for one in contract_ids], dtype=np.int64)
        first = np.where(contract < 0, 0, self.starts[contract])
        size = np.where(contract < 0, 0, self.starts[contract + 1] - first)
        case, row = spread(first, size)
        morning = as_of[case]
        seen = (self.known[row] < morning) & (self.superseded[row] >= morning)
        seen &= ~self.withdrawn[row]
        return row[seen], case[seen]


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
        return cls.of_columns(
            contracts=RecordArrays.of_frame(records.contracts, CONTRACT),
            interviews=RecordArrays.of_frame(records.interviews, INTERVIEW),
            events=RecordArrays.of_frame(records.events, EVENT),
            history=history if history is not None else History.of(records),
        )

    @classmethod
    def of_columns(
        cls,
        *,
        contracts: RecordArrays,
        interviews: RecordArrays,
        events: RecordArrays,
        history: History,
    ) -> "Index":
        """Prepare all versions of the records of some contracts under the history of the whole."""
        return cls(Table.of(contracts), Table.of(interviews), Table.of(events), history)


@dataclass(frozen=True)
class Contracts:
    """The contract of each case, as it was known that morning."""

    columns: RecordArrays
    as_of: Days
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def number(self, column: str) -> Days:
        """Return a numeric or flag column as float64, NaN where missing."""
        return self.columns[column]

    def day(self, column: str) -> Days:
        """Return a date column as day numbers."""
        return self.columns[column]

    def text(self, column: str) -> Array:
        """Return a text or identifier column as str, None where missing."""
        return self.columns[column]

    def known(self, column: str) -> Mask:
        """Return whether a text or identifier is there."""
        return self.columns.known(column)

    @cached_on
    def is_code(self, column: str, *codes: str) -> Days:
        """1.0 where the column holds one of the codes, 0.0 elsewhere, NaN where missing."""
        return self.columns.is_code(column, *codes, missing=np.nan)

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
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.as_of)

    @cached_property
    def _pasts(self) -> Pasts:
        return self.history.on(self.as_of, keys=entity_keys(self.contracts.columns))

    @property
    def sector(self) -> Array:
        """Sector of the contract's employer, None where unknown."""
        return self._pasts.keys["sector"]

    @cached_on
    def past(self, entity: str) -> Past:
        """Return what was known of the contract's employer, sector, centre, person, or of `all`."""
        return self._pasts.of(entity)


def take_snapshot(index: Index, *, contract_ids: Sequence[str], as_of: Days) -> Snapshot:
    """Cut the records at the morning of each case.

    `contract_ids` and `as_of` (day numbers) are aligned, one case each; the snapshot keeps their
    order. Raises InputError when a contract was not yet known on its morning: it cannot be
    described, and is never dropped.
    """
    row, case = index.contracts.visible(contract_ids, as_of)
    if len(case) != len(as_of):
        raise InputError(
            f"snapshot: expected every contract to be known before its as_of, "
            f"got {len(as_of) - len(case)} of {len(as_of)} that were not"
        )
    return Snapshot(
        Contracts(index.contracts.columns.take(row), as_of),
        _rows(index.interviews, contract_ids, as_of),
        _rows(index.events, contract_ids, as_of),
        index.history,
        as_of,
    )


def _rows(table: Table, contract_ids: Sequence[str], as_of: Days) -> Rows:
    row, case = table.visible(contract_ids, as_of)
    return Rows(table.columns.take(row), case, as_of[case] - table.happened[row], len(as_of))
