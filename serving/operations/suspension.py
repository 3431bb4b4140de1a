"""The kill switch: no score is made or shown anywhere until it is lifted."""

from features.common.errors import ConflictError, InputError
from serving.actors import Actor, Role, Scope
from serving.auth.rights import require
from serving.context import AppContext
from serving.store import suspensions
from serving.store.audit import Action
from serving.store.refusals import RefusalCode

LONGEST_WHY = 500


def suspend_scoring(context: AppContext, *, actor: Actor, why: str) -> None:
    """Hide every score from now on; `why` is shown in their place, so it names nobody.

    Raises InputError without a reason, ConflictError when scoring is suspended already.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    why = why.strip()
    if not 0 < len(why) <= LONGEST_WHY:
        raise InputError(
            f"suspension.why: expected a reason of 1 to {LONGEST_WHY} characters, got {len(why)}",
            code=RefusalCode.NO_REASON,
        )
    with context.audited(actor, Action.SUSPEND_SCORING) as write:
        if suspensions.current(write.connection) is not None:
            raise ConflictError(
                "suspension: expected scoring to be on, got it suspended already",
                code=RefusalCode.ALREADY_SUSPENDED,
            )
        suspensions.suspend(write.connection, why=why, now=context.now())


def resume_scoring(context: AppContext, *, actor: Actor) -> None:
    """Show scores again. Those made before are shown as they were; `vigie rescore` renews them.

    Raises ConflictError when scoring is not suspended.
    """
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))
    with context.audited(actor, Action.RESUME_SCORING) as write:
        if not suspensions.lift(write.connection, now=context.now()):
            raise ConflictError(
                "suspension: expected scoring to be suspended, got it on",
                code=RefusalCode.NOT_SUSPENDED,
            )
