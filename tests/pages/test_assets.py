"""What is sent to browsers: nothing inline, light enough; vendored files say what they are."""

import gzip
import re
from pathlib import Path

import pytest

from serving.pages.shared.rendering import STATIC
from serving.pages.shared.suggestions import suggestions
from serving.wording import wording
from tests.pages import rendered_pages
from tools.vendor import PACKAGES, label_of

PAGES = {
    f"{language}/{name}": rendered_pages.html_of(
        template, views, frame, language=language, theme="auto"
    )
    for language in ("fr", "en")
    for name, template, views, frame in rendered_pages.all_pages(wording(language))
}
HEAVIEST = 150_000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_the_policy_forbids(name: str) -> None:
    """No style attribute, no inline script or style, no handler, no address elsewhere."""
    tags = re.findall(r"<[a-z][^>]*>", PAGES[name])

    assert [tag for tag in tags if re.search(r"\s(style|on[a-z]+)=", tag)] == []
    assert [t for t in tags if t.startswith("<style") or re.match(r"<script(?! src=)", t)] == []
    assert [t for t in tags if re.search(r'(?:src|href|action)="(?:https?:)?//', t)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_language_and_has_one_title(name: str) -> None:
    page = PAGES[name]

    assert f'<html lang="{name[:2]}"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1


@pytest.mark.parametrize("name", ["suivis-pages", "dossier", "saisie-interview"])
def test_a_first_visit_weighs_less_than_150_kilobytes(name: str) -> None:
    """Page, styles and scripts as they are transferred, the font apart."""
    page = PAGES[f"fr/{name}"]
    files = set(re.findall(r'"/static/([^"?]+)\?', page)) | {"vendor/pico/pico.min.css"}
    bodies = [(STATIC / file).read_bytes() for file in files if not file.endswith("woff2")]

    assert sum(len(gzip.compress(body)) for body in [page.encode(), *bodies]) < HEAVIEST


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.folder)
def test_a_vendored_library_says_what_it_is_and_keeps_its_licence(package: object) -> None:
    chosen = next(p for p in PACKAGES if p == package)
    folder = STATIC / "vendor" / chosen.folder

    assert (folder / "VENDOR.txt").read_text(encoding="utf-8") == label_of(chosen)
    assert {Path(file).name for file in chosen.files} | {"VENDOR.txt"} == {
        path.name for path in folder.iterdir()
    }


def test_every_theme_suggests_something_to_try() -> None:
    advice_file = suggestions()

    assert all(advice.step and advice.tries for advice in advice_file.themes.values())
    assert len(advice_file.themes) == 7
