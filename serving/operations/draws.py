"""The draw: one person at a time, concealed until they are entered, never twice.

The plan is frozen with the first draw and its seed made then; nobody sees the seed before the draw
is closed. What is refused leaves a line of the audit too.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from features.common.errors import ConflictError
from features.programme.draw import Assignment, arm_at, assign, commitment
from features.programme.plan import Programme
from features.programme.records import EnrolmentRow
from serving.actors import Actor, Role
from serving.auth.rights import require
from serving.context import AppContext, AuditedWrite
from serving.operations.aliases import alias_of
from serving.operations.enrolments import (
    ProgrammeRefusal,
    add_version,
    person_candidates,
    refuse_rules,
    undrawn_enrolment,
)
from serving.queries.programme import Candidate
from serving.store import programme
from serving.store.audit import Action
from serving.store.engine import Connection
from serving.store.programme import FrozenPlan

SEED_BYTES = 16


@dataclass(frozen=True)
class Drawn:
    """What a draw gave: the line of the log, and whether it froze the plan or closed the draw."""

    line: Assignment
    froze_plan: bool
    closed: bool


def draw_person(
    context: AppContext,
    *,
    actor: Actor,
    plan: Programme,
    person_id: str,
    new_version: bool = False,
) -> Drawn:
    """Draw the arm of a person who agreed and whose contract is signed.

    `new_version` lets a plan with another hash, and another version, take the place of the frozen
    one. Raises NotFoundError for a person the actor may not see; ConflictError for one who was
    drawn, is not in the queue or not eligible, a draw that is closed, a plan that is not the frozen
    one; InputError for a programme without a draw; ForbiddenError.
    """
    require(actor, roles=(Role.COORDINATOR,))
    subject = f"person:{person_id}"
    try:
        with context.audited(actor, Action.DRAW_PERSON, subject=subject) as write:
            drawn = _draw(context, write, plan, person_id, new_version=new_version)
            line = drawn.line
            write.details = {
                "programme": plan.code,
                "plan_hash": plan.hash,
                "position": line.position,
                "froze_plan": drawn.froze_plan,
                "closed": drawn.closed,
            }
            return drawn
    except ConflictError as refusal:
        with context.audited(actor, Action.REFUSE_DRAW, subject=subject) as write:
            write.details = {"programme": plan.code, "why": refusal.code}
        raise


def close_draw(context: AppContext, *, actor: Actor, code: str) -> None:
    """End the draw of a programme for good, also before its arms are full; its seed is shown then.

    Not for those who enrol. Raises ConflictError when no draw is open; ForbiddenError.
    """
    require(actor, roles=(Role.ADMINISTRATOR,))
    with context.audited(actor, Action.CLOSE_DRAW) as write:
        programme.lock(write.connection, code)
        if not programme.close_plans(write.connection, code, now=context.now()):
            raise ConflictError(
                "draw: expected an open draw to close, got none",
                code=ProgrammeRefusal.DRAW_CLOSED,
            )
        write.details = {"programme": code}


def _draw(
    context: AppContext, write: AuditedWrite, plan: Programme, person_id: str, *, new_version: bool
) -> Drawn:
    found = person_candidates(context, write, plan, person_id)
    log = programme.draw_log(write.connection, plan.code)
    _refuse_second_draw(context, log, person_id)
    enrolment = undrawn_enrolment(write.connection, plan, person_id)
    if enrolment.status != "agreed":
        raise ConflictError(
            "draw: expected somebody who agreed, got one who has not",
            code=ProgrammeRefusal.NOT_IN_QUEUE,
        )
    chosen = _signed_contract(found, enrolment)
    frozen, froze = _frozen(context, write.connection, plan, log, new_version=new_version)
    line = assign(
        [line for line in log if line.plan_hash == plan.hash],
        plan=plan,
        seed=frozen.seed,
        person_id=person_id,
        contract_id=chosen.contract.contract_id,
        stratum=str(chosen.stratum),
        drawn_on=context.today,
    )
    _store(context, write, enrolment, chosen, line)
    closed = len(log) + 1 >= plan.arms.total
    if closed:
        programme.close_plans(write.connection, plan.code, now=context.now())
    return Drawn(line, froze, closed)


def _refuse_second_draw(context: AppContext, log: Sequence[Assignment], person_id: str) -> None:
    """Whoever was drawn and erased since is known by the alias that is left of them."""
    names = {person_id, alias_of(context)(f"person:{person_id}")}
    if any(line.person_id in names for line in log):
        raise ConflictError(
            "draw: expected somebody not drawn before, got one who was; nobody is drawn twice",
            code=ProgrammeRefusal.DRAWN_ALREADY,
        )


def _signed_contract(found: list[Candidate], enrolment: EnrolmentRow) -> Candidate:
    """Return the contract they enrolled with, or the last to start of those that may be drawn."""
    able = [one for one in found if not one.against_draw]
    if not able:
        enrolled = [one for one in found if one.contract.contract_id == enrolment.contract_id]
        refuse_rules((enrolled or found)[-1].against_draw)
    of_enrolment = [one for one in able if one.contract.contract_id == enrolment.contract_id]
    return (of_enrolment or sorted(able, key=lambda one: one.contract.started_on))[-1]


def _frozen(
    context: AppContext,
    connection: Connection,
    plan: Programme,
    log: Sequence[Assignment],
    *,
    new_version: bool,
) -> tuple[FrozenPlan, bool]:
    """Return the frozen plan to draw under, frozen now if it is the first draw of its version."""
    before = programme.plans(connection, plan.code)
    if (before and before[-1].closed_at is not None) or len(log) >= plan.arms.total:
        raise ConflictError(
            "draw: expected an open draw, got one that is closed", code=ProgrammeRefusal.DRAW_CLOSED
        )
    if before and before[-1].plan_hash == plan.hash:
        return before[-1], False
    if before:
        _refuse_other_plan(plan, before, new_version=new_version)
    programme.close_plans(connection, plan.code, now=context.now())
    seed = secrets.token_hex(SEED_BYTES)
    arm_at(plan, seed=seed, stratum="", position=0)  # refuses a programme without a draw
    programme.freeze_plan(
        connection,
        programme=plan.code,
        version=plan.version,
        plan_hash=plan.hash,
        plan=plan.as_dict(),
        seed=seed,
        commitment=commitment(seed),
        now=context.now(),
    )
    return programme.plans(connection, plan.code)[-1], True


def _refuse_other_plan(plan: Programme, before: Sequence[FrozenPlan], *, new_version: bool) -> None:
    if plan.hash in {one.plan_hash for one in before}:
        raise ConflictError(
            f"draw: expected the plan in force, version {before[-1].version}, got an older one",
            code=ProgrammeRefusal.OLDER_PLAN,
        )
    if plan.version in {one.version for one in before}:
        raise ConflictError(
            f"draw: expected version {plan.version} as it was frozen with the first draw, got it "
            "changed; a changed plan is a new version",
            code=ProgrammeRefusal.PLAN_CHANGED,
        )
    if not new_version:
        raise ConflictError(
            f"draw: expected version {before[-1].version}, frozen with its first draw, got "
            f"{plan.version}; say --new-version to go on under it",
            code=ProgrammeRefusal.PLAN_CHANGED,
        )


def _store(
    context: AppContext,
    write: AuditedWrite,
    enrolment: EnrolmentRow,
    chosen: Candidate,
    line: Assignment,
) -> None:
    programme.add_draw(
        write.connection,
        line,
        programme=enrolment.programme,
        recorded_at=context.now(),
        recorded_by=write.actor.name,
    )
    drawn = enrolment._replace(
        contract_id=line.contract_id,
        site=chosen.contract.training_centre_uai,
        status="drawn",
        drawn_on=line.drawn_on,
        stratum=line.stratum,
        arm=line.arm,
        plan_hash=line.plan_hash,
    )
    add_version(context, write, drawn)
