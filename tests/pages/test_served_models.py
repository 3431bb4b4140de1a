"""Versions of the model: kept when a worker first serves them, shown with their figures."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from serving.actors import Role
from serving.context import AppContext
from serving.operations.models import keep_model_served
from serving.runtime.background import Background
from serving.store import models
from tests.lib.sign_in_site import actions
from tests.pages.clients_by_role import visiting


def _served(context: AppContext) -> list[models.ServedModel]:
    with context.store.reading() as connection:
        return models.every(connection)


def test_a_version_is_stored_once_however_many_workers_serve_it(context: AppContext) -> None:
    context.model.refresh()
    with ThreadPoolExecutor(4) as workers:
        recorded = list(workers.map(lambda _: keep_model_served(context), range(8)))

    assert recorded.count(True) == 1
    assert actions(context) == ["serve_model"]
    [served] = _served(context)
    assert served.version == context.model.current().bundle.version
    assert served.first_served_at == context.now()
    assert set(served.facts["figures"]["roc_auc"]) >= {"value", "low", "high"}


async def _begin(context: AppContext) -> None:
    async with Background(context):
        pass


def test_a_worker_that_begins_keeps_the_version_it_serves(context: AppContext) -> None:
    asyncio.run(_begin(context))

    assert len(_served(context)) == 1


def test_the_page_shows_the_history_and_how_to_contest(context: AppContext) -> None:
    keep_model_served(context)
    version = context.model.current().bundle.version

    with visiting(context, Role.DATA) as client:
        page = client.get("/modele").text

    assert f"<code>{version}</code>" in page
    assert "16 mars 2026" in page
    assert "Ce niveau me paraît faux" in page
