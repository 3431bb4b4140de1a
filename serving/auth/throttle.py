"""Slowing down who guesses passwords, without letting an outsider lock somebody else out.

Failures count by account and network together (few), by network alone (a whole office signs in
from one) and by account alone (100, the ceiling of NIST SP 800-63B-4, 2025, section 3.2.2). An
attempt is counted as a failure before its password is looked at, and taken back if it succeeds: a
burst of simultaneous guesses gets no further than the same guesses one by one.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from serving.auth.errors import ThrottledError
from serving.auth.hashing import keyed_hash
from serving.settings import Settings
from serving.store import throttle
from serving.store.accounts import normal_email
from serving.store.engine import Connection

WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)
MOST_BY_PAIR, MOST_BY_NETWORK, MOST_BY_ACCOUNT = 5, 50, 100


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted, and what to forget if it succeeds."""

    pair: str
    account: str
    network_row: int


def record_attempt(
    connection: Connection, *, settings: Settings, email: str, network: str, now: datetime
) -> Attempt:
    """Count an attempt. Raises ThrottledError, and counts nothing, when there were too many."""
    email, network = normal_email(email), _network(network)
    pair = _subject(settings, "pair", f"{email}\0{network}")
    account = _subject(settings, "account", email)
    by_network = _subject(settings, "network", network)
    limits = ((pair, MOST_BY_PAIR), (by_network, MOST_BY_NETWORK), (account, MOST_BY_ACCOUNT))
    throttle.lock(connection, account)
    wait = max(_wait(connection, subject, most=most, now=now) for subject, most in limits)
    if wait > timedelta(0):
        raise ThrottledError(math.ceil(wait.total_seconds()))
    for subject in (pair, account):
        throttle.add(connection, subject, now=now)
    return Attempt(pair, account, throttle.add(connection, by_network, now=now))


def reset(connection: Connection, attempt: Attempt, *, now: datetime) -> None:
    """The attempt succeeded: the account starts afresh, and old failures are thrown away."""
    throttle.clear(connection, attempt.pair, attempt.account)
    throttle.take_back(connection, attempt.network_row)
    throttle.purge(connection, before=now - WINDOW)


def _wait(connection: Connection, subject: str, *, most: int, now: datetime) -> timedelta:
    """How long until the next attempt: 30 s, doubled with each failure, the window at most."""
    count, last = throttle.failures(connection, subject, since=now - WINDOW)
    if last is None or count < most:
        return timedelta(0)
    doubled = FIRST_WAIT * float(2 ** min(count - most, 10))
    return min(doubled, WINDOW) - (now - last)


def _subject(settings: Settings, kind: str, value: str) -> str:
    return keyed_hash(settings, purpose=f"throttle-{kind}", value=value)


def _network(address: str) -> str:
    """Return an IPv4 address, or the /64 that one IPv6 subscriber has to himself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped.compressed if parsed.ipv4_mapped else parsed.exploded[:19]
    return parsed.compressed
