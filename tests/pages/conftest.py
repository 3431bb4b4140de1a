"""A browser, the gallery shown to it, and the real site it visits."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from serving.actors import COMMAND
from serving.app import create_app
from serving.context import AppContext
from serving.operations import directory, records
from tests.lib.contexts import contract
from tests.lib.sign_in_site import ADDRESS, PASSWORD, TestClient, settle
from tests.lib.sign_in_site import browser as asking
from tests.pages import rendered_pages
from tests.pages.rendered_pages_server import showing
from tests.pages.running_site import Site, Visitor, open_site, welcome
from tests.pages.signed_in_clients import THEIRS, token_of

CHROMIUM = Path("/usr/bin/chromium")  # Debian's package
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
REQUIRED = ("CI", "VIGIE_BROWSER_REQUIRED")
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen; where it is required, its absence is a failure.

    One for each file of tests: while it is open, an event loop runs in this thread, and no other
    test could run one.
    """
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM}: expected Debian's chromium, got none (apt-get install chromium)"
        if any(os.environ.get(name) for name in REQUIRED):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery, in French and in English."""
    folder: Path = tmp_path_factory.mktemp("gallery")
    for language in ("fr", "en"):
        rendered_pages.write(folder / language, language=language)
    with showing(folder) as address:
        yield address


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, bundles: Path) -> Iterator[Site]:
    """The real service on SQLite with a small programme, shared by the journeys of a run."""
    with open_site("sqlite", tmp_path_factory.mktemp("site"), bundles) as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Visitors of `site` (or of another one); what their browsers complained of fails the test."""
    visitors: list[Visitor] = []

    def come(*, at: Site = site, **options: Any) -> Visitor:
        visitors.append(welcome(browser, at.url, **options))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.end()


@pytest.fixture
def visitor(context: AppContext) -> Iterator[TestClient]:
    """Somebody who is not signed in, at a site with two contracts of A1 and one of A2."""
    settle(context, advisor_id="A1")
    for name, advisor in (("C1", "A1"), ("C2", "A1"), (THEIRS, "A2")):
        records.keep_contract(context, actor=COMMAND, record=contract(name, advisor_id=advisor))
    directory.name_person(
        context, actor=COMMAND, person_id="P-C1", given_name="Inès", family_name="=M<b>"
    )
    app = create_app(context)
    with asking(app) as client:
        yield client


@pytest.fixture
def advisor(visitor: TestClient) -> TestClient:
    """The advisor A1, signed in."""
    typed = {"email": ADDRESS, "password": PASSWORD, "suite": "/suivis"}
    sent = visitor.post("/connexion", data={**typed, "csrf_token": token_of(visitor, "/connexion")})
    assert (sent.status_code, sent.headers["location"]) == (303, "/suivis")
    return visitor
