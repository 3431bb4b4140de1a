"""What became of a person after the contract: asked at the end, 6 and 12 months later."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from features.common.errors import ConflictError, InputError, NotFoundError
from features.programme.records import (
    ANSWER,
    JOB_KIND,
    MOMENT,
    SITUATION,
    EnrolmentRow,
    FollowUpRow,
)
from features.records.code_list import CodeList
from serving.actors import Actor
from serving.auth.rights import require
from serving.context import AppContext, AuditedWrite
from serving.operations.enrolments import ProgrammeRefusal, refuse_later_than_today
from serving.queries.programme import PERSONS_WHO_ENROL, follow_up_day
from serving.store import contract_summaries, programme, records
from serving.store.audit import Action

EARLY_DAYS = 30  # before the day it is due, an answer is about another moment
WORKING = ("job", "apprenticeship")


@dataclass(frozen=True)
class Answer:
    """What was asked of whom, and what they said; `situation` where they answered."""

    person_id: str
    moment: str
    asked_on: date
    answer: str
    situation: str | None = None
    job_kind: str | None = None
    job_related: bool | None = None


def keep_follow_up(context: AppContext, *, actor: Actor, reply: Answer) -> str:
    """Store an answer, or that nobody was reached, and return the follow-up's id.

    The same person, moment and day again is a correction, a new version; saying the same twice
    writes nothing. Raises NotFoundError for a person without a contract the actor may see;
    ConflictError for one who was not drawn, or left; InputError for an unknown code, an answer that
    contradicts itself, or a day before the draw, long before it is due or to come; ForbiddenError.
    """
    require(actor, roles=PERSONS_WHO_ENROL)
    _check_codes(reply)
    refuse_later_than_today("asked_on", reply.asked_on, context)
    subject = f"person:{reply.person_id}"
    with context.audited(actor, Action.KEEP_FOLLOW_UP, subject=subject) as write:
        drawn = _drawn(write, reply)
        same = [
            row
            for row in programme.follow_ups_in_force(write.connection, person_id=reply.person_id)
            if (row.moment, row.asked_on) == (reply.moment, reply.asked_on)
        ]
        row = _row(context, write, reply, drawn, same)
        if [one._replace(known_on=row.known_on, asked_by=row.asked_by) for one in same] == [row]:
            write.did_nothing()
        else:
            _add(context, write, row)
    return row.follow_up_id


def _drawn(write: AuditedWrite, reply: Answer) -> EnrolmentRow:
    """Return the last draw of a person, once all that contradicts the answer is refused."""
    connection = write.connection
    records.lock(connection, records.contracts_of_person(connection, reply.person_id))
    enrolled = programme.enrolments_in_force(connection, person_id=reply.person_id)
    drawn = [row for row in enrolled if row.drawn_on is not None]
    seen = contract_summaries.visible_to(write.actor)
    visible = programme.known_contracts(
        connection, seen=seen, before=date.max, person_id=reply.person_id
    )
    if not visible:
        raise NotFoundError("person: expected one with a contract yours to see, got another id")
    if not drawn:
        raise ConflictError(
            "follow-up: expected somebody drawn into a programme, got one who was not",
            code=ProgrammeRefusal.NOT_DRAWN,
        )
    if all(row.status == "withdrawn" for row in drawn):
        raise ConflictError(
            "follow-up: expected somebody in a programme, got one who left it",
            code=ProgrammeRefusal.LEFT,
        )
    _check_day(write, reply, drawn[-1])
    return drawn[-1]


def _check_day(write: AuditedWrite, reply: Answer, drawn: EnrolmentRow) -> None:
    if drawn.drawn_on is None or reply.asked_on < drawn.drawn_on:
        raise InputError("asked_on: expected a day after the draw, got one before it")
    contract = contract_summaries.find(write.connection, drawn.contract_id)
    if contract is None:
        return
    due_on = follow_up_day(contract, reply.moment)
    if reply.asked_on < due_on - timedelta(days=EARLY_DAYS):
        raise InputError(
            f"asked_on: expected {EARLY_DAYS} days before the moment {reply.moment} at the earliest"
        )


def _check_codes(reply: Answer) -> None:
    _check_code("moment", reply.moment, MOMENT)
    _check_code("answer", reply.answer, ANSWER)
    if (reply.situation is not None) != (reply.answer == "answered"):
        raise InputError("situation: expected one where somebody answered, and only there")
    if reply.situation is not None:
        _check_code("situation", reply.situation, SITUATION)
    if reply.job_kind is not None:
        _check_code("job_kind", reply.job_kind, JOB_KIND)
        if reply.situation != "job":
            raise InputError("job_kind: expected the situation job with it, got another")
    if reply.job_related is not None and reply.situation not in WORKING:
        raise InputError(f"job_related: expected a situation of {' or '.join(WORKING)} with it")


def _check_code(name: str, value: str, listing: CodeList) -> None:
    if value not in listing.codes:
        raise InputError(f"{name}: expected one of {', '.join(listing.codes)}, got another word")


def _row(
    context: AppContext,
    write: AuditedWrite,
    reply: Answer,
    drawn: EnrolmentRow,
    same: list[FollowUpRow],
) -> FollowUpRow:
    return FollowUpRow(
        follow_up_id=same[-1].follow_up_id if same else f"F-{secrets.token_hex(8)}",
        person_id=reply.person_id,
        contract_id=drawn.contract_id,
        moment=reply.moment,
        asked_on=reply.asked_on,
        asked_by=write.actor.name,
        answer=reply.answer,
        situation=reply.situation,
        job_kind=reply.job_kind,
        job_related=reply.job_related,
        known_on=context.today,
    )


def _add(context: AppContext, write: AuditedWrite, row: FollowUpRow) -> None:
    programme.add_follow_up(
        write.connection, row, recorded_at=context.now(), recorded_by=write.actor.name
    )
    write.details = {"moment": row.moment, "answer": row.answer}
