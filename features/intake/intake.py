"""The way in: a folder or file of any supported format becomes records, rejects and notes.

Rows read = accepted + repeated + refused, for every table: nothing is dropped in silence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.common.errors import InputError
from features.intake.extract import verify
from features.intake.formats.dossier_deliveries import read_deliveries
from features.intake.formats.dossier_files import is_dossiers
from features.intake.formats.folder import entries, table_files
from features.intake.formats.incoming import Incoming, check_versions, refuse_orphans
from features.intake.formats.person_key import PersonKey
from features.intake.formats.rejects import gather, save_rejects
from features.intake.formats.tabular import RawTable, read_table
from features.intake.parsing import parse_table
from features.records.declarations import CONTRACT, RECORD_TYPES, Records
from features.records.schema import RecordType

RawTables = Iterator[tuple[RecordType, RawTable]]


@dataclass(frozen=True)
class Intake:
    """What came in: accepted records, refused cells, and counts of rows for every table."""

    records: Records
    rejects: pd.DataFrame
    repeats: dict[str, int]
    notes: tuple[str, ...]
    read: dict[str, int]
    refused: dict[str, int]
    is_delivery: bool = False  # dossiers of a training centre: the state of learners on a day

    def write_rejects(self, folder: Path) -> Path:
        """Write rejects.csv (file, line, table, column, expected, got, reason) into `folder`.

        Raises StorageError: the disk refused the write; nothing half-written is left.
        """
        return save_rejects(self.rejects, folder)


def take_in(
    path: Path,
    *,
    received_on: pd.Timestamp | None = None,
    known_contracts: Iterable[str] | None = None,
    person_key: PersonKey | None = None,
) -> Intake:
    """Read every record of a folder of tables, a file of dossiers V3 or a folder of such files.

    `received_on` is the day dossiers reached us, for those whose file name holds no date. A folder
    with a manifest is verified first. `known_contracts` are contracts kept elsewhere, to which rows
    may refer as well; with them, the table of contracts may be missing. `person_key` names learners
    of dossiers that have no identifier.

    Raises InputError: nothing to read, an unknown table or column, a file that is damaged or is not
    what the manifest says. Faulty rows raise nothing: they are in `rejects`.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; check the path")
    dossiers = _dossier_files(path)
    if not dossiers:
        verify(path)
    if dossiers:
        raw = read_deliveries(dossiers, received_on=received_on, person_key=person_key)
    else:
        raw = _read_tables(path, alone=known_contracts is None)
    tables = _check(raw, known_contracts or ())
    return Intake(
        records=Records(**{table.record_type.name: table.rows for table in tables}),
        rejects=gather([part for table in tables for part in table.rejects]),
        repeats={table.record_type.name: table.repeats for table in tables},
        notes=tuple(dict.fromkeys(note for table in tables for note in table.notes)),
        read={table.record_type.name: table.read for table in tables},
        refused={table.record_type.name: table.refused for table in tables},
        is_delivery=bool(dossiers),
    )


def _dossier_files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else entries(path)
    if all(is_dossiers(file) for file in files):
        return files
    if path.is_file():
        raise InputError(f"{path.name}: expected a folder of tables or a file of dossiers")
    return []


def _read_tables(folder: Path, *, alone: bool) -> RawTables:
    files = table_files(folder)
    if not files:
        raise InputError(f"{folder}: no table in this folder; put contracts.csv or the like in it")
    if alone and CONTRACT.name not in files:
        raise InputError(
            f"{folder}: the table contracts is missing; add it, all others refer to it"
        )
    for record_type in RECORD_TYPES:
        for part in files.get(record_type.name, []):
            name = part.relative_to(folder).as_posix()
            yield record_type, read_table(part, table=record_type.name, name=name)


def _check(raw_tables: RawTables, known_contracts: Iterable[str]) -> list[Incoming]:
    """Parse file by file, each freed before the next, then check every table across its rows."""
    parts: dict[str, list[Incoming]] = {record_type.name: [] for record_type in RECORD_TYPES}
    for record_type, raw in raw_tables:
        parsed = parse_table(record_type, raw.frame, file=raw.file, lines=raw.lines)
        parts[record_type.name].append(Incoming.of_part(record_type, raw, parsed))
    tables = [check_versions(Incoming.joined(t, parts.pop(t.name))) for t in RECORD_TYPES]
    contract_ids = tables[RECORD_TYPES.index(CONTRACT)].rows["contract_id"]
    known = pd.concat([contract_ids, pd.Series(list(known_contracts), dtype="str")])
    return [refuse_orphans(table, known) for table in tables]
