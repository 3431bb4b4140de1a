"""A browser, and the gallery shown to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pages import gallery
from tests.pages.showroom import showing

CHROMIUM = "/usr/bin/chromium"  # Debian's package


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the gallery, in French and in English."""
    folder: Path = tmp_path_factory.mktemp("gallery")
    for language in ("fr", "en"):
        gallery.write(folder / language, language=language)
    with showing(folder) as address:
        yield address
