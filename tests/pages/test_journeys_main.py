"""The day of an advisor, from the one-time password to signing out, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Visit
from tests.pages.running_site import Site, Visitor, open_site, risk_of
from tests.pages.steps import (
    change_password,
    disagree,
    moved,
    open_most_urgent,
    read_first_reason,
    record_bad_news,
    sign_out,
)

pytestmark = pytest.mark.slow
OWN = "le phare brille la nuit"
NOTE, COMMENT = "Échange difficile, à revoir lundi.", "Le tuteur change bientôt."
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def a_day(visitor: Visitor, site: Site, email: str, one_time: str) -> None:
    """Sign in, find the most urgent case, read why, record, see it move, disagree, sign out."""
    visitor.private += [NOTE, COMMENT, OWN]
    page = visitor.enter(email, one_time)
    change_password(page, one_time, OWN)
    expect(page).to_have_url(f"{site.url}/suivis")
    path = open_most_urgent(visitor)
    assert read_first_reason(page) != ""
    shown = risk_of(page.locator("section[aria-labelledby=risk]"))
    record_bad_news(page, note=NOTE)
    before, after = moved(page)
    assert before == pytest.approx(100 * shown, abs=0.051)
    assert after != before
    expect(page.get_by_role("heading", name="Ce qui a fait bouger le risque")).to_be_visible()
    page.get_by_role("link", name="Retour au dossier").click()
    now = risk_of(page.locator("section[aria-labelledby=risk]"))
    assert after == pytest.approx(100 * now, abs=0.051)
    disagree(page, COMMENT)
    expect(page.get_by_role("status")).to_contain_text("C'est enregistré, merci.")
    expect(page.locator(".given li").first).to_contain_text(COMMENT)
    assert risk_of(page.locator("section[aria-labelledby=risk]")) == now
    sign_out(page)
    visitor.go(path)
    expect(page).to_have_url(f"{site.url}/connexion?suite={path}")


def test_the_day_of_an_advisor(visit: Visit, site: Site) -> None:
    a_day(visit(), site, *site.invited())


@pytest.mark.parametrize(
    "options", [{"java_script_enabled": False}, PHONE], ids=["without-scripts", "on-a-phone"]
)
def test_the_same_day_otherwise(visit: Visit, site: Site, options: dict[str, Any]) -> None:
    """Without a single script, and on a phone: the same steps lead to the same places."""
    a_day(visit(**options), site, *site.newcomer())


def test_the_same_day_on_postgresql(visit: Visit, bundles: Path, tmp_path: Path) -> None:
    with open_site("postgresql", tmp_path, bundles) as elsewhere:
        visitor = visit(at=elsewhere)
        a_day(visitor, elsewhere, *elsewhere.invited())
        visitor.context.close()


def test_a_phone_shows_every_page_without_scrolling_sideways(visit: Visit, site: Site) -> None:
    person = site.advisor("T-phone")
    visitor = visit(**PHONE)
    visitor.enter(person.email)
    for path in ("", "/T-phone", "/T-phone/entretien", "/T-phone/fin", "/T-phone/donnees"):
        page = visitor.go(f"/suivis{path}")
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


@pytest.mark.parametrize("more", ["", "/entretien", "/evenement", "/action", "/fin", "/donnees"])
def test_the_case_of_somebody_else_is_the_page_of_what_does_not_exist(
    visit: Visit, site: Site, more: str
) -> None:
    """Same status, same words: nothing tells that the case exists."""
    theirs = f"T-theirs{more.replace('/', '-')}"
    site.advisor(theirs)
    visitor = visit()
    visitor.reset("status of 404")
    visitor.enter(site.advisor().email)
    texts = []
    for contract_id in (theirs, "nobody"):
        answer = visitor.page.goto(f"{site.url}/suivis/{contract_id}{more}")
        assert answer is not None
        assert answer.status == 404
        texts.append(visitor.page.locator("main").inner_text())

    assert texts[0] == texts[1]
    visitor.page.locator("main").get_by_role("link").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Mes suivis")
