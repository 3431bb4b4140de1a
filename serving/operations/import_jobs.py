"""Imports as jobs: begun, ended, failed when their process is gone, and their rejects."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from features.common.errors import NotFoundError
from features.common.json_types import JsonObject
from serving.actors import Actor, Role, Scope
from serving.context import AppContext, ReadSession
from serving.operations.imports import Imported
from serving.store import imports
from serving.store.audit import Action
from serving.store.imports import ImportJob, ImportStatus

__all__ = ["ImportJob", "ImportStatus"]  # what is returned here, for those who show it
SERVICE = Actor("service")
SHOWN = ["file", "line", "table", "column", "expected", "reason"]
MOST_SHOWN = 1_000  # rejects; the file of rejects holds them all
SILENCE = timedelta(minutes=2)  # a process that goes on says so every few seconds
REJECTS_RETENTION = timedelta(days=30)
INTERRUPTED = {
    "error": "VigieError",
    "reason": "import: the process that read the file is gone; send the file again",
}


def result_of(done: Imported) -> JsonObject:
    """Return what became of a file, without any value of it, as the API shows it."""
    return {
        "read": done.read,
        "accepted": done.stored,
        "repeated": done.repeated,
        "refused": done.refused,
        "rejects": done.rejects[SHOWN].head(MOST_SHOWN).to_dict("records"),
        "left_out": done.left_out[SHOWN].head(MOST_SHOWN).to_dict("records"),
        "notes": list(done.notes),
        "contracts": done.contracts,
        "assessed": done.assessed,
        "vanished": done.vanished,
    }


def begin_import(context: AppContext, *, actor: Actor) -> ImportJob:
    """Store that a file was received, and return its job."""
    import_id = secrets.token_urlsafe(16)
    subject = f"import:{import_id}"
    with context.audited(actor, Action.BEGIN_IMPORT, subject=subject) as write:
        return imports.add(write.connection, import_id, actor=actor.name, now=context.now())


def finish_import(
    context: AppContext,
    *,
    actor: Actor,
    import_id: str,
    status: ImportStatus,
    result: JsonObject | None = None,
    problem: Mapping[str, str] | None = None,
    rejects: str | None = None,
) -> None:
    """Store what became of an import; one that was reported as failed may still end well."""
    subject = f"import:{import_id}"
    with context.audited(actor, Action.FINISH_IMPORT, subject=subject) as write:
        write.details = {"status": status}
        ended = imports.finish(
            write.connection,
            import_id,
            status=status,
            now=context.now(),
            result=result,
            problem=problem,
            rejects=rejects,
        )
        if not ended:
            write.did_nothing()


def fail_abandoned(context: AppContext) -> int:
    """End the imports whose process is gone, and return how many: they may be sent again.

    An import is written in one transaction: nothing of it is half stored.
    """
    with context.store.reading() as connection:
        silent = imports.silent_since(connection, context.now() - SILENCE)
    for job in silent:
        finish_import(
            context,
            actor=SERVICE,
            import_id=job.import_id,
            status=ImportStatus.FAILED,
            problem=INTERRUPTED,
        )
    return len(silent)


def import_job(reads: ReadSession, *, import_id: str) -> ImportJob:
    """Return a job. Raises NotFoundError unless the actor sent the file or administers."""
    found = imports.find(reads.connection, import_id)
    if found is None or not _may_see(reads.actor, found):
        raise NotFoundError("import: expected one that is yours to see, got another id")
    return found


def read_rejects(context: AppContext, *, actor: Actor, import_id: str) -> str:
    """Return the refused rows of an import as CSV, as they came; the audit says who read them.

    Raises NotFoundError: not the actor's to see, nothing refused, or removed after thirty days.
    """
    subject = f"import:{import_id}"
    with context.audited(actor, Action.READ_REJECTS, subject=subject) as write:
        job = imports.find(write.connection, import_id)
        rejects = imports.rejects_of(write.connection, import_id)
        if job is None or rejects is None or not _may_see(actor, job):
            raise NotFoundError("import: expected one with rejects of yours, got another id")
        return rejects


def forget_rejects(context: AppContext, *, actor: Actor) -> None:
    """Remove the refused rows of imports that ended thirty days ago."""
    with context.audited(actor, Action.FORGET_REJECTS) as write:
        forgotten = imports.forget_rejects(
            write.connection, before=context.now() - REJECTS_RETENTION
        )
        write.details = {"imports": forgotten}
        if not forgotten:
            write.did_nothing()


def _may_see(actor: Actor, job: ImportJob) -> bool:
    administers = (
        actor.is_command or actor.role is Role.ADMINISTRATOR or Scope.ADMIN in actor.scopes
    )
    return administers or actor.name == job.actor
