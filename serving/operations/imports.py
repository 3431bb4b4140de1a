"""Taking in a file of records: what can be read is kept, what cannot is told, nothing is lost."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from features.intake.formats.rejects import HIDDEN, gather, reject_lines
from features.intake.intake import Intake, take_in
from features.point_in_time.days import as_timestamp
from features.point_in_time.exposure import increments_of
from features.point_in_time.record_arrays import RecordArrays
from features.records.declarations import CONTRACT, OUTCOME, RECORD_TYPES
from features.records.schema import RecordType
from serving.actors import Actor
from serving.context import AppContext
from serving.operations.typed_rows import rows_by_contract
from serving.scoring.rescoring import rescore_contracts
from serving.store import audit, contract_summaries, history, records
from serving.store.engine import Connection
from serving.store.records import Row, Versions

CHUNK = 2_000
# More contracts than this wait for `vigie rescore`, so that a request ends in time.
SCORED_AT_ONCE = 2_000


@dataclass(frozen=True)
class Imported:
    """What became of a file: rows by table, refused cells, contracts touched and assessed."""

    read: dict[str, int]
    kept: dict[str, int]
    repeated: dict[str, int]
    refused: dict[str, int]
    rejects: pd.DataFrame
    notes: tuple[str, ...]
    contracts: int
    assessed: int


def import_records(
    context: AppContext,
    *,
    actor: Actor,
    path: Path,
    score: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Keep the records of a file or folder of any supported format, in one transaction.

    Up to SCORED_AT_ONCE contracts are assessed at once; more are left to the next rescoring, and so
    are all of them without `score`. Raises InputError for a file that cannot be read at all.
    """
    with context.store.reading() as connection:
        known = contract_summaries.all_ids(connection)
    today = as_timestamp(context.today)
    intake = take_in(path, received_on=today, known_contracts=known)
    with context.store.writing() as connection:
        kept, rejects, touched = _keep_all(connection, context, actor, intake, progress)
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action="import_records",
            details={"kept": kept, "contracts": len(touched)},
        )
    assessed = 0
    if score and 0 < len(touched) <= SCORED_AT_ONCE:
        assessed = rescore_contracts(context, actor=actor, contract_ids=touched)
    return _told(intake, kept, rejects, contracts=len(touched), assessed=assessed)


def _keep_all(
    connection: Connection,
    context: AppContext,
    actor: Actor,
    intake: Intake,
    progress: Callable[[int, int], None] | None,
) -> tuple[dict[str, int], list[pd.DataFrame], list[str]]:
    tables = {t.name: rows_by_contract(t, getattr(intake.records, t.name)) for t in RECORD_TYPES}
    ids = sorted(set().union(*tables.values()))
    kept = dict.fromkeys(tables, 0)
    rejects: list[pd.DataFrame] = []
    touched: list[str] = []
    records.lock(connection, ids, _anchored(tables))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        before = _bulk_versions(connection, chunk)
        new, refused = _new_rows(connection, context, tables, before, chunk)
        rejects += refused
        _add(connection, context, actor, new)
        touched += _refresh(connection, before, new)
        for record_type in RECORD_TYPES:
            kept[record_type.name] += len(new[record_type.name])
        if progress is not None:
            progress(min(start + CHUNK, len(ids)), len(ids))
    return kept, rejects, touched


def _anchored(tables: dict[str, dict[str, list[Row]]]) -> Iterator[tuple[RecordType, str]]:
    """The records that belong to a contract by their own id."""
    for t in RECORD_TYPES:
        if t.key != CONTRACT.key:
            yield from ((t, row[t.key]) for rows in tables[t.name].values() for row in rows)


def _bulk_versions(connection: Connection, ids: Sequence[str]) -> Versions:
    return {
        t.name: [
            dict(zip(t.names, row, strict=True)) for row in records.of_contracts(connection, t, ids)
        ]
        for t in RECORD_TYPES
    }


