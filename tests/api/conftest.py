"""The application of a house, asked in-process, with keys of every right."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from serving.actors import COMMAND, Scope
from serving.app import create_app
from serving.context import House
from serving.operations.keys import add_key
from tests.lib.api import Api

MakeApi = Callable[..., Api]


@pytest.fixture
def make_api(house: House) -> Iterator[MakeApi]:
    """Ask `house` with a key of some scopes (all of them unless told), or with no key."""
    app = create_app(house)
    made: list[Api] = []

    def make(*scopes: Scope, key: str | None = None, **headers: Any) -> Api:
        text = key or new_key(house, *(scopes or tuple(Scope)))
        made.append(Api(app, headers={"Authorization": f"Bearer {text}", **headers}))
        return made[-1]

    yield make
    for api in made:
        api.close()
    app.state.scoring_desk.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """Ask with a key that may do everything."""
    return make_api()


def new_key(house: House, *scopes: Scope) -> str:
    return add_key(house, actor=COMMAND, name="test", scopes=scopes).text
