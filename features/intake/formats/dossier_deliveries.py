"""Several files of dossiers, each as it was received: what they say together.

A delivery keeps its day. A contract is its learner, its employer and the nearest start: a start
that a later delivery corrects is another version of the contract, not another contract. Of files
received on one day the latest school year speaks, else the later file by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.cells import read_cells
from features.intake.formats.dossier_ends import outcome_rows, with_ends
from features.intake.formats.dossier_fields import as_day
from features.intake.formats.dossier_files import read_file
from features.intake.formats.dossier_merge import merge_contracts
from features.intake.formats.dossier_starts import name_by_nearest_start
from features.intake.formats.dossier_v3 import Delivery, read_delivery
from features.intake.formats.person_key import PersonKey
from features.intake.formats.rejects import no_rejects
from features.intake.formats.tabular import RawTable
from features.records.declarations import CONTRACT, EVENT, OUTCOME
from features.records.schema import RecordType

DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class _Read:
    """A delivery whose contracts have their ids, with the events its dossiers describe."""

    delivery: Delivery
    events: pd.DataFrame


def read_deliveries(
    files: list[Path], *, received_on: pd.Timestamp | None, person_key: PersonKey | None
) -> Iterator[tuple[RecordType, RawTable]]:
    """Read files of dossiers into raw tables `contracts`, `events` and `outcomes`, to be parsed.

    The day in a file's name (YYYY-MM-DD) is the day it was received, else `received_on`. All its
    rows are known from that day on and not before: a model can only learn from centres whose
    successive files stayed.

    Raises InputError: a file without any whole dossier, without a day of receipt, or without what
    names its learners.
    """
    dated = sorted((known_on(file, received_on), file.name, file) for file in files)
    reads: list[_Read] = []
    known = pd.DataFrame()
    for day, name, file in dated:
        read = _read(file, name, day, person_key, known)
        known = _now_known(known, read.delivery.rows)
        reads.append(read)
    for read in _one_version_a_day(reads):
        yield from _tables(read)


def known_on(file: Path, received_on: pd.Timestamp | None) -> pd.Timestamp:
    """Return the day a file was received: the one in its name, else `received_on`.

    Raises InputError: there is neither.
    """
    named = DAY.search(file.stem)
    day = pd.to_datetime(named[0], errors="coerce") if named else pd.NaT
    if not pd.isna(day):
        return pd.Timestamp(day)
    if received_on is None:
        raise InputError(
            f"{file.name}: when was it received? put the day in its name as YYYY-MM-DD or give it"
        )
    return received_on.normalize()


def _read(
    file: Path, name: str, day: pd.Timestamp, person_key: PersonKey | None, known: pd.DataFrame
) -> _Read:
    read = read_file(file)
    delivery = read_delivery(
        read.items, refused=read.refused, name=name, known_on=day, person_key=person_key
    )
    merged = merge_contracts(delivery.rows)
    named = name_by_nearest_start(merged.rows, known)
    delivery = replace(
        delivery,
        rows=named.rows,
        repeats=delivery.repeats + merged.joined,
        notes=delivery.notes + read.notes,
    ).noting(
        {
            "contracts held by several dossiers, the latest school year speaks": merged.joined,
            "ruptures told by the dossier of an earlier school year only, not taken": (
                merged.older_ruptures
            ),
            "contracts of an earlier delivery whose start is now another": named.moved,
            "contracts of an earlier delivery of these centres that are not in this one": (
                _vanished(named.rows, known, day)
            ),
        }
    )
    return _Read(*with_ends(delivery))


def _now_known(known: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the latest version of each contract, to find it again in the next delivery."""
    latest = pd.concat([known, rows], ignore_index=True)
    return latest.drop_duplicates("contract_id", keep="last").reset_index(drop=True)


def _vanished(rows: pd.DataFrame, known: pd.DataFrame, day: pd.Timestamp) -> int:
    """Count the running contracts of the same centres and school years that are no longer there."""
    if known.empty:
        return 0
    groups = pd.MultiIndex.from_frame(rows[["owner", "school_year"]].fillna(""))
    of_groups = pd.MultiIndex.from_frame(known[["owner", "school_year"]].fillna(""))
    running = (as_day(known["planned_end_on"]) > day) & known["ended_on"].isna()
    gone = of_groups.isin(groups) & ~known["contract_id"].isin(rows["contract_id"]) & running
    return int(gone.sum())


def _one_version_a_day(reads: list[_Read]) -> list[_Read]:
    """Keep one version of each contract and day of receipt: latest school year, then later file."""
    place = pd.DataFrame(
        {
            "file": np.concatenate([np.full(len(r.delivery.rows), i) for i, r in enumerate(reads)]),
            "known_on": [r.delivery.known_on for r in reads for _ in range(len(r.delivery.rows))],
        }
    )
    rows = pd.concat([r.delivery.rows for r in reads], ignore_index=True)
    placed = rows[["contract_id", "school_year"]].join(place)
    dated = ~placed["contract_id"].str.endswith(":undated")
    order = placed[dated].sort_values(["school_year", "file"], kind="stable")
    spoken = order.duplicated(["contract_id", "known_on"], keep="last").reindex(
        placed.index, fill_value=False
    )
    by_file = [spoken[place["file"] == at].to_numpy(bool) for at in range(len(reads))]
    return [_without(read, mask) for read, mask in zip(reads, by_file, strict=True)]


def _without(read: _Read, spoken: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> _Read:
    if not spoken.any():
        return read
    rows = read.delivery.rows[~spoken].reset_index(drop=True)
    repeats = read.delivery.repeats + int(spoken.sum())
    delivery = replace(read.delivery, rows=rows, repeats=repeats).noting(
        {"contracts told otherwise by another file of that day, the later kept": int(spoken.sum())}
    )
    return _Read(delivery, read.events[read.events["contract_id"].isin(rows["contract_id"])])


def _tables(read: _Read) -> Iterator[tuple[RecordType, RawTable]]:
    delivery = read.delivery
    rows, lenient = _drop_faulty_options(delivery.rows)
    notes = delivery.noting(lenient).notes
    contracts = rows[[name for name in CONTRACT.names if name in rows]]
    lines = rows["line"].to_numpy("int64")
    yield (
        CONTRACT,
        RawTable(contracts, delivery.name, lines, delivery.refused, notes, delivery.repeats),
    )
    for record_type, records in ((EVENT, read.events), (OUTCOME, outcome_rows(rows))):
        if len(records):
            frame = records.drop(columns="line")
            at = records["line"].to_numpy("int64")
            yield record_type, RawTable(frame, delivery.name, at, no_rejects())


def _drop_faulty_options(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Make a faulty optional value missing, as the dashboard does, and count each column's."""
    counts: dict[str, int] = {}
    for column in CONTRACT.columns:
        if column.required or column.name not in rows:
            continue
        faults = read_cells(column, rows[column.name]).faults
        faulty = np.logical_or.reduce([np.zeros(len(rows), bool), *faults.values()])
        counts[f"values of {column.name} not as expected, taken as missing"] = int(faulty.sum())
        rows = rows.assign(**{column.name: rows[column.name].mask(faulty)})
    return rows, counts
