"""The way in: a folder or file of any supported format becomes records, rejects and notes.

Rows read = accepted + repeated + refused, for every table: nothing is dropped in silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.intake.extract import verify
from features.intake.formats.delivery import opened_delivery
from features.intake.formats.dossier_deliveries import read_deliveries
from features.intake.formats.incoming import Incoming, check_versions, refuse_orphans
from features.intake.formats.person_key import PersonKey
from features.intake.formats.rejects import gather, no_rejects
from features.intake.formats.sources import sources
from features.intake.formats.tabular import MOST_ROWS, RawTable, read_table
from features.intake.parsing import parse_table
from features.intake.rejects_files import write_rejects
from features.records.declarations import CONTRACT, RECORD_TYPES, Records
from features.records.schema import RecordType

PLACE = ["table", "file", "line"]
RawTables = Iterator[tuple[RecordType, RawTable]]


@dataclass(frozen=True)
class Intake:
    """What came in: accepted records, refused cells, and counts of rows for every table.

    `left_out` lists the faulty optional values of accepted rows; `cleaned` counts, by table and
    column, the values that were written otherwise than declared.
    """

    records: Records
    rejects: pd.DataFrame
    repeats: dict[str, int]
    notes: tuple[str, ...]
    read: dict[str, int]
    refused: dict[str, int]
    left_out: pd.DataFrame = field(default_factory=no_rejects)
    cleaned: dict[str, dict[str, int]] = field(default_factory=dict)
    is_delivery: bool = False  # dossiers of a training centre: the state of learners on a day

    def write_rejects(self, folder: Path, *, delivery: Path) -> Path:
        """Write rejects.csv and rejects.xlsx into `folder` and return the first.

        They hold the lines of `delivery` as they were sent: nobody but the owner may read them.
        Raises StorageError: the disk refused the write; nothing half-written is left.
        """
        return write_rejects(self.rejects, self.left_out, folder, delivery=delivery)


def take_in(
    path: Path,
    *,
    received_on: pd.Timestamp | None = None,
    known_contracts: Iterable[str] | None = None,
    person_key: PersonKey | None = None,
    strict: bool = False,
    most_rows: int = MOST_ROWS,
) -> Intake:
    """Read every record of a folder of tables, a file of dossiers V3 or a folder of such files.

    `received_on` is the day dossiers reached us, for those whose file name holds no date. A folder
    with a manifest is verified first. `known_contracts` are contracts held elsewhere, to which rows
    may refer as well; with them, the table of contracts may be missing. `person_key` names learners
    of dossiers that have no identifier. A faulty optional value is left out of its row, and with
    `strict` refuses it; `most_rows` is the limit of one file.

    Raises InputError: nothing to read, an unknown table or column, a file that is damaged or is not
    what the manifest says. Faulty rows raise nothing: they are in `rejects`.
    """
    with opened_delivery(path) as (tables, dossiers):
        if dossiers:
            raw = read_deliveries(dossiers, received_on=received_on, person_key=person_key)
        else:
            if tables.is_dir():
                verify(tables)
            raw = _read_tables(tables, alone=known_contracts is None, most_rows=most_rows)
        tables_in = _check(raw, known_contracts or (), strict=strict)
        return _joined(tables_in, is_delivery=bool(dossiers))


def _joined(tables: list[Incoming], *, is_delivery: bool) -> Intake:
    rejects = gather([part for table in tables for part in table.rejects])
    left_out = gather([part for table in tables for part in table.left_out])
    # A row may be refused for another row's sake after a value of it was left out.
    again = pd.MultiIndex.from_frame(left_out[PLACE]).isin(pd.MultiIndex.from_frame(rejects[PLACE]))
    return Intake(
        records=Records(**{table.record_type.name: table.rows for table in tables}),
        rejects=gather([rejects, left_out[again]]),
        repeats={table.record_type.name: table.repeats for table in tables},
        notes=tuple(dict.fromkeys(note for table in tables for note in table.notes)),
        read={table.record_type.name: table.read for table in tables},
        refused={table.record_type.name: table.refused for table in tables},
        left_out=left_out[~again].reset_index(drop=True),
        cleaned={t.record_type.name: dict(t.cleaned) for t in tables if t.cleaned},
        is_delivery=is_delivery,
    )


def _read_tables(path: Path, *, alone: bool, most_rows: int) -> RawTables:
    found = sources(path)
    if not found:
        raise InputError(f"{path}: no table in this folder; put contracts.csv or the like in it")
    if alone and CONTRACT.name not in {source.record_type.name for source in found}:
        raise InputError(f"{path}: the table contracts is missing; add it, all others refer to it")
    for source in found:
        yield (
            source.record_type,
            read_table(
                source.path,
                table=source.record_type.name,
                name=source.name,
                sheet=source.sheet,
                may_be_blank=source.is_part,
                most_rows=most_rows,
            ),
        )


def _check(
    raw_tables: RawTables, known_contracts: Iterable[str], *, strict: bool
) -> list[Incoming]:
    """Parse file by file, each freed before the next, then check every table across its rows."""
    parts: dict[str, list[Incoming]] = {record_type.name: [] for record_type in RECORD_TYPES}
    for record_type, raw in raw_tables:
        parsed = parse_table(record_type, raw.frame, file=raw.file, lines=raw.lines, strict=strict)
        parts[record_type.name].append(Incoming.of_part(record_type, raw, parsed))
    tables = [check_versions(Incoming.joined(t, parts.pop(t.name))) for t in RECORD_TYPES]
    contract_ids = tables[RECORD_TYPES.index(CONTRACT)].rows["contract_id"]
    known = pd.concat([contract_ids, pd.Series(list(known_contracts), dtype="str")])
    return [refuse_orphans(table, known) for table in tables]
