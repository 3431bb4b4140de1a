"""Versions of the model: kept when a worker first serves them, shown with their figures."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from serving.actors import Role
from serving.context import House
from serving.operations.models import keep_model_served
from serving.runtime.background import Background
from serving.store import models
from tests.lib.site import actions
from tests.pages.visitors import visiting


def _served(house: House) -> list[models.ServedModel]:
    with house.store.reading() as connection:
        return models.every(connection)


def test_a_version_is_kept_once_however_many_workers_serve_it(house: House) -> None:
    house.model.refresh()
    with ThreadPoolExecutor(4) as workers:
        kept = list(workers.map(lambda _: keep_model_served(house), range(8)))

    assert kept.count(True) == 1
    assert actions(house) == ["serve_model"]
    [served] = _served(house)
    assert served.version == house.model.current().bundle.version
    assert served.first_served_at == house.now()
    assert set(served.facts["figures"]["roc_auc"]) >= {"value", "low", "high"}


async def _begin(house: House) -> None:
    async with Background(house):
        pass


def test_a_worker_that_begins_keeps_the_version_it_serves(house: House) -> None:
    asyncio.run(_begin(house))

    assert len(_served(house)) == 1


def test_the_page_shows_the_history_and_how_to_contest(house: House) -> None:
    keep_model_served(house)
    version = house.model.current().bundle.version

    with visiting(house, Role.DATA) as client:
        page = client.get("/modele").text

    assert f"<code>{version}</code>" in page
    assert "16 mars 2026" in page
    assert "Ce niveau me paraît faux" in page
