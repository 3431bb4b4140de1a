"""Which files of a folder hold which table."""

from pathlib import Path

from features.common.errors import InputError
from features.intake.formats.tabular import SUFFIXES
from features.records.declarations import RECORD_TYPES

MANIFEST = "manifest.json"
PROGRAMME = (
    "enrolments",
    "follow_ups",
    "week_lists",
)  # read by what reports the effect of a programme
IGNORED = (
    *PROGRAMME,
    *("truth", "truth_contracts", MANIFEST, "rejects.csv", "rejects.xlsx", "SOURCE.txt"),
)
DUST = ("thumbs.db", "desktop.ini", "__macosx")  # what Windows and macOS leave in folders
TABLES = tuple(record_type.name for record_type in RECORD_TYPES)
NEARBY = (*SUFFIXES, ".json", ".jsonl", ".tsv", ".xls", ".ods", ".gz", ".zip")


def entries(folder: Path) -> list[Path]:
    """List what a folder holds for us: no hidden files, no truth, no manifest, no read-me."""
    return sorted(path for path in folder.iterdir() if not _left_alone(path))


def _left_alone(path: Path) -> bool:
    return (
        path.name in IGNORED
        or path.stem in IGNORED
        or path.name.startswith((".", "_", "~$", "README"))
        or path.name.lower() in DUST
    )


def table_files(folder: Path) -> dict[str, list[Path]]:
    """Find the files of each table: `contracts.csv`, or the parts in a folder `contracts/`.

    Names may be written in any case. Raises InputError: an unknown table, or one table in two
    places or two file types.
    """
    found: dict[str, list[Path]] = {}
    for path in entries(folder):
        files = _parts(path) if path.is_dir() else [path]
        table = path.stem.lower()
        if table not in TABLES or not files:
            _refuse_unknown(path)
        elif table in found:
            raise InputError(
                f"{folder.name}: the table {table} is there both as {found[table][0].name} "
                f"and as {path.name}; keep one"
            )
        else:
            _check_types(path, files)
            found[table] = files
    return found


def programme_files(folder: Path) -> list[Path]:
    """Find the files of enrolments, follow-ups and weekly lists, single or in parts."""
    return [
        file
        for path in sorted(folder.iterdir())
        if path.stem in PROGRAMME
        for file in (_parts(path) if path.is_dir() else [path])
    ]


def _parts(folder: Path) -> list[Path]:
    return [path for path in entries(folder) if path.is_file()]


def _refuse_unknown(path: Path) -> None:
    if path.is_dir() or path.suffix.lower() in NEARBY:
        raise InputError(
            f"{path.name}: not a table; expected {', '.join(TABLES)} "
            f"as {', '.join(SUFFIXES)} or a folder of parts; rename it or take it out"
        )


def _check_types(path: Path, files: list[Path]) -> None:
    suffixes = sorted({file.suffix.lower() for file in files})
    if len(suffixes) > 1:
        raise InputError(f"{path.name}: parts of several types ({', '.join(suffixes)}); keep one")
    if suffixes[0] not in SUFFIXES:
        raise InputError(f"{files[0].name}: expected {', '.join(SUFFIXES)}, got {suffixes[0]}")
