"""The imports of one worker: one process at a time, watched, its end stored."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event

import structlog

from features.common.errors import StoreError
from serving.actors import Actor
from serving.context import AppContext
from serving.operations.import_jobs import ImportJob, ImportStatus, finish_import
from serving.runtime.import_process import Finished, ImportTask, Progress, run
from serving.store import imports

MOST_WAITING = 8  # files that wait in one worker; who sends the next is asked to come again
LOOK_SECONDS = 3.0
REFUSED = ("InputError", "ConflictError")
LOST = Finished(
    error="VigieError",
    reason="import: the process that read the file stopped before its end; send the file again",
)
log = structlog.get_logger("vigie.imports")


class ImportRunner:
    """Runs imports one after the other, each in a process of its own."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._unfinished: dict[str, Future[None]] = {}
        self._closing = Event()

    @property
    def is_full(self) -> bool:
        """Whether as many files wait as may."""
        return len(self._unfinished) >= MOST_WAITING

    def submit(self, job: ImportJob, task: ImportTask, *, folder: ExitStack) -> "Future[None]":
        """Run an import when its turn comes; `folder` holds its file and is closed at its end."""
        future = self._threads.submit(self._run, job.import_id, task)
        self._unfinished[job.import_id] = future

        def left(done: "Future[None]") -> None:
            self._unfinished.pop(job.import_id, None)
            folder.close()
            if done.cancelled():  # its turn never came
                self._end(job.import_id, task.actor, LOST)

        future.add_done_callback(left)
        return future

    def close(self) -> None:
        """Stop: what is under way or waits is reported as failed, and may be sent again."""
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, import_id: str, task: ImportTask) -> None:
        spawn = get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        child = spawn.Process(target=run, args=(task, theirs), daemon=True)
        child.start()
        theirs.close()  # or the end of the process would not be seen
        try:
            finished = self._follow(import_id, ours)
        finally:
            child.terminate()
            child.join()
            ours.close()
        self._end(import_id, task.actor, finished)

    def _follow(self, import_id: str, ours: Connection) -> Finished:
        """Return what the process told at last, or that it stopped before its end."""
        at = Progress(0, 0)
        while not self._closing.is_set():
            try:
                message = ours.recv() if ours.poll(LOOK_SECONDS) else at
            except EOFError:
                return LOST
            if isinstance(message, Finished):
                return message
            at = message
            # A database whose one writer is the import refuses this for a while.
            with suppress(StoreError):
                self._note(import_id, at)
        return LOST

    def _note(self, import_id: str, at: Progress) -> None:
        """Store that these imports go on, and how far the one under way is."""
        with self._context.store.writing() as connection:
            imports.note_seen(connection, list(self._unfinished), now=self._context.now())
            imports.note_progress(connection, import_id, done=at.done, total=at.total)

    def _end(self, import_id: str, actor: Actor, finished: Finished) -> None:
        status = ImportStatus.FAILED if finished.error else ImportStatus.DONE
        if finished.error in REFUSED:
            status = ImportStatus.REFUSED
        problem = {"error": finished.error, "reason": finished.reason} if finished.error else None
        try:
            finish_import(
                self._context,
                actor=actor,
                import_id=import_id,
                status=status,
                result=finished.result,
                problem=problem,
                rejects=finished.rejects,
            )
        except StoreError:  # it is reported as failed once nobody has seen its process for a while
            log.warning("import_end_not_stored", status=status)
