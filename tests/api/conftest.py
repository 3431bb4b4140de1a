"""The application of a context, asked in-process, with keys of every right."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from serving.actors import COMMAND, Scope
from serving.app import create_app
from serving.context import AppContext
from serving.operations.keys import add_key
from tests.lib.api import Api
from tests.lib.contexts import Clock
from tests.lib.oidc_provider import PEOPLE, Provider, running_provider
from tests.lib.sign_in_site import open_site, settle

MakeApi = Callable[..., Api]


@pytest.fixture
def make_api(context: AppContext) -> Iterator[MakeApi]:
    """Ask the service with a key of some scopes (all of them unless told), or with no key."""
    app = create_app(context)
    made: list[Api] = []

    def make(*scopes: Scope, key: str | None = None, **headers: Any) -> Api:
        text = key or new_key(context, *(scopes or tuple(Scope)))
        made.append(Api(app, headers={"Authorization": f"Bearer {text}", **headers}))
        return made[-1]

    yield make
    for api in made:
        api.close()
    app.state.import_runner.close()
    app.state.scoring_queue.close()


@pytest.fixture
def empty_site(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[FastAPI]:
    """A site to sign in to, without anybody yet."""
    with open_site(database_url, tmp_path, clock) as app:
        yield app


@pytest.fixture
def site(empty_site: FastAPI) -> FastAPI:
    """A site with one person who has chosen PASSWORD."""
    settle(empty_site.state.context)
    return empty_site


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """Ask with a key that may do everything."""
    return make_api()


def new_key(context: AppContext, *scopes: Scope) -> str:
    return add_key(context, actor=COMMAND, name="test", scopes=scopes).text


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    """One provider for every test that signs in there."""
    with running_provider(*PEOPLE) as started:
        yield started


@pytest.fixture
def oidc_site(
    database_url: str, tmp_path: Path, clock: Clock, provider: Provider
) -> Iterator[FastAPI]:
    """A site that believes the provider."""
    settings = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": "vigie",
        "oidc_client_secret": "a secret of the tests",
    }
    with open_site(database_url, tmp_path, clock, **settings) as app:
        yield app
