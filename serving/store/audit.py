"""The audit: one line for everything that was written or shown, never changed afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from features.common.errors import StoreError
from features.common.json_types import JsonObject
from serving.store.tables import audit


class Action(StrEnum):
    """What was done, as it is stored; its words are `audit_action` in the wording files."""

    VIEW_CASE = "view_case"
    EXPLAIN = "explain"
    SCORE_CASE = "score_case"
    KEEP_CONTRACT = "keep_contract"
    KEEP_INTERVIEW = "keep_interview"
    KEEP_EVENT = "keep_event"
    KEEP_OUTCOME = "keep_outcome"
    WITHDRAW_CONTRACT = "withdraw_contract"
    WITHDRAW_INTERVIEW = "withdraw_interview"
    WITHDRAW_EVENT = "withdraw_event"
    WITHDRAW_OUTCOME = "withdraw_outcome"
    READ_RECORD = "read_record"
    GIVE_FEEDBACK = "give_feedback"
    IMPORT_RECORDS = "import_records"
    BEGIN_IMPORT = "begin_import"
    FINISH_IMPORT = "finish_import"
    READ_REJECTS = "read_rejects"
    FORGET_REJECTS = "forget_rejects"
    NAME_PERSON = "name_person"
    NAME_ORGANISATION = "name_organisation"
    NAME_ALL = "name_all"
    BEGIN_RESCORE = "begin_rescore"
    RESCORE_CHUNK = "rescore_chunk"
    FINISH_RESCORE = "finish_rescore"
    SERVE_MODEL = "serve_model"
    SUSPEND_SCORING = "suspend_scoring"
    RESUME_SCORING = "resume_scoring"
    ADD_ACCOUNT = "add_account"
    RESET_PASSWORD = "reset_password"  # noqa: S105  # an action, no secret
    DISABLE_ACCOUNT = "disable_account"
    ENABLE_ACCOUNT = "enable_account"
    CHANGE_CAPACITY = "change_capacity"
    ADD_KEY = "add_key"
    REVOKE_KEY = "revoke_key"
    ATTEMPT_SIGN_IN = "attempt_sign_in"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_OUT_EVERYWHERE = "sign_out_everywhere"
    CHANGE_PASSWORD = "change_password"  # noqa: S105  # an action, no secret
    ADD_WEBHOOK = "add_webhook"
    REMOVE_WEBHOOK = "remove_webhook"
    RETRY_WEBHOOK = "retry_webhook"
    RETIRE_WEBHOOK = "retire_webhook"
    FORGET_MESSAGES = "forget_messages"
    ERASE_PERSON = "erase_person"
    EXPORT_EXTRACT = "export_extract"
    INFORM_PERSON = "inform_person"
    RECORD_ANSWER = "record_answer"
    LEAVE_PROGRAMME = "leave_programme"
    DRAW_PERSON = "draw_person"
    REFUSE_DRAW = "refuse_draw"
    CLOSE_DRAW = "close_draw"
    KEEP_FOLLOW_UP = "keep_follow_up"
    FREEZE_WEEK = "freeze_week"
    BACK_UP = "back_up"
    RESTORE = "restore"


@dataclass(frozen=True)
class AuditLine:
    """A line as it was written."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    details: Mapping[str, object]


def write(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: Action,
    subject: str | None = None,
    details: JsonObject | None = None,
) -> None:
    """Add a line. `details` hold counts, versions and codes; nothing personal ever.

    Raises StoreError when the line is refused: what it describes must not happen then.
    """
    write_all(connection, at=at, actors=[actor], action=action, subject=subject, details=details)


def write_all(
    connection: Connection,
    *,
    at: datetime,
    actors: Sequence[str],
    action: Action,
    subject: str | None = None,
    details: JsonObject | None = None,
) -> None:
    """Add a line for each of some actors who did the same; raises as `write`."""
    line = {"at": at, "action": action, "subject": subject, "details": details or {}}
    try:
        connection.execute(_ADD, [{**line, "actor": actor} for actor in actors])
    except DBAPIError as error:
        raise StoreError("audit: expected to store its line, got a refusal; try again") from error


def was_written(
    connection: Connection, *, actor: str, action: Action, subject: str, since: datetime
) -> bool:
    """Return whether the actor did this to the subject after `since`."""
    t = audit.c
    query = select(t.id).where(
        t.subject == subject, t.actor == actor, t.action == action, t.at > since
    )
    return connection.execute(query.limit(1)).first() is not None


def search(
    connection: Connection,
    *,
    subject: str | None = None,
    actor: str | None = None,
    action: Action | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[AuditLine]:
    """Lines that match, the latest first."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    for column, value in ((audit.c.subject, subject), (audit.c.actor, actor)):
        if value:
            query = query.where(column == value)
    if action:
        query = query.where(audit.c.action == action)
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    return [AuditLine(*row) for row in connection.execute(query)]


_ADD = insert(audit)  # built once: it is part of every operation
