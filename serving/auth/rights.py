"""What an actor may do: a scope for machines, a role for people, anything for a command."""

from serving.actors import Actor, Role, Scope
from serving.auth.errors import ForbiddenError


def require(actor: Actor, *, scope: Scope | None = None, roles: tuple[Role, ...] = ()) -> None:
    """Raise ForbiddenError unless the actor is a command, has the scope, or one of the roles.

    No scope given: no machine may. No role given: no person may. No scope implies another.
    """
    if actor.is_command:
        return
    if actor.role is not None and actor.role in roles:
        return
    if actor.role is None and scope is not None and scope in actor.scopes:
        return
    raise ForbiddenError(f"access: expected {_wanted(scope, roles)}, got none of them")


def require_administrator(actor: Actor) -> None:
    """Raise ForbiddenError unless the actor may manage accounts and keys."""
    require(actor, scope=Scope.ADMIN, roles=(Role.ADMINISTRATOR,))


def _wanted(scope: Scope | None, roles: tuple[Role, ...]) -> str:
    wanted = ([f"the scope {scope}"] if scope else []) + [f"the role {role}" for role in roles]
    return " or ".join(wanted) or "a command typed on the server"
