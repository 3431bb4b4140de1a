"""What every test shares: small examples drawn alike on every run, one thread, one training."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from serving.context import AppContext
from tests.lib.contexts import Clock, open_context, shared_bundles
from tests.lib.databases import database
from tests.lib.trained_programme import TrainedProgramme, shared_programme

settings.register_profile("vigie", derandomize=True, deadline=None, max_examples=20)
settings.load_profile("vigie")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads cost more than they bring on a few rows; the tests run on both cores as it is."""
    with threadpool_limits(1):
        yield


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of a run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database: the test runs once on each kind."""
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of bundles with a champion learned on a small programme."""
    return shared_bundles(_shared_folder(tmp_path_factory))


@pytest.fixture
def clock() -> Clock:
    """The clock of `context`, at noon of a Monday until it is moved."""
    return Clock()


@pytest.fixture
def context(database_url: str, bundles: Path, clock: Clock) -> Iterator[AppContext]:
    """A service on a real database with a real model."""
    with open_context(database_url, bundles, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def trained_programme(tmp_path_factory: pytest.TempPathFactory) -> TrainedProgramme:
    """A programme in service, made once for all workers: the first makes it, the others wait."""
    return shared_programme(_shared_folder(tmp_path_factory))
