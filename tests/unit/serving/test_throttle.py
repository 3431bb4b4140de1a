"""Throttled sign-in: guesses slow down, and nobody is locked out by somebody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from serving.auth import throttle
from serving.auth.errors import ThrottledError
from serving.auth.throttle import Attempt
from serving.context import AppContext
from tests.lib.contexts import Clock, open_context
from tests.lib.sign_in_site import ADDRESS, HOME, NETWORK, stored_text


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model: nobody is scored here."""
    with open_context(database_url, tmp_path, clock=clock) as opened:
        yield opened


def guess(context: AppContext, email: str = ADDRESS, network: str = NETWORK) -> Attempt:
    """One attempt that is never forgiven."""
    with context.store.writing() as connection:
        return throttle.record_attempt(
            connection, settings=context.settings, email=email, network=network, now=context.now()
        )


def wait_after(context: AppContext, email: str = ADDRESS, network: str = NETWORK) -> int:
    """Seconds to wait, as the next attempt reads them."""
    with pytest.raises(ThrottledError) as refusal:
        guess(context, email, network)
    return refusal.value.retry_after


def test_after_five_failures_the_wait_grows_with_each_more(
    context: AppContext, clock: Clock
) -> None:
    for _ in range(5):
        guess(context)
    waits = []
    for _ in range(4):
        waits.append(wait_after(context))
        clock.move(seconds=waits[-1])
        guess(context)

    assert waits == [30, 60, 120, 240]


def test_being_asked_to_wait_does_not_lengthen_the_wait(context: AppContext, clock: Clock) -> None:
    for _ in range(5):
        guess(context)
    for _ in range(20):
        wait_after(context)
    clock.move(seconds=20)

    assert wait_after(context) == 10


def test_an_outsider_locks_nobody_out_from_elsewhere(context: AppContext) -> None:
    """The same address typed from another network is not refused, nor another one from there."""
    for _ in range(5):
        guess(context, network=HOME)
    assert wait_after(context, network=HOME) == 30

    guess(context, network=NETWORK)
    guess(context, email="louis.martin@example.org", network=HOME)


def test_case_and_spaces_of_an_address_do_not_start_afresh(context: AppContext) -> None:
    for email in ("a@b.fr", "A@b.fr", " a@b.fr", "a@B.FR ", "a\0@b.fr"):
        guess(context, email)

    assert wait_after(context, "a@b.fr") == 30


def test_a_network_that_tries_many_accounts_is_slowed_down(context: AppContext) -> None:
    for number in range(throttle.MOST_BY_NETWORK):
        guess(context, f"person{number}@example.org")

    assert wait_after(context, "one-more@example.org") == 30
    guess(context, "one-more@example.org", network=HOME)


def test_an_account_that_many_networks_try_is_slowed_down(context: AppContext) -> None:
    for number in range(throttle.MOST_BY_ACCOUNT):
        guess(context, network=f"10.0.{number}.1")

    assert wait_after(context, network="10.1.0.1") == 30


def test_an_ipv6_subscriber_is_one_network(context: AppContext) -> None:
    for number in range(5):
        guess(context, network=f"2001:db8:1:2::{number}")

    assert wait_after(context, network="2001:db8:1:2:ffff::1") == 30
    guess(context, network="2001:db8:1:3::1")


def test_a_success_forgets_the_failures_of_the_account(context: AppContext) -> None:
    for _ in range(4):
        guess(context)
    attempt = guess(context)
    with context.store.writing() as connection:
        throttle.reset(connection, attempt, now=context.now())

    for _ in range(5):
        guess(context)


def test_failures_are_forgotten_after_a_quarter_of_an_hour(
    context: AppContext, clock: Clock
) -> None:
    for _ in range(5):
        guess(context)
    clock.move(minutes=15)

    guess(context)


def test_a_burst_of_guesses_gets_no_further_than_one_by_one(context: AppContext) -> None:
    """Twenty at once, before any of them is known to be wrong."""

    def admitted(_: int) -> bool:
        try:
            guess(context)
        except ThrottledError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(admitted, range(20))) == 5


def test_neither_address_can_be_read_in_the_store(context: AppContext) -> None:
    guess(context)

    failures = stored_text(context, "sign_in_failures")
    assert len(failures.splitlines()) == 3
    assert "camille" not in failures
    assert NETWORK not in failures
