"""The live pages in each state of a journey: accessible, steady, light, whole at 200 %."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pages.browser_measures import WATCH, shift_of, transferred
from tests.pages.conftest import Visit
from tests.pages.running_site import ADMINISTRATOR, ADVISOR, COORDINATOR, Site, Visitor
from tests.pages.steps import choose, disagree

pytestmark = pytest.mark.slow
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEAVIEST, STEADIEST = 150_000, 0.1
ZOOMED = {"viewport": {"width": 640, "height": 400}}  # 1280 by 800 at 200 %


def judge(visitor: Visitor, state: str) -> None:
    """No fault in the page as it is, nor with everything unfolded, light and dark."""
    page = visitor.page
    complaints = list(visitor.complaints)
    for unfolded in (False, True):
        if unfolded:
            page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert faults(page) == [], f"{state}, {scheme}, unfolded: {unfolded}"
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    # The rules try styles of their own, which the policy refuses.
    visitor.complaints[:] = complaints


def faults(page: Page) -> list[str]:
    """The rules that a page breaks, and where."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def test_no_state_of_an_advisors_journey_breaks_a_rule(visit: Visit, site: Site) -> None:
    person = site.advisor("T-axe", "T-axe2")
    visitor = visit()
    visitor.reset("status of 4")
    page = visitor.go("/connexion")
    judge(visitor, "sign-in")
    visitor.enter(person.email, "pas le bon mot de passe")
    judge(visitor, "wrong password")
    visitor.enter(person.email)
    judge(visitor, "list")
    visitor.go("/suivis?niveau=inconnu")
    judge(visitor, "list without a result")
    visitor.go("/suivis/T-axe")
    judge(visitor, "case")
    visitor.go("/suivis/T-axe/entretien")
    page.get_by_role("button", name="Enregistrer").click()
    judge(visitor, "faulty interview")
    choose(page, "status", "held")
    page.locator("#note").fill("Semble dépressif.")
    page.locator(".remark").wait_for()
    judge(visitor, "interview with a remark")
    page.get_by_role("button", name="Enregistrer").click()
    judge(visitor, "kept")
    visitor.go("/suivis/T-axe")
    disagree(page, "Trop haut.")
    judge(visitor, "thanks")
    for path in ("/suivis/T-axe/donnees", "/suivis/T-axe/fin", "/modele", "/mot-de-passe"):
        visitor.go(path)
        judge(visitor, path)
    visitor.go("/suivis/nobody")
    judge(visitor, "not found")


@pytest.mark.parametrize(
    ("email", "path"), [(COORDINATOR, "/equipe"), (ADMINISTRATOR, "/administration")]
)
def test_no_place_of_another_role_breaks_a_rule(
    visit: Visit, site: Site, email: str, path: str
) -> None:
    site.let_in(email)
    visitor = visit()
    visitor.enter(email)
    visitor.go(path)
    judge(visitor, path)


def test_english_pages_break_no_rule(visit: Visit, site: Site) -> None:
    """What stays French in them says so."""
    person = site.advisor("T-axe-en")
    visitor = visit()
    page = visitor.enter(person.email)
    page.get_by_role("link", name="English").click()
    for path in ("/suivis", "/suivis/T-axe-en", "/suivis/T-axe-en/entretien"):
        visitor.go(path)
        judge(visitor, f"{path} in English")


def test_at_twice_the_size_nothing_scrolls_sideways(visit: Visit, site: Site) -> None:
    person = site.advisor("T-zoom")
    site.let_in(COORDINATOR)
    visitor, above = visit(**ZOOMED), visit(**ZOOMED)
    visitor.enter(person.email)
    above.enter(COORDINATOR)
    places = [(visitor, path) for path in ("/suivis", "/suivis/T-zoom", "/modele")]
    places += [(visitor, f"/suivis/T-zoom/{form}") for form in ("entretien", "fin", "donnees")]
    for who, path in [*places, (above, "/equipe")]:
        page = who.go(path)
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


def test_nothing_moves_while_pages_load(visit: Visit, site: Site) -> None:
    """Cumulative layout shift by the browser's own count, fonts and chart included."""
    person = site.advisor("T-still")
    visitor = visit()
    visitor.enter(person.email)
    visitor.context.add_init_script(WATCH)

    for path in ("/suivis", "/suivis/T-still", "/suivis/T-still/entretien", "/modele"):
        assert shift_of(visitor.page, f"{site.url}{path}") < STEADIEST, path


def test_a_first_load_is_light(visit: Visit, site: Site) -> None:
    """The list of the programme and its first case: bytes on the wire into an empty cache."""
    site.let_in(ADVISOR)
    visitor = visit()
    page = visitor.enter(ADVISOR)
    case = page.locator("li.case h3 a").first.get_attribute("href")
    for path in ("/suivis", case, f"{case}/entretien"):
        sent = transferred(page, f"{site.url}{path}")
        assert 10_000 < sum(sent.values()) < HEAVIEST, sent


def test_the_appearance_one_chooses_lasts_and_breaks_no_rule(visit: Visit, site: Site) -> None:
    """Dark on a light device and light on a dark one, from the menu."""
    person = site.advisor("T-dark")
    for chosen, device in (("Sombre", "light"), ("Clair", "dark")):
        visitor = visit(color_scheme=device)
        page = visitor.enter(person.email)
        page.locator(".preferences summary").click()
        page.get_by_role("button", name=chosen).click()
        visitor.go("/suivis/T-dark")
        complaints = list(visitor.complaints)
        assert faults(page) == []
        visitor.complaints[:] = complaints
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (brightness(colour) < 0.5) == (chosen == "Sombre"), colour


def brightness(colour: str) -> float:
    """Of a colour as the browser tells it, from 0 to 1."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    return sum(parts) / (3 if colour.startswith("color") else 3 * 255)
