"""What a screen reader reads of each page, kept as text: a change to it is seen and meant.

After a change that is meant: `VIGIE_UPDATE_SNAPSHOTS=1 pytest tests/pages/test_snapshots.py`. The
pages are those of the gallery, drawn from cases that never change.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from serving.wording import wording
from tests.pages import rendered_pages

FOLDER = Path(__file__).parent / "snapshots"
NAMES = [name for name, *_ in rendered_pages.all_pages(wording("fr"))]
UPDATING = bool(os.environ.get("VIGIE_UPDATE_SNAPSHOTS"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_reads_to_a_screen_reader_as_it_did_before(
    browser: Browser, shown: str, name: str
) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(f"{shown}/fr/{name}.html")
    page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
    snapshot = f"{page.locator('main').aria_snapshot()}\n"
    page.close()
    file = FOLDER / f"{name}.yaml"
    if UPDATING:
        file.parent.mkdir(exist_ok=True)
        file.write_text(snapshot, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == snapshot


def test_the_frame_reads_to_a_screen_reader_as_it_did_before(browser: Browser, shown: str) -> None:
    """Skip link, banner, menus and foot, once: they are the same around every page."""
    page = browser.new_page(locale="fr-FR")
    page.goto(f"{shown}/fr/suivis.html")
    page.evaluate("document.querySelectorAll('header details').forEach(d => d.open = true)")
    page.evaluate("document.querySelector('main').replaceChildren()")
    snapshot = f"{page.locator('body').aria_snapshot()}\n"
    page.close()
    file = FOLDER / "cadre.yaml"
    if UPDATING:
        file.write_text(snapshot, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == snapshot


def test_no_snapshot_outlives_its_page() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {*NAMES, "cadre"}
