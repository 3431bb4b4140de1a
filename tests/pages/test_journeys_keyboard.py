"""Without a mouse: Tab, Enter and Space lead everywhere, and the focus is always seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.lib.sign_in_site import PASSWORD
from tests.pages.conftest import Visit
from tests.pages.running_site import Site

pytestmark = pytest.mark.slow
MOST_TABS = 250
# The browser marks the parts of a date by itself, inside the field.
SEEN = """() => {
  const at = document.activeElement;
  if (at.type === 'date') return true;
  const shown = at.matches('.segment input') ? at.nextElementSibling
    : at.matches('.case a') ? at.closest('.case') : at;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return (ring || style.boxShadow !== 'none') && box.width > 0 && box.bottom > 0
    && box.top < innerHeight;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something that matches has the focus; every stop on the way is seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector}: expected Tab to reach it, got {MOST_TABS} other stops")


def press(page: Page, selector: str, key: str) -> None:
    """Reach something with Tab, then press a key on it."""
    tab_to(page, selector)
    page.keyboard.press(key)


def test_from_signing_in_to_a_stored_interview_by_keyboard_alone(visit: Visit, site: Site) -> None:
    person = site.advisor("T-keys")
    visitor = visit()
    page = visitor.go("/connexion")
    tab_to(page, "#email")
    page.keyboard.type(person.email)
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    press(page, "main button", "Enter")
    expect(page).to_have_url(f"{site.url}/suivis")

    press(page, "li.case a", "Enter")
    expect(page).to_have_url(f"{site.url}/suivis/T-keys")
    press(page, "a.primary", "Enter")
    expect(page).to_have_url(f"{site.url}/suivis/T-keys/entretien")
    press(page, "input[name=status]", "Space")
    press(page, "#with_young_person", "Space")
    press(page, "#theme_information", "Space")
    tab_to(page, "input[name=rating_tutor]")
    page.keyboard.press("ArrowRight")
    tab_to(page, "#note")
    page.keyboard.type("Tout se passe bien.")
    press(page, "form.record button.primary", "Enter")

    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_focused()
    press(page, "main a", "Enter")
    expect(page.locator(".timeline")).to_contain_text("Lire la note")


def test_a_reason_and_a_menu_open_and_close_by_keyboard(visit: Visit, site: Site) -> None:
    person = site.advisor("T-menu")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-menu")

    press(page, ".actions summary", "Enter")
    expect(page.get_by_role("link", name="Déclarer la fin du contrat")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Déclarer la fin du contrat")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.actions summary')")

    press(page, "details.reason > summary", "Space")
    expect(page.locator("details.reason .behind").first).to_be_visible()


def test_the_first_tab_of_every_place_leads_to_its_content(visit: Visit, site: Site) -> None:
    person = site.advisor("T-skip")
    visitor = visit()
    visitor.enter(person.email)

    for path in ("/suivis", "/suivis/T-skip", "/suivis/T-skip/entretien", "/modele"):
        page = visitor.go(path)
        # A form that came back with something to read has the focus already.
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", path
