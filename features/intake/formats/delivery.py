"""What was delivered: a folder or file of tables, a zip of them, or files of dossiers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.common.errors import InputError
from features.intake.formats.archives import unpack
from features.intake.formats.dossier_files import is_dossiers
from features.intake.formats.folder import entries


@contextmanager
def opened_delivery(path: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Give the folder or file of tables, and the files of dossiers where it is one of those.

    A zip is unpacked for as long. Raises InputError: nothing there, or a zip of something else.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; check the path")
    if path.is_file() and path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="vigie-tables-") as folder:
            yield unpack(path, Path(folder)), []
        return
    files = [path] if path.is_file() else entries(path)
    yield path, files if files and all(is_dossiers(file) for file in files) else []
