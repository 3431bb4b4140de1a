"""What the browser receives and what it keeps: headers, cookies, tokens, addresses."""

import re

import pytest
from playwright.sync_api import expect

from tests.lib.service import running_service
from tests.lib.sign_in_site import PASSWORD
from tests.pages.conftest import Visit
from tests.pages.running_site import Site

pytestmark = pytest.mark.slow
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "connect-src 'self'",
)
PATHS = (
    "/suivis",
    "/suivis/T-safe",
    "/suivis/T-safe/entretien",
    "/suivis/T-safe/donnees",
    "/modele",
    "/mot-de-passe",
    "/suivis/nobody",
    "/equipe",
)


def test_every_page_goes_out_with_its_headers_and_its_policy(visit: Visit, site: Site) -> None:
    """Pages, errors and the sign-in form alike; nothing may be inline or evaluated."""
    person = site.advisor("T-safe")
    visitor = visit()
    visitor.reset("status of 40")
    sign_in = visitor.page.goto(f"{site.url}/connexion")
    visitor.enter(person.email)
    answers = [sign_in, *(visitor.page.goto(f"{site.url}{path}") for path in PATHS)]

    for answer in answers:
        assert answer is not None
        headers = answer.all_headers()
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, answer.url
        assert all(part in headers["content-security-policy"] for part in POLICY), answer.url
        assert "unsafe" not in headers["content-security-policy"]


def test_the_browser_obeys_the_policy(visit: Visit, site: Site) -> None:
    """A script put into the page by hand is refused, and so is an address elsewhere."""
    visitor = visit()
    visitor.reset("Content Security Policy")
    page = visitor.go("/connexion")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); const i = document.createElement('img');"
        " i.src = 'http://127.0.0.2/x.png'; document.body.append(i); }"
    )
    page.wait_for_timeout(200)

    assert page.evaluate("window.ran") is None
    assert sum("Content Security Policy" in line for line in visitor.complaints) == 2
    visitor.asked[:] = [a for a in visitor.asked if a.startswith(site.url)]


def test_cookies_are_out_of_reach_of_scripts_and_end_with_the_browser(
    visit: Visit, site: Site
) -> None:
    visitor = visit()
    visitor.enter(site.advisor().email)

    cookies = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
    session = cookies["vigie"]
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert session["expires"] == -1
    assert visitor.page.evaluate("document.cookie") == ""


def test_behind_https_cookies_belong_to_this_host_over_https_alone(
    visit: Visit, site: Site
) -> None:
    person = site.advisor()
    with running_service(site.context, secure_cookies="true") as address:
        visitor = visit(at=Site(address, site.context))
        answer = visitor.page.goto(f"{address}/connexion")
        assert answer is not None
        headers = answer.all_headers()
        assert "max-age=" in headers["strict-transport-security"]
        visitor.enter(person.email)  # Chromium trusts the loopback as it does HTTPS
        cookies = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
        assert cookies["__Host-vigie"]["secure"]
        assert all(name.startswith("__Host-") for name in cookies)


def test_a_form_without_its_token_is_refused_in_words(visit: Visit, site: Site) -> None:
    person = site.advisor("T-forged")
    visitor = visit()
    visitor.reset("status of 403")
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-forged")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(f => f.value = 'x')")
    page.get_by_role("button", name="Ce niveau me paraît juste").click()

    expect(page.locator("main h1")).to_be_visible()
    visitor.go("/suivis/T-forged")
    assert page.locator(".given").count() == 0


def test_going_back_after_signing_out_shows_nothing(visit: Visit, site: Site) -> None:
    person = site.advisor("T-back")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-back")
    page.locator(".preferences summary").click()
    page.get_by_role("button", name="Se déconnecter", exact=True).click()
    expect(page).to_have_url(re.compile("/connexion"))

    page.go_back()

    expect(page).to_have_url(re.compile("/connexion"))
    assert "Fictive" not in page.locator("body").inner_text()


def test_who_types_a_wrong_password_gets_a_kind_word_and_nothing_more(
    visit: Visit, site: Site
) -> None:
    """The same words whether the account exists or not."""
    person = site.advisor()
    shown = []
    for email in (person.email, "personne@example.org"):
        visitor = visit()
        visitor.reset("status of 401")
        visitor.enter(email, f"{PASSWORD} non")
        shown.append(visitor.page.get_by_role("alert").inner_text())

    assert shown[0] == shown[1]
