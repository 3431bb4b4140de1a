"""A zip of tables -> a folder of tables, under names of ours and never more than was announced."""

import re
import zipfile
from pathlib import Path, PurePosixPath

from features.common.errors import InputError
from features.intake.formats.folder import DUST, NEARBY, TABLES
from features.intake.formats.tabular import SUFFIXES

MOST_MEMBERS = 1_000
LARGEST = 1 << 33
CHUNK = 1 << 20
_TABLES = "|".join(TABLES)
_SUFFIXES = "|".join(suffix[1:] for suffix in SUFFIXES)
_MEMBER = re.compile(
    rf"(?P<folder>(?:[^/]{{1,120}}/){{0,6}}?)"
    rf"(?:manifest\.json|(?:{_TABLES})(?:/[\w -]{{1,60}})?\.(?:{_SUFFIXES}))",
    re.IGNORECASE,
)


class TooLargeError(InputError):
    """An archive that unfolds to more than may be written."""


def unpack(file: Path, target: Path, *, largest: int = LARGEST) -> Path:
    """Write the tables of a zip into the folder `target` and return it.

    They may stand at the root of the zip or in one folder of it; what macOS and Windows leave
    beside them is left out. Raises InputError: not a zip that can be read, or one that holds
    something else. The message names no file, for its name may be a person's. Raises
    TooLargeError: more than `largest` bytes, or too many files.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _write(archive, target, largest)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise InputError("expected a zip file, got one that cannot be read") from error
    return target


def _write(archive: zipfile.ZipFile, target: Path, largest: int) -> None:
    members = [m for m in archive.infolist() if not m.is_dir() and not _is_left_alone(_name(m))]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > largest:
        raise TooLargeError(f"expected a zip of at most {largest >> 20} MiB unpacked, got more")
    for member, name in zip(members, _relative([_name(m) for m in members]), strict=True):
        path = target / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, path.open("wb") as file:
            while chunk := source.read(CHUNK):
                file.write(chunk)


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/")


def _is_left_alone(name: str) -> bool:
    """Return whether a folder would leave this file alone too: dust, and what is near no table."""
    parts = [part for part in name.split("/") if part != ".."]
    if any(part.startswith(".") or part.lower() in DUST for part in parts):
        return True
    far = Path(parts[-1]).suffix.lower() not in NEARBY
    return far and len(parts) == name.count("/") + 1


def _relative(names: list[str]) -> list[str]:
    """Return the names within the one folder that holds them all; refuse any that is no table."""
    found = [_MEMBER.fullmatch(name) for name in names]
    strange = [number for number, match in enumerate(found, 1) if match is None]
    folders = {match["folder"] for match in found if match is not None}
    if strange or not names or len(folders) > 1 or len({n.lower() for n in names}) < len(names):
        raise InputError(
            "expected a zip of tables (contracts.csv, interviews/part-0000.parquet …), "
            f"got another file as number {strange[0] if strange else len(names)}"
        )
    folder = folders.pop()
    if ".." in folder.split("/"):
        raise InputError("expected a zip of tables, got a path that leaves it")
    return [name.removeprefix(folder) for name in names]
