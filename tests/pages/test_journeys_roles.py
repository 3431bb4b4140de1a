"""What each role finds, what it does not, and what nobody finds while scoring is suspended."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from serving.actors import COMMAND
from serving.demo.names import FAMILY
from serving.operations.suspension import resume_scoring, suspend_scoring
from tests.pages.conftest import Visit
from tests.pages.running_site import ADMINISTRATOR, ADVISOR, COORDINATOR, DATA, Site
from tests.pages.steps import change_password

pytestmark = pytest.mark.slow
OWN = "une barque sur la Loire"
SCORE = re.compile(r"\d\s*(?:%|sur \d)|[+−]\d,\d\d|Risque (?:élevé|modéré|faible)")
WEEKS = re.compile(r"(?:semaine|Page) \d+ sur \d+")
WHY = "contrôle en cours"


def forbidden(page: Page, url: str, *paths: str) -> None:
    """Each of these places answers 403, in words."""
    for path in paths:
        answer = page.goto(f"{url}{path}")
        assert answer is not None
        assert answer.status == 403, path
        expect(page.locator("main h1")).to_be_visible()


def names_on(page: Page) -> list[str]:
    """Family names of the programme's persons that a page shows."""
    text = page.locator("body").inner_text()
    return [name for name in FAMILY if re.search(rf"\b{re.escape(name)}\b", text)]


def test_a_coordinator_sees_the_team_and_its_cases_and_no_accounts(
    visit: Visit, site: Site
) -> None:
    site.let_in(COORDINATOR)
    visitor = visit()
    visitor.reset("status of 403")
    page = visitor.enter(COORDINATOR)
    page.get_by_role("link", name="Mon équipe").click()
    expect(page.get_by_role("heading", level=1, name="Mon équipe")).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("Claire Morvan")
    page.locator("section[aria-labelledby=unseen] a").first.click()
    expect(page).to_have_url(re.compile("/suivis/"))
    expect(page.get_by_role("heading", name="Fil du dossier")).to_be_visible()

    assert page.get_by_role("link", name="Administration").count() == 0
    forbidden(page, site.url, "/administration")


def test_a_data_person_sees_the_model_and_nobodys_name(visit: Visit, site: Site) -> None:
    site.let_in(DATA)
    visitor = visit()
    visitor.reset("status of 403")
    visitor.reset("status of 404")
    page = visitor.enter(DATA)
    expect(page).to_have_url(f"{site.url}/modele")
    expect(page.get_by_role("heading", level=1, name="Le modèle")).to_be_visible()
    for section in page.locator("details summary").all():
        section.click()
    assert names_on(page) == []

    forbidden(page, site.url, "/suivis", "/suivis.csv", "/equipe", "/administration")
    site.advisor("T-data")
    answer = page.goto(f"{site.url}/suivis/T-data")
    assert answer is not None
    assert answer.status in {403, 404}
    assert "Fictive" not in page.locator("body").inner_text()


def test_an_administrator_opens_and_closes_an_account_and_sees_no_case(
    visit: Visit, site: Site
) -> None:
    """The new person comes in with the one-time password, and not after the account is closed."""
    site.let_in(ADMINISTRATOR)
    administrator, newcomer = visit(), visit()
    administrator.reset("status of 403")
    newcomer.reset("status of 401")
    page = administrator.enter(ADMINISTRATOR)
    expect(page).to_have_url(f"{site.url}/administration")
    page.get_by_text("Ouvrir un compte").first.click()
    form = page.locator("form[action='/administration/comptes']")
    email = "nouvelle@example.org"
    form.locator("[name=email]").fill(email)
    form.locator("[name=name]").fill("Nouvelle Venue")
    form.locator("[name=advisor_id]").fill("H-new")
    form.locator("[name=site]").fill("Nantes")
    form.get_by_role("button").click()
    one_time = page.locator(".secret").inner_text()

    change_password(newcomer.enter(email, one_time), one_time, OWN)
    expect(newcomer.page.get_by_role("heading", name="Aucun contrat en cours")).to_be_visible()
    page.get_by_label("Fermer, Nouvelle Venue", exact=True).click()
    page.get_by_role("button", name=": Fermer, Nouvelle Venue").click()
    newcomer.go("/suivis")
    expect(newcomer.page).to_have_url(re.compile("/connexion"))
    newcomer.enter(email, OWN)
    expect(newcomer.page.get_by_role("alert")).to_be_visible()

    assert page.locator(".secret").count() == 0
    assert names_on(page) == []
    forbidden(page, site.url, "/suivis", "/equipe")


