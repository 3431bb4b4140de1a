"""The `vigie` command as its users run it: a real process, its exit code and what it printed."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BINARIES = Path(sys.executable).parent
# Wide, so that no sentence is broken over lines; no server but the files of the test.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")},
    "COLUMNS": "1000",
    "OMP_NUM_THREADS": "1",
    "PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}",
}


SECRET = "Camille-Durand"  # noqa: S105 - a person's name that no message may repeat


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def vigie(*arguments: object, folder: Path, limit: Callable[[], None] | None = None) -> Done:
    """Run a command in `folder`; `limit` is called in the new process before it starts."""
    done = subprocess.run(  # noqa: S603 - our own command
        [BINARIES / "vigie", *map(str, arguments)],
        cwd=folder,
        env=ENVIRONMENT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def small_files_only() -> None:
    """Let no file grow beyond a few bytes, as when the disk is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def no_room_for_a_store() -> None:
    """Let small files be written, such as a bundle's, but no database of runs."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))


def refused(done: Done, code: int) -> str:
    """The one sentence on stderr; no traceback, nobody's name, and the right exit code."""
    message = done.err.strip().splitlines()[-1]
    assert done.code == code, done.err
    assert message.startswith("vigie: ")
    assert "Traceback" not in done.err
    assert SECRET not in done.err + done.out
    return message


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
