"""Taking in a file of records: what can be read is stored, the rest reported, nothing lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.rejects import HIDDEN, gather, reject_lines
from features.intake.intake import Intake, take_in
from features.point_in_time.days import as_timestamp
from features.records.declarations import RECORD_TYPES, Records
from features.records.rows import Versions, joined, rows_from
from features.records.schema import Kind, RecordType
from serving.actors import Actor
from serving.context import AppContext
from serving.operations import record_writer
from serving.operations.deliveries import (
    expect_whole,
    record_full,
    with_gone_ends,
    with_stored_ids,
)
from serving.operations.record_writer import Fault, Refusal
from serving.scoring.rescoring import rescore_contracts
from serving.store import audit, contract_summaries, records
from serving.store.audit import Action
from serving.store.engine import Connection

CHUNK = 2_000
# More contracts than this wait for `vigie rescore`, so that a request ends in time.
SCORED_AT_ONCE = 2_000
TABLES = tuple(record_type.name for record_type in RECORD_TYPES)
EXPECTED = {
    Fault.KNOWN_AFTER_TODAY: "a day until today",
    Fault.KNOWN_BEFORE_HAPPENED: "a day until known_on",
    Fault.OTHER_OWNER: "the one of the versions already stored",
    Fault.UNKNOWN_CONTRACT: "a contract that is stored",
    Fault.NOTHING_TO_WITHDRAW: "a record that is stored, to withdraw it",
}


@dataclass(frozen=True)
class Imported:
    """What became of a file: rows by table, refused cells, contracts touched and assessed."""

    read: dict[str, int]
    stored: dict[str, int]
    repeated: dict[str, int]
    refused: dict[str, int]
    rejects: pd.DataFrame
    left_out: pd.DataFrame
    notes: tuple[str, ...]
    contracts: int
    assessed: int
    vanished: int = 0  # contracts that a full delivery of their centre was without


def import_records(
    context: AppContext,
    *,
    actor: Actor,
    path: Path,
    score: bool = True,
    strict: bool = False,
    progress: Callable[[int, int], None] | None = None,
    received_on: date | None = None,
    full: bool = False,
    confirm: bool = False,
) -> Imported:
    """Keep the records of a file or folder of any supported format, in one transaction.

    `received_on` is the day dossiers reached us, for those whose file name holds none; today
    otherwise. `full` says that they are all learners of their centres: who is no longer among them
    is no longer transmitted; more than a fifth gone needs `confirm`.

    Up to SCORED_AT_ONCE contracts are assessed at once; more are left to the next rescoring, and so
    are all of them without `score`. A faulty optional value is left out of its row, and with
    `strict` refuses it. Raises InputError for a file that cannot be read at all.
    """
    with context.store.reading() as connection:
        known = contract_summaries.all_ids(connection)
    day = received_on or context.today
    if day > context.today:
        raise InputError("import: expected a day of reception until today, got a later one")
    intake = take_in(
        path,
        received_on=as_timestamp(day),
        known_contracts=known,
        person_key=context.settings.naming_key,
        strict=strict,
    )
    with context.store.writing() as connection:
        incoming = versions_of(intake.records)
        if intake.is_delivery:
            incoming = with_stored_ids(connection, incoming)
        whole = expect_whole(connection, incoming, confirm=confirm) if full else []
        stored, refused, touched = _keep_all(
            connection, context, actor, incoming, progress, delivered=intake.is_delivery
        )
        vanished = record_full(connection, context, actor=actor, found=whole)
        touched = sorted({*touched, *vanished})
        audit.write(
            connection,
            at=context.now(),
            actor=actor.name,
            action=Action.IMPORT_RECORDS,
            details={"kept": stored, "contracts": len(touched), "vanished": len(vanished)},
        )
    assessed = 0
    if score and 0 < len(touched) <= SCORED_AT_ONCE:
        assessed = rescore_contracts(context, actor=actor, contract_ids=touched)
    done = _imported(intake, stored, refused, contracts=len(touched), assessed=assessed)
    return replace(done, vanished=len(vanished))


def _keep_all(
    connection: Connection,
    context: AppContext,
    actor: Actor,
    incoming: Versions,
    progress: Callable[[int, int], None] | None,
    *,
    delivered: bool,
) -> tuple[dict[str, int], list[Refusal], list[str]]:
    """Write contract by contract, a chunk at a time."""
    by_contract = incoming.by_contract()
    ids = sorted(by_contract)
    stored = dict.fromkeys(TABLES, 0)
    refused: list[Refusal] = []
    touched: list[str] = []
    record_writer.lock(connection, incoming)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        part = joined(by_contract[contract_id] for contract_id in chunk)
        before = records.versions(connection, chunk)
        if delivered:
            part = with_gone_ends(connection, part, before)
        written = record_writer.write_versions(
            connection, context, actor=actor, incoming=part, before=before, delivered=delivered
        )
        refused += written.refused
        touched += sorted({row.contract_id for row in written.added})
        for name in TABLES:  # the ends that a delivery no longer tells were not read in it
            rows = getattr(written.added, name)
            stored[name] += sum(not (delivered and row.withdrawn) for row in rows)
        if progress is not None:
            progress(min(start + CHUNK, len(ids)), len(ids))
    return stored, refused, touched


def versions_of(accepted: Records) -> Versions:
    """Return accepted tables as typed rows, in the order of the file."""
    return Versions.by_type({t.name: _rows(t, frame) for t, frame in accepted})


def _rows(record_type: RecordType, frame: pd.DataFrame) -> list[Any]:
    columns = [_typed(frame[column.name], column.kind) for column in record_type.columns]
    return rows_from(record_type, zip(*columns, strict=True))


def _typed(values: pd.Series, kind: Kind) -> list[Any]:
    """Python values as the store takes them, None where missing."""
    match kind:
        case Kind.DATE:
            typed = values.dt.date
        case Kind.FLAG:
            typed = values.map({1.0: True, 0.0: False})
        case _:
            typed = values
    return [None if missing else v for v, missing in zip(typed, values.isna(), strict=True)]


def _line_of(refusal: Refusal) -> pd.DataFrame:
    """Return a refusal as a line of the rejects."""
    name = refusal.record_type.name
    return reject_lines(
        np.zeros(1, dtype=np.int64),
        file="",
        table=name,
        column=refusal.column,
        expected=EXPECTED[refusal.fault],
        got=HIDDEN,
        reason=f"{name[:-1]} that contradicts the store",
    )


def _imported(
    intake: Intake,
    stored: dict[str, int],
    refusals: list[Refusal],
    *,
    contracts: int,
    assessed: int,
) -> Imported:
    late = Counter(refusal.record_type.name for refusal in refusals)
    refused = {name: n + late[name] for name, n in intake.refused.items()}
    repeated = {name: intake.read[name] - stored[name] - refused[name] for name in stored}
    return Imported(
        read=dict(intake.read),
        stored=stored,
        repeated=repeated,
        refused=refused,
        rejects=gather([intake.rejects, *map(_line_of, refusals)]),
        left_out=intake.left_out,
        notes=intake.notes,
        contracts=contracts,
        assessed=assessed,
    )
