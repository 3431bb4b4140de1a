"""Writing versions of records: the one way in, for one row as for a file of a million.

A version is known by its key and its `known_on`. It is a repeat when the last that arrived of that
key and day says the same; anything else is stored, in whatever order the days arrive. So A, B, A of
one day leaves A in force, and a version that arrives late takes its place by its day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter

from features.point_in_time.past_ruptures import ExposureIncrements, increments_of
from features.point_in_time.record_arrays import RecordArrays
from features.records.declarations import CONTRACT, OUTCOME, RECORD_TYPES
from features.records.rows import Row, Versions
from features.records.schema import RecordType
from serving.actors import Actor
from serving.context import AppContext
from serving.operations.deliveries import not_transmitted_since
from serving.store import contract_summaries, deliveries, history, record_inserts, records
from serving.store.engine import Connection


class Fault(StrEnum):
    """Why a version cannot be stored."""

    KNOWN_AFTER_TODAY = "known_after_today"
    KNOWN_BEFORE_HAPPENED = "known_before_happened"
    OTHER_OWNER = "other_owner"  # an interview of another contract, a contract of another person
    UNKNOWN_CONTRACT = "unknown_contract"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"


@dataclass(frozen=True)
class Refusal:
    """A version that was not stored, and the column at fault."""

    record_type: RecordType
    row: Row
    fault: Fault
    column: str


@dataclass(frozen=True)
class Written:
    """What became of some versions: `after` is all there is of their contracts from now on."""

    added: Versions
    after: Versions
    refused: tuple[Refusal, ...]


def lock(connection: Connection, incoming: Versions) -> None:
    """Make other writers of these contracts and records wait; call it once for all to write."""
    keyed = [
        (record_type, getattr(row, record_type.key))
        for record_type in RECORD_TYPES
        if record_type.key != CONTRACT.key
        for row in incoming.of(record_type)
    ]
    records.lock(connection, {row.contract_id for row in incoming}, keyed)


def write_versions(
    connection: Connection,
    context: AppContext,
    *,
    actor: Actor,
    incoming: Versions,
    before: Versions,
    delivered: bool = False,
) -> Written:
    """Store the versions that are new, and what they change of summaries and history.

    `incoming` are in the order they arrived, of contracts that are locked; `before` is every
    version the store holds of these contracts; `delivered` says that a training centre sent them.
    """
    refused: list[Refusal] = []
    known = {row.contract_id for row in (*before.contracts, *incoming.contracts)}
    added: dict[str, list[Row]] = {}
    for record_type in RECORD_TYPES:
        check = _Check(record_type, known, _owners(connection, record_type, incoming, before))
        rows, faulty = _sorted_out(check, incoming.of(record_type), before, context.today)
        added[record_type.name], refused = rows, [*refused, *faulty]
        if record_type is CONTRACT:
            known = {row.contract_id for row in (*before.contracts, *rows)}
    new = Versions.by_type(added)
    after = before.with_added(new)
    if len(new):
        _insert(connection, context, actor, new, delivered=delivered)
        _follow(connection, new, before, after)
    return Written(new, after, tuple(refused))


@dataclass(frozen=True)
class _Check:
    """What the versions of one type are held against."""

    record_type: RecordType
    known_contracts: set[str]
    owners: dict[str, str]

    def fault_of(self, row: Row, *, today: date) -> tuple[Fault, str] | None:
        """Return what keeps a version out of the store, and its column; None when nothing does."""
        kind = self.record_type
        if row.known_on > today:
            return Fault.KNOWN_AFTER_TODAY, "known_on"
        if kind.happened and getattr(row, kind.happened) > row.known_on:
            return Fault.KNOWN_BEFORE_HAPPENED, kind.happened
        if row.contract_id not in self.known_contracts:
            return Fault.UNKNOWN_CONTRACT, "contract_id"
        for column in kind.immutable:
            owner = getattr(row, column)
            if self.owners.setdefault(getattr(row, kind.key), owner) != owner:
                return Fault.OTHER_OWNER, column
        return None


def _owners(
    connection: Connection, record_type: RecordType, incoming: Versions, before: Versions
) -> dict[str, str]:
    """Return whose each stored record is: a contract has a person, an interview a contract."""
    if not record_type.immutable:
        return {}
    (column,) = record_type.immutable
    owners = {getattr(r, record_type.key): getattr(r, column) for r in before.of(record_type)}
    if record_type is not CONTRACT:
        keys = {getattr(row, record_type.key) for row in incoming.of(record_type)} - owners.keys()
        owners |= records.owners(connection, record_type, sorted(keys)) if keys else {}
    return owners


def _sorted_out(
    check: _Check, rows: Sequence[Row], before: Versions, today: date
) -> tuple[list[Row], list[Refusal]]:
    """Return the new versions and the refused ones; the rest are repeats."""
    key = check.record_type.key
    last = {(getattr(row, key), row.known_on): row for row in before.of(check.record_type)}
    new, refused = [], []
    stated: dict[str, list[Row]] = {}
    for one in (*before.of(check.record_type), *rows):
        if not one.withdrawn:
            stated.setdefault(getattr(one, key), []).append(one)
    for sent in rows:
        row = _with_content(sent, stated.get(getattr(sent, key), []))
        if row is None:
            refused.append(Refusal(check.record_type, sent, Fault.NOTHING_TO_WITHDRAW, key))
        elif (fault := check.fault_of(row, today=today)) is not None:
            refused.append(Refusal(check.record_type, row, *fault))
        elif not says_again(row, last.get((getattr(row, key), row.known_on))):
            last[getattr(row, key), row.known_on] = row
            new.append(row)
    return new, refused


def _with_content(sent: Row, stated: Sequence[Row]) -> Row | None:
    """Return the row to store: one that withdraws repeats what it withdraws, None for nothing."""
    if not sent.withdrawn:
        return sent
    if not stated:
        return None
    in_order = sorted(stated, key=attrgetter("known_on"))
    known = [row for row in in_order if row.known_on <= sent.known_on]
    what = known[-1] if known else in_order[0]
    return what._replace(known_on=sent.known_on, withdrawn=True)


def says_again(row: Row, last: Row | None) -> bool:
    """Return whether the last version of the same key and day says this already."""
    if last is None:
        return False
    return last == row or (row.withdrawn and last.withdrawn)


def _insert(
    connection: Connection, context: AppContext, actor: Actor, new: Versions, *, delivered: bool
) -> None:
    for record_type in RECORD_TYPES:
        if rows := new.of(record_type):
            record_inserts.add(
                connection,
                record_type,
                rows,
                recorded_at=context.now(),
                recorded_by=actor.name,
                delivered=delivered,
            )


def _follow(connection: Connection, new: Versions, before: Versions, after: Versions) -> None:
    """Bring what is projected from the records up to date: history and summaries."""
    if new.contracts or new.outcomes:
        history.replace_increments(connection, before=increments(before), after=increments(after))
    touched = {row.contract_id for row in new}
    known = {row.contract_id for row in before.contracts}
    days = deliveries.days_by_centre(connection, deliveries.centres_of(after))
    summaries = dict(_summaries(after, touched, days))
    contract_summaries.save_all(
        connection,
        new={i: summary for i, summary in summaries.items() if i not in known},
        old={i: summary for i, summary in summaries.items() if i in known},
    )


def _summaries(
    after: Versions, touched: set[str], days: Mapping[str, Sequence[date]]
) -> Iterator[tuple[str, contract_summaries.Row]]:
    for contract_id, versions in after.by_contract().items():
        if contract_id in touched:
            summary = contract_summaries.summary(versions)
            since = not_transmitted_since(contract_summaries.of_row(contract_id, summary), days)
            yield contract_id, {**summary, "not_transmitted_since": since}


def increments(versions: Versions) -> ExposureIncrements:
    """Return what these contracts add to the past of their entities."""
    return increments_of(
        RecordArrays.of_rows(versions.contracts, CONTRACT),
        RecordArrays.of_rows(versions.outcomes, OUTCOME),
    )
