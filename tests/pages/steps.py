"""Steps that journeys share, as an advisor takes them."""

import re

from playwright.sync_api import Page, expect

from tests.pages.running_site import Visitor, first_of_week, risk_of

RISK = re.compile(r"Le risque passe de ([\d,]+)\s*% à ([\d,]+)\s*%")


def change_password(page: Page, one_time: str, new: str) -> None:
    """Choose a password of one's own: nothing else is open until then."""
    expect(page).to_have_url(re.compile("/mot-de-passe$"))
    page.get_by_label("Mot de passe actuel").fill(one_time)
    page.get_by_label("Nouveau mot de passe").fill(new)
    page.locator("main button").click()


def open_most_urgent(visitor: Visitor) -> str:
    """Open the first case of the week's list; its page shows the same risk. Answers its path."""
    page = visitor.page
    case = first_of_week(page)
    listed, link = risk_of(case), case.get_by_role("link").first
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert risk_of(page.locator("section[aria-labelledby=risk]")) == listed
    return page.url.removeprefix(visitor.url)


def read_first_reason(page: Page) -> str:
    """Unfold the heaviest reason in the advisor's hands; answers what the records say."""
    reason = page.locator("details.reason").first
    expect(reason.locator(".behind")).to_be_hidden()
    reason.locator("summary").click()
    expect(reason.locator(".behind")).to_be_visible()
    return reason.locator(".behind").inner_text()


def record_bad_news(page: Page, *, note: str = "Échange difficile, à revoir lundi.") -> None:
    """Record an interview in which things go badly."""
    page.get_by_role("link", name="Saisir un entretien").click()
    choose(page, "status", "held")
    choose(page, "channel", "phone")
    page.locator("#with_young_person").check()
    page.locator("#theme_psychosocial_support").check()
    for name in ("motivation", "tutor", "conditions", "fit", "wellbeing"):
        choose(page, f"rating_{name}", "1")
    choose(page, "declared_risk", "yes")
    page.locator("#note").fill(note)
    page.get_by_role("button", name="Enregistrer").click()


def choose(page: Page, name: str, value: str) -> None:
    """Choose an answer by its button, as a finger would."""
    page.locator(f"label.segment:has(input[name={name}][value='{value}'])").click()


def moved(page: Page) -> tuple[float, float]:
    """The risk before and after what was just recorded, in percent, as the page tells them."""
    found = RISK.search(page.locator("main").inner_text())
    assert found is not None, page.locator("main").inner_text()
    before, after = (float(text.replace(",", ".")) for text in found.groups())
    return before, after


def disagree(page: Page, words: str) -> None:
    """Say that the level seems wrong, and why."""
    page.get_by_text("Ce niveau me paraît faux").click()
    page.locator("#disagree-reason").select_option("level_too_high")
    page.locator("#disagree-comment").fill(words)
    page.locator("details.answer[open]").get_by_role("button", name="Enregistrer").click()


def sign_out(page: Page) -> None:
    """Leave by the menu."""
    page.locator(".preferences summary").click()
    page.get_by_role("button", name="Se déconnecter", exact=True).click()
