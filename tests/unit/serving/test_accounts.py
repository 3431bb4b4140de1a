"""Accounts: invited, disabled, let in again; each change one line of audit that names nobody."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import COMMAND, Actor, Role, Scope
from serving.auth.errors import ForbiddenError, WrongPasswordError
from serving.context import AppContext
from serving.operations import accounts, keys
from serving.operations.sign_in import SignedIn, sign_in
from serving.queries.administration import accounts_of_people, keys_of_machines
from tests.lib.contexts import Clock, open_context
from tests.lib.read_once import read
from tests.lib.sign_in_site import (
    ADDRESS,
    NAME,
    NETWORK,
    PASSWORD,
    actions,
    invite,
    settle,
    stored_text,
)

ADVISOR = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
SCORER = Actor("key:a", scopes=frozenset({Scope.SCORE}))


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model: nobody is scored here."""
    with open_context(database_url, tmp_path, clock=clock) as opened:
        yield opened


def enter(context: AppContext, password: str) -> SignedIn:
    return sign_in(context, email=ADDRESS, password=password, network=NETWORK)


def test_an_invited_person_signs_in_once_with_a_password_to_change(context: AppContext) -> None:
    assert enter(context, invite(context)).must_change_password


def test_a_disabled_person_is_let_in_no_more_until_enabled(context: AppContext) -> None:
    settle(context)
    enter(context, PASSWORD)
    accounts.disable_account(context, actor=COMMAND, email=ADDRESS)

    assert stored_text(context, "sessions") == ""
    with pytest.raises(WrongPasswordError):
        enter(context, PASSWORD)
    accounts.enable_account(context, actor=COMMAND, email=ADDRESS)
    assert not enter(context, PASSWORD).must_change_password


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(context: AppContext) -> None:
    settle(context)
    enter(context, PASSWORD)
    fresh = accounts.reset_password(context, actor=COMMAND, email=ADDRESS.upper())

    assert stored_text(context, "sessions") == ""
    with pytest.raises(WrongPasswordError):
        enter(context, PASSWORD)
    assert enter(context, str(fresh.one_time_password)).must_change_password


def test_an_account_without_a_password_has_none_that_is_right(context: AppContext) -> None:
    values: dict[str, Any] = {"email": ADDRESS, "name": NAME, "role": Role.DATA}
    assert (
        accounts.add_account(
            context, actor=COMMAND, with_password=False, **values
        ).one_time_password
        is None
    )

    for password in ("", "None", PASSWORD):
        with pytest.raises(WrongPasswordError):
            enter(context, password)


def test_the_audit_names_nobody_and_holds_one_line_for_each_change(context: AppContext) -> None:
    password = invite(context)
    accounts.reset_password(context, actor=COMMAND, email=ADDRESS)
    accounts.disable_account(context, actor=COMMAND, email=ADDRESS)
    accounts.enable_account(context, actor=COMMAND, email=ADDRESS)

    assert actions(context) == [
        "add_account",
        "reset_password",
        "disable_account",
        "enable_account",
    ]
    audited = stored_text(context, "audit")
    assert not [word for word in (ADDRESS, NAME, password, "Camille", "camille") if word in audited]


def test_what_is_shown_of_an_account_in_a_log_names_nobody(context: AppContext) -> None:
    password = invite(context)
    shown = repr(read(context, accounts_of_people)) + repr(enter(context, password))

    assert not [word for word in (ADDRESS, NAME, password, "argon2") if word in shown]


@pytest.mark.parametrize(
    "again",
    [
        {"email": f" {ADDRESS.upper()} "},
        {"email": "louis@example.org", "advisor_id": "A1"},
        {"email": "louis@example.org", "advisor_id": "A2", "subject": "s1"},
    ],
)
def test_one_address_one_advisor_and_one_subject_have_one_account(
    context: AppContext, again: dict[str, Any]
) -> None:
    invite(context, advisor_id="A1", subject="s1")
    with pytest.raises(ConflictError, match="account: expected") as refused:
        invite(context, **again)
    assert ADDRESS not in str(refused.value)
    assert actions(context) == ["add_account"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"email": "camille"}, "email"),
        ({"email": "a b@c.fr"}, "email"),
        ({"email": "a\0@c.fr"}, "email"),
        ({"name": " "}, "name"),
        ({"advisor_id": None}, "advisor_id"),
        ({"role": Role.COORDINATOR, "site": ""}, "site"),
        ({"language": "de"}, "language"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(
    context: AppContext, values: dict[str, Any], what: str
) -> None:
    with pytest.raises(InputError, match=f"account: {what}: expected"):
        accounts.add_account(
            context,
            **{
                "actor": COMMAND,
                "email": ADDRESS,
                "name": NAME,
                "role": Role.ADVISOR,
                "advisor_id": "A1",
                **values,
            },
        )
    assert stored_text(context, "accounts", "audit") == ""


@pytest.mark.parametrize(
    "change", [accounts.reset_password, accounts.disable_account, accounts.enable_account]
)
def test_changing_an_account_that_is_not_there_is_reported(
    context: AppContext, change: Callable[..., object]
) -> None:
    with pytest.raises(NotFoundError):
        change(context, actor=COMMAND, email="nobody@example.org")


@pytest.mark.parametrize("actor", [ADVISOR, SCORER])
def test_nobody_but_an_administrator_touches_accounts_and_keys(
    context: AppContext, actor: Actor
) -> None:
    new = {"email": ADDRESS, "name": NAME, "role": Role.DATA}
    attempts: list[Callable[[], object]] = [
        lambda: accounts.add_account(context, actor=actor, **new),  # type: ignore[arg-type]  # a table
        lambda: accounts.reset_password(context, actor=actor, email=ADDRESS),
        lambda: accounts.disable_account(context, actor=actor, email=ADDRESS),
        lambda: accounts.enable_account(context, actor=actor, email=ADDRESS),
        lambda: read(context, accounts_of_people, actor=actor),
        lambda: keys.add_key(context, actor=actor, name="n", scopes=[Scope.SCORE]),
        lambda: keys.revoke_key(context, actor=actor, key_id="k"),
        lambda: read(context, keys_of_machines, actor=actor),
    ]
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            attempt()
    assert stored_text(context, "accounts", "api_keys", "audit") == ""
