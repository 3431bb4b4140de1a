"""Writing folders and files whole or not at all."""

import errno
import fcntl
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from features.common.errors import StorageError


@contextmanager
def whole_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A temporary sibling to write into; it becomes `folder` only when everything was written.

    With `replace`, an existing folder gives way; without it, an existing folder that is not empty
    is a StorageError. A full disk or a refused write is a StorageError and leaves nothing behind.
    """
    if folder.exists() and not replace and any(folder.iterdir()):
        raise StorageError(f"{folder}: expected a new or empty folder, got one that holds files")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield temporary
        temporary.chmod(0o755)
        _take_place(temporary, folder, replace=replace)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _take_place(temporary: Path, folder: Path, *, replace: bool) -> None:
    """Rename over an absent or empty folder; one that holds files is first set aside.

    Another writer may be quicker between the two steps: then its folder is set aside in turn.
    """
    while True:
        try:
            temporary.rename(folder)
        except OSError as error:
            if not replace or error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            _remove(folder)
        else:
            return


def _remove(folder: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        with suppress(FileNotFoundError):
            folder.rename(old / folder.name)
    finally:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file, alone among the processes of this machine; wait for whoever holds it.

    The file stays; a process that ends gives the lock back. Raises StorageError when it cannot be
    written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise _refused(path, error) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refused(path: Path, error: OSError) -> StorageError:
    reason = error.strerror or type(error).__name__
    return StorageError(
        f"{path}: expected to be able to write, got « {reason} »; nothing was left half-written, "
        "free some space or choose another place"
    )


@contextmanager
def whole_file(path: Path, *, private: bool = False) -> Iterator[Path]:
    """A temporary sibling to write to; it becomes `path` only when it was written whole.

    Its name is its own: two writers of one file never mix, the last one stands. With `private`
    nobody but the owner may read the file, at no moment.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if private:
            temporary.touch(mode=0o600, exist_ok=False)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
