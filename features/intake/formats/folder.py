"""Which files of a folder hold which table."""

from pathlib import Path

from features.common.errors import InputError
from features.intake.formats.tabular import SUFFIXES
from features.records.declarations import RECORD_TYPES

MANIFEST = "manifest.json"
PROGRAMME = ("enrolments", "follow_ups")  # read by what reports the effect of a programme
IGNORED = (*PROGRAMME, "truth", "truth_contracts", MANIFEST, "rejects.csv", "SOURCE.txt")
TABLES = tuple(record_type.name for record_type in RECORD_TYPES)
NEARBY = (*SUFFIXES, ".json", ".jsonl", ".tsv", ".xlsx", ".xls", ".gz", ".zip")


def entries(folder: Path) -> list[Path]:
    """List what a folder holds for us: no hidden files, no truth, no manifest, no read-me."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name not in IGNORED
        and path.stem not in IGNORED
        and not path.name.startswith((".", "_", "README"))
    )


def table_files(folder: Path) -> dict[str, list[Path]]:
    """Find the files of each table: `contracts.csv`, or the parts in a folder `contracts/`.

    Raises InputError: an unknown table, or one table in two places or two file types.
    """
    found: dict[str, list[Path]] = {}
    for path in entries(folder):
        files = _parts(path) if path.is_dir() else [path]
        if path.stem not in TABLES or not files:
            _refuse_unknown(path)
        elif path.stem in found:
            raise InputError(
                f"{folder.name}: the table {path.stem} is there both as {found[path.stem][0].name} "
                f"and as {path.name}; keep one"
            )
        else:
            _check_types(path, files)
            found[path.stem] = files
    return found


def programme_files(folder: Path) -> list[Path]:
    """Find the files of a programme's enrolments and follow-ups, single or in parts."""
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
    suffixes = sorted({file.suffix for file in files})
    if len(suffixes) > 1:
        raise InputError(f"{path.name}: parts of several types ({', '.join(suffixes)}); keep one")
    if suffixes[0] not in SUFFIXES:
        raise InputError(f"{files[0].name}: expected {', '.join(SUFFIXES)}, got {suffixes[0]}")
