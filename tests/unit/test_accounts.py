"""Accounts: invited, disabled, let in again; each change one line of audit that names nobody."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from features.common.errors import ConflictError, InputError, NotFoundError
from serving.actors import COMMAND, Actor, Role, Scope
from serving.auth.errors import ForbiddenError, WrongPasswordError
from serving.context import House
from serving.operations import accounts, keys
from serving.operations.sign_in import SignedIn, sign_in
from tests.lib.house import Clock, open_house
from tests.lib.site import ADDRESS, NAME, OFFICE, PASSWORD, actions, everything_kept, invite, settle

ADVISOR = Actor("account:1", role=Role.ADVISOR, account_id=1, advisor_id="A1")
SCORER = Actor("key:a", scopes=frozenset({Scope.SCORE}))


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house without a model: nobody is scored here."""
    with open_house(database_url, tmp_path, clock=clock) as opened:
        yield opened


def enter(house: House, password: str) -> SignedIn:
    return sign_in(house, email=ADDRESS, password=password, network=OFFICE)


def test_an_invited_person_signs_in_once_with_a_password_to_change(house: House) -> None:
    assert enter(house, invite(house)).must_change_password


def test_a_disabled_person_is_let_in_no_more_until_enabled(house: House) -> None:
    settle(house)
    enter(house, PASSWORD)
    accounts.disable_account(house, actor=COMMAND, email=ADDRESS)

    assert everything_kept(house, "sessions") == ""
    with pytest.raises(WrongPasswordError):
        enter(house, PASSWORD)
    accounts.enable_account(house, actor=COMMAND, email=ADDRESS)
    assert not enter(house, PASSWORD).must_change_password


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(house: House) -> None:
    settle(house)
    enter(house, PASSWORD)
    fresh = accounts.reset_password(house, actor=COMMAND, email=ADDRESS.upper())

    assert everything_kept(house, "sessions") == ""
    with pytest.raises(WrongPasswordError):
        enter(house, PASSWORD)
    assert enter(house, str(fresh.one_time_password)).must_change_password


def test_an_account_without_a_password_has_none_that_is_right(house: House) -> None:
    values: dict[str, Any] = {"email": ADDRESS, "name": NAME, "role": Role.DATA}
    assert (
        accounts.add_account(house, actor=COMMAND, with_password=False, **values).one_time_password
        is None
    )

    for password in ("", "None", PASSWORD):
        with pytest.raises(WrongPasswordError):
            enter(house, password)


def test_the_audit_names_nobody_and_holds_one_line_for_each_change(house: House) -> None:
    password = invite(house)
    accounts.reset_password(house, actor=COMMAND, email=ADDRESS)
    accounts.disable_account(house, actor=COMMAND, email=ADDRESS)
    accounts.enable_account(house, actor=COMMAND, email=ADDRESS)

    assert actions(house) == [
        "add_account",
        "reset_password",
        "disable_account",
        "enable_account",
    ]
    kept = everything_kept(house, "audit")
    assert not [word for word in (ADDRESS, NAME, password, "Camille", "camille") if word in kept]


def test_what_is_shown_of_an_account_in_a_log_names_nobody(house: House) -> None:
    password = invite(house)
    shown = repr(accounts.list_accounts(house, actor=COMMAND)) + repr(enter(house, password))

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
    house: House, again: dict[str, Any]
) -> None:
    invite(house, advisor_id="A1", subject="s1")
    with pytest.raises(ConflictError, match="account: expected") as refused:
        invite(house, **again)
    assert ADDRESS not in str(refused.value)
    assert actions(house) == ["add_account"]


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
    house: House, values: dict[str, Any], what: str
) -> None:
    with pytest.raises(InputError, match=f"account: {what}: expected"):
        accounts.add_account(
            house,
            **{
                "actor": COMMAND,
                "email": ADDRESS,
                "name": NAME,
                "role": Role.ADVISOR,
                "advisor_id": "A1",
                **values,
            },
        )
    assert everything_kept(house, "accounts", "audit") == ""


@pytest.mark.parametrize(
    "change", [accounts.reset_password, accounts.disable_account, accounts.enable_account]
)
def test_changing_an_account_that_is_not_there_is_told(
    house: House, change: Callable[..., object]
) -> None:
    with pytest.raises(NotFoundError):
        change(house, actor=COMMAND, email="nobody@example.org")


@pytest.mark.parametrize("actor", [ADVISOR, SCORER])
def test_nobody_but_an_administrator_touches_accounts_and_keys(house: House, actor: Actor) -> None:
    new = {"email": ADDRESS, "name": NAME, "role": Role.DATA}
    attempts: list[Callable[[], object]] = [
        lambda: accounts.add_account(house, actor=actor, **new),  # type: ignore[arg-type]  # a table
        lambda: accounts.reset_password(house, actor=actor, email=ADDRESS),
        lambda: accounts.disable_account(house, actor=actor, email=ADDRESS),
        lambda: accounts.enable_account(house, actor=actor, email=ADDRESS),
        lambda: accounts.list_accounts(house, actor=actor),
        lambda: keys.add_key(house, actor=actor, name="n", scopes=[Scope.SCORE]),
        lambda: keys.revoke_key(house, actor=actor, key_id="k"),
        lambda: keys.list_keys(house, actor=actor),
    ]
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            attempt()
    assert everything_kept(house, "accounts", "api_keys", "audit") == ""