def _new_rows(
    connection: Connection,
    context: AppContext,
    tables: dict[str, dict[str, list[Row]]],
    before: Versions,
    ids: Sequence[str],
) -> tuple[Versions, list[pd.DataFrame]]:
    """The rows that the store does not hold yet, and the cells that contradict what it holds."""
    new: Versions = {}
    rejects: list[pd.DataFrame] = []
    today = context.today
    for t in RECORD_TYPES:
        held = {tuple(row.values()) for row in before[t.name]}
        rows = [row for i in ids for row in tables[t.name].get(i, [])]
        rows = [row for row in rows if tuple(row.values()) not in held]
        immutable = _anchors(connection, t, before, rows)
        good: list[Row] = []
        for row in rows:
            fault = _fault(t, row, immutable, today)
            if fault is None:
                good.append(row)
            else:
                rejects.append(fault)
        new[t.name] = good
    return new, rejects


def _anchors(
    connection: Connection, t: RecordType, before: Versions, rows: list[Row]
) -> dict[str, str]:
    """Return the anchor of each kept record: a contract has a person, an interview a contract."""
    if not t.immutable:
        return {}
    if t is CONTRACT:
        return {row[t.key]: row[t.immutable[0]] for row in before[t.name]}
    return records.owners(connection, t, [row[t.key] for row in rows])


def _fault(t: RecordType, row: Row, immutable: dict[str, str], today: date) -> pd.DataFrame | None:
    """Return what keeps a row out of the store, as a line of rejects; None when nothing does."""
    if row["known_on"] > today:
        column, expected = "known_on", "a day until today"
    elif t.immutable and immutable.get(row[t.key], row[t.immutable[0]]) != row[t.immutable[0]]:
        column, expected = t.immutable[0], "the one of the versions already kept"
    else:
        return None
    return reject_lines(
        np.zeros(1, dtype=np.int64),
        file="",
        table=t.name,
        column=column,
        expected=expected,
        got=HIDDEN,
        reason=f"{t.name[:-1]} that contradicts the store",
    )


def _add(connection: Connection, context: AppContext, actor: Actor, new: Versions) -> None:
    for t in RECORD_TYPES:
        if new[t.name]:
            records.add(
                connection, t, new[t.name], recorded_at=context.now(), recorded_by=actor.name
            )


def _refresh(connection: Connection, before: Versions, new: Versions) -> list[str]:
    """Bring summaries and history up to date and return the contracts that changed."""
    touched = sorted({row["contract_id"] for rows in new.values() for row in rows})
    after = {
        t.name: sorted([*before[t.name], *new[t.name]], key=lambda row: row["known_on"])
        for t in RECORD_TYPES
    }
    if new[CONTRACT.name] or new[OUTCOME.name]:
        history.replace_increments(
            connection,
            before=increments_of(*_crossing(before)),
            after=increments_of(*_crossing(after)),
        )
    of_contract: dict[str, Versions] = {i: {t.name: [] for t in RECORD_TYPES} for i in touched}
    for name, rows in after.items():
        for row in rows:
            if row["contract_id"] in of_contract:
                of_contract[row["contract_id"]][name].append(row)
    known = {row["contract_id"] for row in before[CONTRACT.name]}
    contract_summaries.save_all(
        connection,
        new={i: contract_summaries.summary(v) for i, v in of_contract.items() if i not in known},
        old={i: contract_summaries.summary(v) for i, v in of_contract.items() if i in known},
    )
    return touched


def _crossing(versions: Versions) -> tuple[RecordArrays, RecordArrays]:
    return (
        RecordArrays.of_rows(versions[CONTRACT.name], CONTRACT),
        RecordArrays.of_rows(versions[OUTCOME.name], OUTCOME),
    )


def _told(
    intake: Intake,
    kept: dict[str, int],
    rejects: list[pd.DataFrame],
    *,
    contracts: int,
    assessed: int,
) -> Imported:
    late = pd.Series([reject["table"].iloc[0] for reject in rejects], dtype="str").value_counts()
    refused = {name: n + int(late.get(name, 0)) for name, n in intake.refused.items()}
    repeated = {name: intake.read[name] - kept[name] - refused[name] for name in kept}
    return Imported(
        read=dict(intake.read),
        kept=kept,
        repeated=repeated,
        refused=refused,
        rejects=gather([intake.rejects, *rejects]),
        notes=intake.notes,
        contracts=contracts,
        assessed=assessed,
    )
