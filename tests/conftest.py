"""What every test shares: small examples drawn alike on every run, one thread, one office."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from tests.lib.office import Office, shared_office

settings.register_profile("vigie", derandomize=True, deadline=None, max_examples=20)
settings.load_profile("vigie")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost more than they bring on a few rows; the tests run on both cores as it is."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A programme in service, made once for all workers: the first makes it, the others wait."""
    folder = tmp_path_factory.getbasetemp()
    return shared_office(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