def scores_in(text: str) -> list[str]:
    """The risks, levels and contributions that a text tells; weeks and pages are none."""
    return SCORE.findall(WEEKS.sub("", text))


def text_of(page: Page) -> str:
    """What a page says; what one may filter the list by is no score."""
    page.evaluate("document.querySelectorAll('search').forEach(part => part.remove())")
    return page.locator("main").inner_text()


@pytest.fixture
def suspended(site: Site) -> Iterator[None]:
    """Scoring is suspended for the time of a test."""
    suspend_scoring(site.context, actor=COMMAND, why=WHY)
    yield
    resume_scoring(site.context, actor=COMMAND)


def test_while_scoring_is_suspended_no_page_shows_a_score(
    visit: Visit, site: Site, request: pytest.FixtureRequest
) -> None:
    """Every page of an advisor and of a coordinator, and the CSV; a case shows one before."""
    person = site.advisor("T-stop")
    site.let_in(COORDINATOR)
    paths = ["/suivis", "/suivis/T-stop", "/suivis/T-stop/donnees", "/equipe"]
    visitors = {email: visit() for email in (person.email, COORDINATOR)}
    for email, visitor in visitors.items():
        visitor.reset("status of 403")
        visitor.enter(email)
        visitor.go("/suivis/T-stop")
        assert scores_in(visitor.page.locator("main").inner_text()) != []

    request.getfixturevalue("suspended")
    for visitor in visitors.values():
        for path in [*paths, "/suivis/T-stop/entretien"]:
            page = visitor.go(path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            if page.locator("main form.record").count() == 0:
                assert scores_in(text_of(page)) == [], path
            assert page.locator("data, [data-risk], .sparkline, .bar").count() == 0
            if page.locator("h1", has_text="permission").count() == 0 and path != "/equipe":
                expect(page.get_by_text(WHY).first).to_be_visible()
        csv = visitor.context.request.get(f"{site.url}/suivis.csv").text()
        assert scores_in(csv) == []


def test_the_english_switch_marks_what_stays_french(visit: Visit, site: Site) -> None:
    """`lang` says what each word is in; the choice lasts; what advisors wrote is French."""
    person = site.advisor("T-english")
    visitor = visit()
    page = visitor.enter(person.email)
    page.get_by_role("link", name="English", exact=True).click()

    expect(page).to_have_url(f"{site.url}/suivis")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    sentences = page.locator("li.case .reasons li > span:last-child > [lang=fr]")
    assert sentences.count() == page.locator("li.case .reasons li").count() > 0
    expect(page.get_by_role("link", name="Français", exact=True)).to_have_attribute("lang", "fr")

    visitor.go("/suivis/T-english")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    reasons = page.locator("details.reason .sentence")
    assert reasons.count() > 0
    for sentence in reasons.all():
        assert sentence.locator("> [lang=fr]").count() == 1
    page.get_by_role("link", name="Français", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.locator("main [lang=fr]").count() == 0


def test_the_programmes_advisor_has_names_on_every_row(visit: Visit, site: Site) -> None:
    """The imported programme is shown by name, whole: as many rows as open contracts."""
    site.let_in(ADVISOR)
    visitor = visit()
    page = visitor.enter(ADVISOR)
    counted = page.get_by_text(re.compile(r"^\d+ contrats en cours")).inner_text()
    rows = page.locator("li.case").count()
    while page.get_by_role("link", name="Page suivante").count():
        page.get_by_role("link", name="Page suivante").click()
        page.wait_for_load_state("networkidle")
        rows += page.locator("li.case").count()

    assert rows == int(counted.split()[0])
    assert len(names_on(page)) > 0
