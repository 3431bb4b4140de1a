"""Rights: who may do what, drawn as a table."""

import pytest

from serving.actors import COMMAND, Actor, Role, Scope
from serving.auth.errors import ForbiddenError
from serving.auth.rights import require, require_administrator

ADVISOR = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
COORDINATOR = Actor("account:2", role=Role.COORDINATOR, account_id=2, site="Nantes")
DATA = Actor("account:3", role=Role.DATA, account_id=3)
ADMINISTRATOR = Actor("account:4", role=Role.ADMINISTRATOR, account_id=4)
SCORER = Actor("key:a", scopes=frozenset({Scope.SCORE}))
ADMIN_KEY = Actor("key:b", scopes=frozenset({Scope.ADMIN}))
EVERYBODY = (ADVISOR, COORDINATOR, DATA, ADMINISTRATOR, SCORER, ADMIN_KEY, COMMAND)


def allowed(scope: Scope | None, roles: tuple[Role, ...]) -> set[str]:
    names = set()
    for actor in EVERYBODY:
        try:
            require(actor, scope=scope, roles=roles)
        except ForbiddenError:
            continue
        names.add(actor.name)
    return names


@pytest.mark.parametrize(
    ("scope", "roles", "names"),
    [
        (None, (), {"command"}),
        (Scope.SCORE, (), {"command", "key:a"}),
        (Scope.ADMIN, (), {"command", "key:b"}),
        (Scope.RECORDS_WRITE, (), {"command"}),
        (None, (Role.ADVISOR,), {"command", "account:1"}),
        (None, (Role.COORDINATOR, Role.DATA), {"command", "account:2", "account:3"}),
        (Scope.SCORE, (Role.ADMINISTRATOR,), {"command", "key:a", "account:4"}),
    ],
)
def test_a_machine_needs_the_scope_and_a_person_a_role(
    scope: Scope | None, roles: tuple[Role, ...], names: set[str]
) -> None:
    """No scope implies another; nobody is let in by what was not asked for."""
    assert allowed(scope, roles) == names


def test_only_administrators_manage_accounts_and_keys() -> None:
    for actor in (ADMINISTRATOR, ADMIN_KEY, COMMAND):
        require_administrator(actor)
    for actor in (ADVISOR, COORDINATOR, DATA, SCORER):
        with pytest.raises(ForbiddenError, match="scope admin or the role administrator"):
            require_administrator(actor)
