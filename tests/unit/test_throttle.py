"""Throttled sign-in: guesses slow down, and nobody is locked out by somebody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from serving.auth import throttle
from serving.auth.errors import ThrottledError
from serving.auth.throttle import Attempt
from serving.context import House
from tests.lib.house import Clock, open_house
from tests.lib.site import ADDRESS, HOME, OFFICE, everything_kept


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house without a model: nobody is scored here."""
    with open_house(database_url, tmp_path, clock=clock) as opened:
        yield opened


def guess(house: House, email: str = ADDRESS, network: str = OFFICE) -> Attempt:
    """One attempt that is never forgiven."""
    with house.store.writing() as connection:
        return throttle.admit(
            connection, settings=house.settings, email=email, network=network, now=house.now()
        )


def wait_after(house: House, email: str = ADDRESS, network: str = OFFICE) -> int:
    """Seconds to wait, as the next attempt is told."""
    with pytest.raises(ThrottledError) as told:
        guess(house, email, network)
    return told.value.retry_after


def test_after_five_failures_the_wait_grows_with_each_more(house: House, clock: Clock) -> None:
    for _ in range(5):
        guess(house)
    waits = []
    for _ in range(4):
        waits.append(wait_after(house))
        clock.move(seconds=waits[-1])
        guess(house)

    assert waits == [30, 60, 120, 240]


def test_being_told_to_wait_does_not_lengthen_the_wait(house: House, clock: Clock) -> None:
    for _ in range(5):
        guess(house)
    for _ in range(20):
        wait_after(house)
    clock.move(seconds=20)

    assert wait_after(house) == 10


def test_an_outsider_locks_nobody_out_from_elsewhere(house: House) -> None:
    """The same address typed from another network is not refused, nor another one from there."""
    for _ in range(5):
        guess(house, network=HOME)
    assert wait_after(house, network=HOME) == 30

    guess(house, network=OFFICE)
    guess(house, email="louis.martin@example.org", network=HOME)


def test_case_and_spaces_of_an_address_do_not_start_afresh(house: House) -> None:
    for email in ("a@b.fr", "A@b.fr", " a@b.fr", "a@B.FR ", "a\0@b.fr"):
        guess(house, email)

    assert wait_after(house, "a@b.fr") == 30


def test_a_network_that_tries_many_accounts_is_slowed_down(house: House) -> None:
    for number in range(throttle.MOST_BY_NETWORK):
        guess(house, f"person{number}@example.org")

    assert wait_after(house, "one-more@example.org") == 30
    guess(house, "one-more@example.org", network=HOME)


def test_an_account_that_many_networks_try_is_slowed_down(house: House) -> None:
    for number in range(throttle.MOST_BY_ACCOUNT):
        guess(house, network=f"10.0.{number}.1")

    assert wait_after(house, network="10.1.0.1") == 30


def test_an_ipv6_subscriber_is_one_network(house: House) -> None:
    for number in range(5):
        guess(house, network=f"2001:db8:1:2::{number}")

    assert wait_after(house, network="2001:db8:1:2:ffff::1") == 30
    guess(house, network="2001:db8:1:3::1")


def test_a_success_forgets_the_failures_of_the_account(house: House) -> None:
    for _ in range(4):
        guess(house)
    attempt = guess(house)
    with house.store.writing() as connection:
        throttle.forgive(connection, attempt, now=house.now())

    for _ in range(5):
        guess(house)


def test_failures_are_forgotten_after_a_quarter_of_an_hour(house: House, clock: Clock) -> None:
    for _ in range(5):
        guess(house)
    clock.move(minutes=15)

    guess(house)


def test_a_burst_of_guesses_gets_no_further_than_one_by_one(house: House) -> None:
    """Twenty at once, before any of them is known to be wrong."""

    def admitted(_: int) -> bool:
        try:
            guess(house)
        except ThrottledError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(admitted, range(20))) == 5


def test_neither_address_can_be_read_in_the_store(house: House) -> None:
    guess(house)

    kept = everything_kept(house, "sign_in_failures")
    assert len(kept.splitlines()) == 3
    assert "camille" not in kept
    assert OFFICE not in kept
