"""Imports as jobs: who sent a file, how far it went, what became of it, and what was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from features.common.json_types import JsonObject
from serving.store.tables import imports


class ImportStatus(StrEnum):
    """Where an import stands."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # the file cannot be used; sending it again changes nothing
    FAILED = "failed"  # something else went wrong; it may be sent again


@dataclass(frozen=True)
class ImportJob:
    """One import; `problem` holds the name of the error and its sentence."""

    import_id: str
    actor: str
    status: ImportStatus
    created_at: datetime
    seen_at: datetime
    finished_at: datetime | None
    done: int
    total: int
    result: JsonObject | None
    problem: Mapping[str, str] | None

    @property
    def is_finished(self) -> bool:
        """Whether nothing will change any more."""
        return self.status is not ImportStatus.RUNNING


_FIELDS = [imports.c[name] for name in ImportJob.__dataclass_fields__]


def add(connection: Connection, import_id: str, *, actor: str, now: datetime) -> ImportJob:
    """Begin a job."""
    values = {
        "import_id": import_id,
        "actor": actor,
        "status": ImportStatus.RUNNING,
        "created_at": now,
        "seen_at": now,
        "done": 0,
        "total": 0,
    }
    connection.execute(insert(imports), values)
    found = find(connection, import_id)
    assert found is not None  # noqa: S101  # it was just written
    return found


def find(connection: Connection, import_id: str) -> ImportJob | None:
    """Return a job, None for an unknown one."""
    query = select(*_FIELDS).where(imports.c.import_id == import_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else _job(row)


def note_seen(connection: Connection, import_ids: Sequence[str], *, now: datetime) -> None:
    """Note that the process of these jobs goes on."""
    t = imports.c
    running = t.import_id.in_(import_ids) & t.finished_at.is_(None)
    connection.execute(update(imports).where(running).values(seen_at=now))


def note_progress(connection: Connection, import_id: str, *, done: int, total: int) -> None:
    """Note how many contracts of a job are written."""
    t = imports.c
    running = (t.import_id == import_id) & t.finished_at.is_(None)
    connection.execute(update(imports).where(running).values(done=done, total=total))


def finish(
    connection: Connection,
    import_id: str,
    *,
    status: ImportStatus,
    now: datetime,
    result: JsonObject | None = None,
    problem: Mapping[str, str] | None = None,
    rejects: str | None = None,
) -> bool:
    """End a job, and return whether it had not ended yet.

    One that was reported as failed, because its process was not seen for long, may end otherwise.
    """
    t = imports.c
    values = {
        "status": status,
        "finished_at": now,
        "seen_at": now,
        "result": result,
        "problem": problem,
        "rejects": rejects,
    }
    open_still = t.finished_at.is_(None) | (t.status == ImportStatus.FAILED)
    which = (t.import_id == import_id) & open_still
    return connection.execute(update(imports).where(which).values(values)).rowcount > 0


def silent_since(connection: Connection, moment: datetime) -> list[ImportJob]:
    """Return the unfinished jobs whose process was last seen before a moment."""
    t = imports.c
    query = select(*_FIELDS).where(t.finished_at.is_(None), t.seen_at < moment)
    return [_job(row) for row in connection.execute(query.order_by(t.import_id)).mappings()]


def rejects_of(connection: Connection, import_id: str) -> str | None:
    """Return the refused rows of a job, with what came, as CSV; None when there are none left."""
    query = select(imports.c.rejects).where(imports.c.import_id == import_id)
    rejects: str | None = connection.execute(query).scalar_one_or_none()
    return rejects


def forget_rejects(connection: Connection, *, before: datetime) -> int:
    """Remove the refused rows of the jobs that ended before a moment; return how many had any."""
    old = imports.c.rejects.is_not(None) & (imports.c.finished_at < before)
    return connection.execute(update(imports).where(old).values(rejects=None)).rowcount


def forget_rejects_of(connection: Connection, ids: Sequence[str]) -> None:
    """Remove the refused rows of every job that name one of these persons or contracts."""
    named = or_(*(imports.c.rejects.contains(one, autoescape=True) for one in ids))
    connection.execute(update(imports).where(named).values(rejects=None))


def _job(row: Mapping[Any, Any]) -> ImportJob:
    return ImportJob(**{**row, "status": ImportStatus(row["status"])})
