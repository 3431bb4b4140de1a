"""API keys: made, shown once, verified, revoked, expired."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from features.common.errors import InputError, NotFoundError
from serving.actors import COMMAND, Scope
from serving.auth import api_keys
from serving.auth.errors import ExpiredKeyError, RevokedKeyError, UnauthenticatedError
from serving.context import AppContext
from serving.operations.keys import NewKey, add_key, revoke_key
from serving.queries.administration import keys_of_machines
from serving.store.keys import Key
from tests.lib.contexts import Clock, open_context
from tests.lib.read_once import read
from tests.lib.sign_in_site import actions, stored_text


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model: nobody is scored here."""
    with open_context(database_url, tmp_path, clock=clock) as opened:
        yield opened


def make(context: AppContext, expires_days: int | None = None) -> NewKey:
    scopes = [Scope.SCORE, Scope.RECORDS_WRITE]
    return add_key(context, actor=COMMAND, name="Ypareo", scopes=scopes, expires_days=expires_days)


def verify(context: AppContext, text: str) -> Key:
    with context.store.reading() as connection:
        return api_keys.verify(connection, settings=context.settings, text=text, now=context.now())


def test_a_key_says_who_asks_and_what_it_opens(context: AppContext) -> None:
    key = make(context)
    actor = api_keys.actor_of(verify(context, key.text))

    assert actor.name == f"key:{key.key_id}"
    assert actor.scopes == {Scope.SCORE, Scope.RECORDS_WRITE}
    assert actor.role is None
    assert not actor.is_command


def test_a_key_is_stored_hashed_and_its_secret_is_nowhere(context: AppContext) -> None:
    key = make(context)
    secret = key.text.split("_", 2)[2]

    assert secret not in stored_text(context, "api_keys", "audit")
    assert secret not in repr(key)
    assert actions(context) == ["add_key"]


def test_two_keys_are_never_alike(context: AppContext) -> None:
    assert len({make(context).text for _ in range(5)}) == 5


@pytest.mark.parametrize("tamper", [
    lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
    lambda text: text.replace("vgk_", "vgk_0"),
    lambda text: text.upper(),
    lambda text: text + "x",
    lambda text: text[:20],
    lambda _: "",
    lambda _: "vgk__",
    lambda _: f"vgk_000000000000_{'A' * 43}",
    lambda _: "é" * 60,
    lambda _: "vgk_" + "1" * 1_000_000,
])  # fmt: skip
def test_anything_but_the_key_is_unknown(context: AppContext, tamper) -> None:  # type: ignore[no-untyped-def]  # small lambdas
    with pytest.raises(UnauthenticatedError) as refused:
        verify(context, tamper(make(context).text))
    assert type(refused.value) is UnauthenticatedError


def test_the_secret_of_one_key_does_not_open_another(context: AppContext) -> None:
    one, other = make(context), make(context)
    mixed = f"vgk_{one.key_id}_{other.text.split('_', 2)[2]}"

    with pytest.raises(UnauthenticatedError):
        verify(context, mixed)


def test_a_revoked_key_says_so_to_who_holds_it(context: AppContext, clock: Clock) -> None:
    key = make(context)
    revoke_key(context, actor=COMMAND, key_id=key.key_id)
    clock.move(days=1)
    revoke_key(context, actor=COMMAND, key_id=key.key_id)

    with pytest.raises(RevokedKeyError):
        verify(context, key.text)
    [listed] = read(context, keys_of_machines)
    assert listed.revoked_at == listed.created_at, "the first time stays"


def test_a_key_opens_until_its_last_moment(context: AppContext, clock: Clock) -> None:
    key = make(context, expires_days=30)
    clock.move(days=30, seconds=-1)
    assert verify(context, key.text).key_id == key.key_id
    clock.move(seconds=1)

    with pytest.raises(ExpiredKeyError):
        verify(context, key.text)


def test_a_key_of_another_secret_opens_nothing(context: AppContext) -> None:
    """What is stored proves nothing without the programme's secret."""
    key = make(context)
    other = context.settings.model_copy(
        update={"secret_key": type(context.settings.secret_key)("z" * 40)}
    )

    with context.store.reading() as connection, pytest.raises(UnauthenticatedError):
        api_keys.verify(connection, settings=other, text=key.text, now=context.now())


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"scopes": []}, "scopes"),
        ({"name": "  "}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"expires_days": 0}, "expires_days"),
        ({"expires_days": 10**9}, "expires_days"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(context: AppContext, values, what: str) -> None:  # type: ignore[no-untyped-def]  # a table of overrides
    with pytest.raises(InputError, match=f"key: {what}: expected"):
        add_key(context, **{"actor": COMMAND, "name": "n", "scopes": [Scope.SCORE], **values})
    assert actions(context) == []


def test_revoking_a_key_that_is_not_there_is_reported(context: AppContext) -> None:
    with pytest.raises(NotFoundError):
        revoke_key(context, actor=COMMAND, key_id="nothing")
