"""Enrolment: somebody is informed, agrees or declines, waits for the draw, may leave."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NoReturn

from features.common.errors import ConflictError, InputError, NotFoundError
from features.programme.eligibility import Rule
from features.programme.plan import Programme
from features.programme.records import EnrolmentRow
from serving.actors import Actor
from serving.auth.rights import require
from serving.context import AppContext, AuditedWrite, ReadSession
from serving.queries.programme import PERSONS_WHO_ENROL, Candidate, candidates
from serving.store import programme, records
from serving.store.audit import Action
from serving.store.engine import Connection

LONGEST_NOTICE = 40


class ProgrammeRefusal(StrEnum):
    """Why a programme refuses what is asked of it."""

    NOT_ELIGIBLE = "not_eligible"
    ENROLLED_ALREADY = "enrolled_already"
    ENROLLED_ELSEWHERE = "enrolled_elsewhere"
    NOT_INFORMED = "not_informed"
    NOT_IN_QUEUE = "not_in_queue"
    DRAWN_ALREADY = "drawn_already"
    NOT_DRAWN = "not_drawn"
    LEFT = "left"
    DRAW_CLOSED = "draw_closed"
    PLAN_CHANGED = "plan_changed"
    OLDER_PLAN = "older_plan"


@dataclass(frozen=True)
class Informed:
    """Who is informed, by whom, of which version of the notice."""

    person_id: str
    on: date
    notice_version: str


def inform_person(context: AppContext, *, actor: Actor, plan: Programme, informed: Informed) -> str:
    """Store that an eligible person was informed of the programme and return the enrolment's id.

    Raises NotFoundError for a person the actor may not see, ConflictError for one who is not
    eligible or is enrolled already, here or at another site, InputError for a day to come or a
    notice without a version; ForbiddenError.
    """
    require(actor, roles=PERSONS_WHO_ENROL)
    refuse_later_than_today("informed_on", informed.on, context)
    if not 0 < len(informed.notice_version.strip()) <= LONGEST_NOTICE:
        raise InputError(f"notice_version: expected 1 to {LONGEST_NOTICE} characters, got others")
    subject = f"person:{informed.person_id}"
    with context.audited(actor, Action.INFORM_PERSON, subject=subject) as write:
        found = person_candidates(context, write, plan, informed.person_id)
        _refuse_enrolled(write.connection, plan, found)
        row = _informed(plan, eligible_contract(found), informed, actor, context.today)
        add_version(context, write, row)
    return row.enrolment_id


def record_answer(
    context: AppContext, *, actor: Actor, plan: Programme, person_id: str, agreed: bool, on: date
) -> None:
    """Store what an informed person answered; who agreed waits for the draw from then on.

    Raises NotFoundError for a person the actor may not see, ConflictError for one who was not
    informed, is not eligible any more, was drawn or left, InputError for a day before they were
    informed or to come; ForbiddenError.
    """
    require(actor, roles=PERSONS_WHO_ENROL)
    refuse_later_than_today("answered_on", on, context)
    subject = f"person:{person_id}"
    with context.audited(actor, Action.RECORD_ANSWER, subject=subject) as write:
        found = person_candidates(context, write, plan, person_id)
        row = undrawn_enrolment(write.connection, plan, person_id)
        if on < row.informed_on:
            raise InputError("answered_on: expected the day they were informed or later")
        if agreed:
            eligible_contract(found)
        status = "agreed" if agreed else "declined"
        add_version(context, write, row._replace(status=status, answered_on=on))


def withdraw_person(context: AppContext, *, actor: Actor, plan: Programme, person_id: str) -> None:
    """Store that a person leaves the programme; whoever was drawn keeps their arm.

    They are asked no more, and stay in the analysis by intention to treat. Raises NotFoundError for
    a person the actor may not see, ConflictError for one who is not enrolled or left before;
    ForbiddenError.
    """
    require(actor, roles=PERSONS_WHO_ENROL)
    subject = f"person:{person_id}"
    with context.audited(actor, Action.LEAVE_PROGRAMME, subject=subject) as write:
        person_candidates(context, write, plan, person_id)
        row = _enrolment(write.connection, plan, person_id)
        add_version(context, write, row._replace(status="withdrawn"))


def person_candidates(
    context: AppContext, write: AuditedWrite, plan: Programme, person_id: str
) -> list[Candidate]:
    """Return the contracts of a person as they are known today, held to the end of the write.

    Raises NotFoundError when there is none, or none that is the actor's to see.
    """
    programme.lock(write.connection, plan.code)
    records.lock(write.connection, records.contracts_of_person(write.connection, person_id))
    reads = ReadSession(context, write.connection, write.actor)
    found = candidates(reads, plan, as_of=context.next_morning, person_id=person_id)
    if not found:
        raise NotFoundError("person: expected one with a contract yours to see, got another id")
    return found


def undrawn_enrolment(connection: Connection, plan: Programme, person_id: str) -> EnrolmentRow:
    """Return the enrolment of somebody not drawn yet. Raises ConflictError otherwise."""
    row = _enrolment(connection, plan, person_id)
    if row.drawn_on is not None:
        raise ConflictError(
            "enrolment: expected somebody not drawn yet, got one who was drawn",
            code=ProgrammeRefusal.DRAWN_ALREADY,
        )
    return row


def _enrolment(connection: Connection, plan: Programme, person_id: str) -> EnrolmentRow:
    rows = programme.enrolments_in_force(connection, programme=plan.code, person_id=person_id)
    if not rows:
        raise ConflictError(
            "enrolment: expected somebody informed of the programme, got one who was not",
            code=ProgrammeRefusal.NOT_INFORMED,
        )
    if rows[-1].status == "withdrawn":
        raise ConflictError(
            "enrolment: expected somebody in the programme, got one who left it",
            code=ProgrammeRefusal.LEFT,
        )
    return rows[-1]


def _refuse_enrolled(connection: Connection, plan: Programme, found: list[Candidate]) -> None:
    person_id = found[0].contract.person_id
    rows = programme.enrolments_in_force(connection, programme=plan.code, person_id=person_id)
    may_return = not plan.eligibility.once_per_person
    if not rows or (may_return and rows[-1].status == "withdrawn"):
        return
    here = rows[-1].site in {one.contract.training_centre_uai for one in found}
    raise ConflictError(
        "enrolment: expected somebody not enrolled yet, got one "
        + ("who is" if here else "enrolled at another site"),
        code=ProgrammeRefusal.ENROLLED_ALREADY if here else ProgrammeRefusal.ENROLLED_ELSEWHERE,
    )


def eligible_contract(found: list[Candidate]) -> Candidate:
    """Return the contract to enrol a person with: of those that meet the rules, the last to start.

    Raises ConflictError naming the rules when there is none.
    """
    able = [one for one in found if not one.unmet]
    if not able:
        refuse_rules(found[-1].unmet)
    return max(able, key=lambda one: (one.contract.started_on, one.contract.contract_id))


def refuse_rules(rules: tuple[Rule, ...]) -> NoReturn:
    """Raise ConflictError saying which rules stand against a person."""
    raise ConflictError(
        f"programme: expected somebody eligible, got rules against it: {', '.join(rules)}",
        code=ProgrammeRefusal.NOT_ELIGIBLE,
    )


def add_version(context: AppContext, write: AuditedWrite, row: EnrolmentRow) -> None:
    """Store a version of an enrolment as known today; the audit says the status alone."""
    programme.add_enrolment(
        write.connection,
        row._replace(known_on=context.today),
        recorded_at=context.now(),
        recorded_by=write.actor.name,
    )
    write.details = {"programme": row.programme, "status": row.status}


def _informed(
    plan: Programme, chosen: Candidate, informed: Informed, actor: Actor, today: date
) -> EnrolmentRow:
    return EnrolmentRow(
        enrolment_id=f"E-{secrets.token_hex(8)}",
        programme=plan.code,
        person_id=informed.person_id,
        contract_id=chosen.contract.contract_id,
        site=chosen.contract.training_centre_uai,
        status="informed",
        informed_on=informed.on,
        informed_by=actor.name,
        notice_version=informed.notice_version.strip(),
        answered_on=None,
        drawn_on=None,
        stratum=None,
        arm=None,
        plan_hash=None,
        known_on=today,
    )


def refuse_later_than_today(name: str, day: date, context: AppContext) -> None:
    """Raise InputError for a day to come."""
    if day > context.today:
        raise InputError(f"{name}: expected today or a day before, got a later one")
