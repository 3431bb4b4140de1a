"""One import in a process of its own, under a memory limit: a file can take no worker down.

The process tells its parent how far it is, and at the end what became of the file. It never prints
what it met: a traceback could hold a value of the file.
"""

import resource
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from features.common.errors import VigieError
from features.intake.rejects_files import write_rejects
from serving.actors import Actor
from serving.context import AppContext
from serving.operations.import_jobs import result_of
from serving.operations.imports import Imported, import_records
from serving.runtime.upload_folders import upload_folder
from serving.settings import Settings

MOST_REJECTS = 20_000_000  # characters of refused rows that are stored
STATUS = Path("/proc/self/status")
TOO_MUCH = "import: expected a file that fits in {most} MiB of memory; send it in several parts"


@dataclass(frozen=True)
class Options:
    """How a file is to be read, as `import_records` takes it."""

    received_on: date | None = None
    full: bool = False
    confirm: bool = False

    def __call__(self) -> dict[str, Any]:
        """Return them by name."""
        return vars(self).copy()


@dataclass(frozen=True)
class ImportTask:
    """All that a process of its own needs to import a file."""

    settings: Settings
    clock: Callable[[], datetime]
    actor: Actor
    path: Path
    options: Options


@dataclass(frozen=True)
class Progress:
    """Contracts written so far, of how many."""

    done: int
    total: int


@dataclass(frozen=True)
class Finished:
    """What became of the file, or the error that ended the import: its class and sentence."""

    result: dict[str, Any] | None = None
    rejects: str | None = None
    error: str | None = None
    reason: str = ""


def run(task: ImportTask, pipe: Connection) -> None:
    """Import the file and tell `pipe` what became of it."""
    most = task.settings.import_memory
    try:
        limit_memory(most)
        finished = _imported(task, pipe)
    except VigieError as error:
        finished = Finished(error=type(error).__name__, reason=str(error))
    except MemoryError:
        finished = Finished(error="InputError", reason=TOO_MUCH.format(most=most >> 20))
    except BrokenPipeError:
        return  # nobody is there any more; nothing was written
    except Exception as error:  # whatever it is, its text may hold a value
        finished = Finished(error="VigieError", reason=f"import: stopped by {type(error).__name__}")
    pipe.send(finished)


def _imported(task: ImportTask, pipe: Connection) -> Finished:
    context = AppContext.open(task.settings, now=task.clock)
    try:
        done = import_records(
            context,
            actor=task.actor,
            path=task.path,
            progress=lambda *at: pipe.send(Progress(*at)),
            **task.options(),
        )
    finally:
        context.close()
    return Finished(result=result_of(done), rejects=_rejects(done, task.path))


def _rejects(done: Imported, delivery: Path) -> str | None:
    """Return the refused cells and their lines as CSV; None when there are none, or too many."""
    if not len(done.rejects) + len(done.left_out):
        return None
    with upload_folder() as folder:
        file = write_rejects(done.rejects, done.left_out, folder, delivery=delivery)
        text = file.read_text(encoding="utf-8")
    return text if len(text) <= MOST_REJECTS else None


def limit_memory(most: int) -> None:
    """Let this process take `most` bytes beside what it holds already.

    A system that does not say what a process holds (it has no /proc) sets no limit.
    """
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        held = int(lines["VmData"].split()[0]) * 1024
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (held + most, hard))
