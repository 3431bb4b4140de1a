"""A service that really sends: today's clock, and little patience."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.context import AppContext, system_clock
from tests.lib.contexts import Clock, open_context

PATIENCE = 2.0


@pytest.fixture
def clock() -> Clock:
    """The real moment: a receiver refuses a signature of another day."""
    return Clock(system_clock())


@pytest.fixture
def context(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[AppContext]:
    """A context without a model, with little patience."""
    with open_context(
        database_url, tmp_path, clock=clock, webhook_timeout_seconds=PATIENCE
    ) as opened:
        yield opened
