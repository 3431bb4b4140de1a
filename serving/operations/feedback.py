"""What an advisor answers to an assessment: kept, audited, and never a change of the score."""

from datetime import date

from features.common.errors import InputError, NotFoundError
from serving.actors import Actor, Scope
from serving.context import AppContext
from serving.store import contract_summaries, feedback
from serving.store.audit import Action

KINDS = {
    "agree": "d'accord",
    "disagree": "pas d'accord",
    "action": "action menée",
    "snooze": "à revoir plus tard",
}
REASONS = {
    "situation_changed": "la situation a changé",
    "information_missing": "il manque une information",
    "information_wrong": "une information est fausse",
    "known_and_handled": "la difficulté est connue et prise en charge",
    "level_too_high": "le niveau semble trop élevé",
    "level_too_low": "le niveau semble trop faible",
    "interview_planned": "un entretien est prévu",
    "other": "autre raison",
}


def give_feedback(
    context: AppContext,
    *,
    actor: Actor,
    contract_id: str,
    kind: str,
    reason: str | None = None,
    comment: str | None = None,
    until: date | None = None,
) -> int:
    """Keep an answer to the assessment in force and return its number.

    Raises NotFoundError for a contract the actor may not see, InputError for an unknown kind or
    reason, a disagreement without a reason or a snooze without a day to come.
    """
    _check(kind, reason, until, today=context.today)
    subject = f"contract:{contract_id}"
    with context.audited(actor, Action.GIVE_FEEDBACK, subject=subject) as write:
        seen = contract_summaries.visible_to(actor)
        if actor.scopes & {Scope.FEEDBACK_WRITE}:
            seen = contract_summaries.visible_to(Actor(actor.name, scopes=frozenset({Scope.ADMIN})))
        contract_summary = contract_summaries.find(write.connection, contract_id, seen=seen)
        if contract_summary is None:
            raise NotFoundError("contract: expected one that is yours to see, got another id")
        write.details = {
            "kind": kind,
            "reason": reason,
            "assessment_id": contract_summary.assessment_id,
        }
        return feedback.add(
            write.connection,
            contract_id=contract_id,
            assessment_id=contract_summary.assessment_id,
            kind=kind,
            reason=reason,
            comment=comment,
            until=until,
            actor=actor.name,
            now=context.now(),
        )


def _check(kind: str, reason: str | None, until: date | None, *, today: date) -> None:
    if kind not in KINDS:
        raise InputError(f"feedback.kind: expected one of {', '.join(KINDS)}, got another word")
    if reason is not None and reason not in REASONS:
        raise InputError(f"feedback.reason: expected one of {', '.join(REASONS)}, got another word")
    if kind in ("disagree", "snooze") and reason is None:
        raise InputError(f"feedback.reason: expected a reason with {kind}, got none")
    if kind == "snooze" and (until is None or until <= today):
        raise InputError("feedback.until: expected a day to come with snooze, got none")
