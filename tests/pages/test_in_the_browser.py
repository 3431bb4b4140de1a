"""The gallery in a real browser, under the real policy: accessible, and nothing refused."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from serving.wording import wording
from tests.pages import rendered_pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAMES = [name for name, *_ in rendered_pages.all_pages(wording("fr"))]
MAIN = ("connexion", "suivis", "dossier", "saisie-interview")
PHONE = {"width": 320, "height": 640}  # also what 1280 px shows at 400 %


def _open(browser: Browser, address: str, **context: object) -> tuple[Page, list[str]]:
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]  # options by name
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


def _faults(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{fault['id']}: {node['html'][:100]}" for fault in found for node in fault["nodes"]]


def _judge(browser: Browser, shown: str, name: str, scheme: str, language: str = "fr") -> None:
    page, complaints = _open(browser, f"{shown}/{language}/{name}.html", color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert complaints == []  # before the rules, which try styles of their own
    assert _faults(page) == []
    page.context.close()


@pytest.mark.parametrize("name", MAIN)
def test_the_main_pages_break_no_rule_of_accessibility(
    browser: Browser, shown: str, name: str
) -> None:
    """WCAG 2.2 A and AA with everything unfolded; the console stays silent."""
    _judge(browser, shown, name, "light")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_breaks_no_rule_in_any_state(
    browser: Browser, shown: str, name: str, scheme: str
) -> None:
    """The same for every page in every state, light and dark."""
    _judge(browser, shown, name, scheme)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_english_pages_break_no_rule_either(browser: Browser, shown: str, name: str) -> None:
    """What stays French in an English page says that it is."""
    _judge(browser, shown, name, "light", "en")


@pytest.mark.parametrize("name", MAIN)
def test_nothing_is_cut_on_the_narrowest_screen(browser: Browser, shown: str, name: str) -> None:
    """At 320 px, which is also 400 % on a wide screen, nothing scrolls sideways."""
    page, _ = _open(browser, f"{shown}/fr/{name}.html", viewport=PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.context.close()


def test_the_chart_is_drawn_from_its_table(browser: Browser, shown: str) -> None:
    page, _ = _open(browser, f"{shown}/fr/dossier.html")

    assert page.locator("figure.chart canvas").count() == 1
    assert page.locator("#history-table tr[data-risk]").count() == 6
    page.context.close()


def test_without_scripts_the_table_can_be_opened_and_no_empty_chart_is_left(
    browser: Browser, shown: str
) -> None:
    page, _ = _open(browser, f"{shown}/fr/dossier.html", java_script_enabled=False)

    assert not page.locator("figure.chart").is_visible()
    page.get_by_text("Voir en tableau").click()
    assert page.locator("#history-table").is_visible()
    page.context.close()


def test_a_note_with_a_script_is_shown_as_text(browser: Browser, shown: str) -> None:
    page, complaints = _open(browser, f"{shown}/fr/dossier.html")

    page.get_by_text("Lire la note").first.click()

    assert "<script>alert('non')</script>" in page.locator(".note").first.inner_text()
    assert complaints == []
    page.context.close()


def test_a_draft_is_found_again_and_forgotten_once_stored(browser: Browser, shown: str) -> None:
    """The form keeps what is typed on the device until the record is stored."""
    page, _ = _open(browser, f"{shown}/fr/saisie-interview.html")
    page.locator("#note").fill("Un brouillon")
    page.get_by_text("Brouillon gardé").wait_for()

    page.reload()
    assert page.locator("#note").input_value() == "Un brouillon"
    assert page.get_by_text("Brouillon retrouvé").is_visible()

    page.goto(f"{shown}/fr/enregistre.html")
    assert page.evaluate("localStorage.length") == 0
    page.context.close()


def test_the_first_tab_leads_to_the_content(browser: Browser, shown: str) -> None:
    page, _ = _open(browser, f"{shown}/fr/suivis.html")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_nothing_moves_while_the_page_loads(browser: Browser, shown: str) -> None:
    """Cumulative layout shift, by the browser's own count."""
    page, _ = _open(browser, f"{shown}/fr/suivis.html")
    page.wait_for_timeout(300)

    shift = page.evaluate(
        "() => new Promise(done => new PerformanceObserver(list => done("
        "list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))"
        ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 200))"
    )

    assert shift < 0.01
    page.context.close()
