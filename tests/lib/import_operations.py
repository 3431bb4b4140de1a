"""One small call of every operation on imports as jobs, each after what must be there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations import import_jobs
from serving.operations.import_jobs import ImportStatus
from serving.store import imports

ID = "an-import"


def under_way(context: AppContext) -> None:
    """An import whose process reads on."""
    with context.store.writing() as connection:
        imports.add(connection, ID, actor=COMMAND.name, now=context.now())


def with_rejects(context: AppContext) -> None:
    """An import that ended with refused rows."""
    under_way(context)
    with context.store.writing() as connection:
        done, now = ImportStatus.DONE, context.now()
        imports.finish(connection, ID, status=done, now=now, rejects="file,line")


def later(context: AppContext) -> AppContext:
    """The same service, after the rejects may be stored."""
    moment = context.now() + import_jobs.REJECTS_RETENTION + timedelta(days=1)
    return replace(context, now=lambda: moment)


OPERATIONS: dict[str, Callable[[AppContext], object]] = {
    "begin_import": lambda context: import_jobs.begin_import(context, actor=COMMAND),
    "finish_import": lambda context: import_jobs.finish_import(
        context, actor=COMMAND, import_id=ID, status=ImportStatus.DONE
    ),
    "read_rejects": lambda context: import_jobs.read_rejects(context, actor=COMMAND, import_id=ID),
    "forget_rejects": lambda context: import_jobs.forget_rejects(later(context), actor=COMMAND),
}
PREPARE: dict[str, Callable[[AppContext], object]] = {
    "finish_import": under_way,
    "read_rejects": with_rejects,
    "forget_rejects": with_rejects,
}
