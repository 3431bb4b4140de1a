"""Which file, or sheet of a file, holds which table of what was delivered."""

from dataclasses import dataclass
from pathlib import Path

from features.common.errors import InputError
from features.intake.formats.folder import TABLES, table_files
from features.intake.formats.headers import known_names
from features.intake.formats.tabular import SUFFIXES, header_names
from features.intake.formats.workbooks import sheets
from features.records.declarations import CONTRACT, RECORD_TYPES
from features.records.schema import RecordType


@dataclass(frozen=True)
class Source:
    """One table, or one part of it: the file, the sheet in it, and what reports call it."""

    record_type: RecordType
    path: Path
    name: str
    sheet: str | None = None
    is_part: bool = False


def sources(path: Path) -> list[Source]:
    """List the tables of a folder or of a single file, in the order of the record types.

    A single file is the table its name tells, or each sheet of a workbook that bears the name of
    one, else the table its header looks most like. Raises InputError: a folder as `table_files`,
    another file than a table.
    """
    if path.is_file():
        found = _of_file(path)
    else:
        found = [
            Source(
                record_type,
                part,
                part.relative_to(path).as_posix(),
                is_part=part.parent != path,
            )
            for record_type in RECORD_TYPES
            for part in table_files(path).get(record_type.name, [])
        ]
    return found


def _of_file(path: Path) -> list[Source]:
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path.name}: expected a folder of tables, a table ({', '.join(SUFFIXES)}), a zip of "
            "tables or a .json file of dossiers"
        )
    if path.stem.lower() in TABLES:
        return [Source(_named(path.stem.lower()), path, path.name)]
    if path.suffix.lower() == ".xlsx":
        named = [sheet for sheet in sheets(path, name=path.name) if sheet.lower() in TABLES]
        if named:
            return [
                Source(_named(s.lower()), path, path.name, s)
                for s in sorted(named, key=lambda s: TABLES.index(s.lower()))
            ]
    return [Source(looks_like(path), path, path.name)]


def looks_like(path: Path) -> RecordType:
    """Return the record type whose columns a table file names most; contracts when it is a tie."""
    scores = {t.name: known_names(t, header_names(path, t)) for t in RECORD_TYPES}
    best = max(scores, key=lambda name: (scores[name], name == CONTRACT.name))
    return _named(best)


def _named(table: str) -> RecordType:
    return RECORD_TYPES[TABLES.index(table)]
