"""Folders that hold what was sent while it is imported: removed at the end, or by the next start.

What is sent names people; a worker that is killed removes nothing itself.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from features.common.errors import StorageError

PREFIX = "vigie-import-"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LEFT_SECONDS = 86_400.0  # no import lasts a day: an older folder is nobody's any more


@contextmanager
def upload_folder() -> Iterator[Path]:
    """Yield a new folder, removed at the end. Raises StorageError when the disk refuses."""
    try:
        with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise StorageError(
            "import: expected room on the disk for the file, got none; free some space"
        ) from error


def remove_left_folders() -> int:
    """Remove the folders that killed workers left more than a day ago, and return how many."""
    with upload_folder() as new:  # the disk's own clock dated the others too
        before = new.stat().st_mtime - LEFT_SECONDS
    left = [
        folder
        for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
        if folder.is_dir() and folder.stat().st_mtime < before
    ]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)  # another worker may do the same
    return len(left)
