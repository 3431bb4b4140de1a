"""Signing in as operations: what is left when a step in the middle fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from features.common.errors import StoreError
from serving.auth.passwords import is_outdated
from serving.context import AppContext
from serving.operations.sign_in import sign_in
from serving.store import accounts
from tests.lib.contexts import Clock, open_context
from tests.lib.sign_in_site import ADDRESS, NETWORK, PASSWORD, actions, settle, stored_text

WHEN = "WHEN (NEW.action = 'sign_in')"
FAILING_SECOND_AUDIT = {
    "sqlite": [
        f"CREATE TRIGGER no BEFORE INSERT ON audit {WHEN} BEGIN SELECT RAISE(ABORT, 'no'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'",
        f"CREATE TRIGGER no BEFORE INSERT ON audit FOR EACH ROW {WHEN} EXECUTE FUNCTION no()",
    ],
}


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model, with one person who has chosen PASSWORD."""
    with open_context(database_url, tmp_path, clock=clock) as opened:
        settle(opened)
        yield opened


def test_a_sign_in_that_cannot_be_audited_opens_no_session_and_forgives_nothing(
    context: AppContext,
) -> None:
    """The attempt is counted and audited by itself; what follows is written whole or not at all."""
    with context.store.writing() as connection:
        for statement in FAILING_SECOND_AUDIT[connection.dialect.name]:
            connection.execute(text(statement))
    with pytest.raises(StoreError):
        sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)

    assert stored_text(context, "sessions") == ""
    assert len(stored_text(context, "sign_in_failures").splitlines()) == 3
    assert actions(context)[-1] == "attempt_sign_in"


def test_a_success_leaves_no_trace_of_the_network(context: AppContext) -> None:
    sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)

    assert stored_text(context, "sign_in_failures") == ""


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(context: AppContext) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with context.store.writing() as connection:
        account = accounts.find_by_email(connection, ADDRESS)
        assert account is not None
        accounts.change(connection, account.id, password_hash=weaker)
    sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)

    with context.store.reading() as connection:
        renewed = accounts.find_by_email(connection, ADDRESS)
    assert renewed is not None
    assert renewed.password_hash is not None
    assert not is_outdated(renewed.password_hash)
    assert sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK).token


def test_expired_sessions_are_thrown_away_when_somebody_signs_in(
    context: AppContext, clock: Clock
) -> None:
    sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)
    clock.move(hours=3)
    sign_in(context, email=ADDRESS, password=PASSWORD, network=NETWORK)

    assert len(stored_text(context, "sessions").splitlines()) == 1
