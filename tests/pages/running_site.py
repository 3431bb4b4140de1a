"""The real site over a socket, with a small programme in it, and visitors who keep a log."""

import itertools
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from playwright.sync_api import Browser, BrowserContext, Locator, Page
from sqlalchemy import select

from serving.actors import COMMAND, Scope
from serving.auth.passwords import hash_password
from serving.context import AppContext, system_clock
from serving.demo.names import FAMILY, GIVEN
from serving.demo.opening import PEOPLE, fill
from serving.operations import directory, records
from serving.operations.accounts import reset_password
from serving.operations.keys import add_key
from serving.store import accounts
from serving.store.tables import contract_summaries
from tests.lib import contexts
from tests.lib.databases import database
from tests.lib.service import running_service
from tests.lib.sign_in_site import PASSWORD, invite, settle
from training.simulator import write_simulation

CONTRACTS, YEARS, SEED = 150, 2.0, 3
ADVISOR, COORDINATOR, DATA, ADMINISTRATOR = (email for email, *_ in PEOPLE)
SITE = "Nantes"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody with an account whose password is known."""

    email: str
    advisor_id: str


@dataclass(frozen=True)
class Site:
    """A service at `url`, and the service it serves."""

    url: str
    context: AppContext

    def key(self) -> str:
        """An API key that may read assessments."""
        scopes = [Scope.ASSESSMENTS_READ]
        return add_key(self.context, actor=COMMAND, name="test", scopes=scopes).text

    def let_in(self, email: str) -> None:
        """Give somebody of the programme the password that all tests know."""
        known = hash_password(PASSWORD)
        with self.context.store.writing() as connection:
            found = accounts.find_by_email(connection, email)
            assert found is not None
            accounts.change(connection, found.id, password_hash=known, must_change_password=False)

    def invited(self) -> tuple[str, str]:
        """The programme's advisor, with a new one-time password."""
        invited = reset_password(self.context, actor=COMMAND, email=ADVISOR)
        return ADVISOR, str(invited.one_time_password)

    def newcomer(self) -> tuple[str, str]:
        """Somebody new with a caseload of the programme: address and one-time password.

        There are two such caseloads.
        """
        number = next(_numbers)
        with self.context.store.reading() as connection:
            caseloads = connection.execute(
                select(contract_summaries.c.advisor_id).distinct()
            ).scalars()
            given = {account.advisor_id for account in accounts.find_all(connection)}
            free = sorted(a for a in caseloads if a and a.startswith("A-") and a not in given)
        email = f"nouvelle{number}@example.org"
        return email, invite(self.context, email, advisor_id=free[0], site=SITE)

    def advisor(self, *cases: str, **values: Any) -> Person:
        """A new advisor with a password, and hand-made cases: an interview and an absence each."""
        number = next(_numbers)
        person = Person(f"dossier{number}@example.org", f"H{number}")
        settle(self.context, person.email, advisor_id=person.advisor_id, site=SITE)
        for name in cases:
            self.case(name, person, **values)
        return person

    def case(self, contract_id: str, person: Person, **values: Any) -> None:
        """A hand-made case of somebody, under way for 100 days."""
        today, actor_option = self.context.today, {"actor": COMMAND}
        start = today - timedelta(days=100)
        dates = {"signed_on": start, "started_on": start, "known_on": start, **values}
        later = {"planned_end_on": today + timedelta(days=500), "advisor_id": person.advisor_id}
        made = contexts.contract(contract_id, **{**later, **dates})
        records.keep_contract(self.context, **actor_option, record=made)
        day = today - timedelta(days=10)
        seen = contexts.interview(f"I-{contract_id}", contract_id, held_on=day, known_on=day)
        records.keep_interview(self.context, **actor_option, record=seen)
        gone = contexts.event(f"E-{contract_id}", contract_id, happened_on=day, known_on=day)
        records.keep_event(self.context, **actor_option, record=gone)
        directory.name_person(
            self.context,
            **actor_option,
            person_id=f"P-{contract_id}",
            given_name="Personne",
            family_name=f"Fictive {contract_id}",
        )


@contextmanager
def open_site(kind: str, folder: Path, bundles: Path) -> Iterator[Site]:
    """The service on a database of a kind, with a simulated programme of five weeks."""
    with (
        database(kind, folder) as url,
        contexts.open_context(url, bundles, clock=system_clock) as context,  # type: ignore[arg-type]  # the service has no other clock
        tempfile.TemporaryDirectory() as temporary,
    ):
        extract = Path(temporary) / "extract"
        start = system_clock().replace(tzinfo=None) - timedelta(days=365 * YEARS)
        write_simulation(extract, contracts=CONTRACTS, years=YEARS, seed=SEED, first_start=start)
        fill(context, extract, progress=lambda *_: None)
        with running_service(context) as address:
            yield Site(address, context)


@dataclass
class Visitor:
    """A browser at the site: what it asked for, and every complaint it made."""

    context: BrowserContext
    page: Page
    url: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def enter(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in, from the form."""
        self.private.append(email)
        self.go("/connexion")
        self.page.get_by_label("Adresse électronique").fill(email)
        self.page.get_by_label("Mot de passe").fill(password)
        self.page.get_by_role("button", name="Se connecter").click()
        return self.page

    def reset(self, words: str) -> None:
        """Expect complaints that hold some words: the journey is about what causes them."""
        self.forgiven.append(words)

    def end(self) -> None:
        """Leave, and fail for a complaint or for personal data in an address."""
        self.context.close()
        held = [s for s in self.complaints if not any(words in s for words in self.forgiven)]
        assert held == [], held
        for address in self.asked:
            assert_harmless(unquote(address), self.private)


def assert_harmless(address: str, private: list[str]) -> None:
    """No name, address or text of a person in an address of the site."""
    words = {word.casefold() for word in re.findall(r"[\w'-]+", address)}
    names = {name.casefold() for name in (*GIVEN, *FAMILY, "Fictive", "Personne")}
    assert words & names == set(), address
    assert [text for text in private if text in address] == [], address


def welcome(browser: Browser, url: str, **options: Any) -> Visitor:
    """A visitor with nothing in their browser; `options` are Playwright's for a context."""
    context = browser.new_context(**{"locale": "fr-FR", "reduced_motion": "reduce", **options})
    context.set_default_timeout(20_000)
    visitor = Visitor(context, context.new_page(), url)
    context.on("request", lambda request: visitor.asked.append(request.url))
    context.on("weberror", lambda error: visitor.complaints.append(str(error.error)))
    context.on(
        "console",
        lambda line: (
            visitor.complaints.append(line.text) if line.type in ("error", "warning") else None
        ),
    )
    return visitor


def first_of_week(page: Page) -> Locator:
    """The first case of this week's list: the most urgent."""
    return page.locator("section[aria-labelledby=week] li.case").first


def risk_of(part: Locator) -> float:
    """The risk that a part of a page shows, in full."""
    return float(part.locator("data").first.get_attribute("value") or "nan")
