"""Recording when things go wrong: no connection, a faulty answer, a note that holds a script."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from serving.queries.cases import case_file
from serving.store.tables import audit
from tests.lib.read_once import read
from tests.pages.conftest import Visit
from tests.pages.running_site import Site, risk_of
from tests.pages.steps import choose

pytestmark = pytest.mark.slow
NOTE = "Le bus ne passe plus : trajet à revoir."
SCRIPT = "<script>window.ran=1</script><img src=x onerror='window.ran=1'><b>gras</b>"


def test_a_draft_outlives_a_lost_connection_and_is_sent_once(visit: Visit, site: Site) -> None:
    person = site.advisor("T-draft")
    visitor = visit()
    visitor.private.append(NOTE)
    visitor.reset("ERR_INTERNET_DISCONNECTED")
    visitor.reset("htmx:")  # it tells the console of a request that did not leave
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-draft/entretien")
    choose(page, "status", "held")
    choose(page, "rating_tutor", "2")
    page.locator("#theme_guidance").check()

    visitor.context.set_offline(True)
    page.locator("#note").fill(NOTE)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("[data-draft-status]")).to_contain_text("La connexion est coupée.")
    expect(page.locator("#note")).to_have_value(NOTE)

    visitor.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-draft-status]")).to_contain_text("Brouillon retrouvé")
    expect(page.locator("#note")).to_have_value(NOTE)
    expect(page.locator("#theme_guidance")).to_be_checked()
    expect(page.locator("input[name=rating_tutor][value='2']")).to_be_checked()

    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_visible()
    visitor.go("/suivis/T-draft/entretien")
    expect(page.locator("#note")).to_have_value("")
    stored = read(site.context, case_file, contract_id="T-draft").versions.interviews
    assert [row.note for row in stored] == [None, NOTE]


def test_signing_out_leaves_nothing_on_the_device(visit: Visit, site: Site) -> None:
    person = site.advisor("T-left")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-left/entretien")
    page.locator("#note").fill(NOTE)
    expect(page.locator("[data-draft-status]")).to_contain_text("Brouillon gardé")

    page.locator(".preferences summary").click()
    page.get_by_role("button", name="Se déconnecter", exact=True).click()

    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    assert json.dumps(visitor.context.cookies()).count('"vigie"') == 0


def test_a_faulty_answer_is_reported_beside_its_field_and_nothing_typed_is_lost(
    visit: Visit, site: Site
) -> None:
    person = site.advisor("T-faulty")
    visitor = visit()
    visitor.reset("status of 422")
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-faulty/entretien")
    tomorrow = site.context.today + timedelta(days=1)
    page.locator("#held_on").fill(tomorrow.isoformat())
    page.locator("#note").fill(NOTE)
    page.get_by_role("button", name="Enregistrer").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("La date ne peut pas être dans le futur.")
    expect(page.locator("#held_on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#held_on")).to_have_accessible_description(re.compile("futur"))
    expect(page.locator("#note")).to_have_value(NOTE)
    assert page.locator("#errors a").count() == page.locator(".field-error").count()


def test_words_that_do_not_belong_in_a_note_are_pointed_out_and_not_refused(
    visit: Visit, site: Site
) -> None:
    person = site.advisor("T-words")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-words/entretien")
    choose(page, "status", "held")
    page.locator("#note").fill("Paraît dépressif en ce moment.")

    expect(page.locator(".remark")).to_contain_text("dépressif")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_visible()


def test_a_script_in_a_note_and_in_an_answer_is_text_and_runs_nowhere(
    visit: Visit, site: Site
) -> None:
    person = site.advisor("T-script")
    visitor = visit()
    visitor.private.append("<script>")
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-script/entretien")
    choose(page, "status", "held")
    page.locator("#note").fill(SCRIPT)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Retour au dossier").click()
    page.get_by_text("Dire ce qui a été fait").click()
    page.locator("#action-comment").fill(SCRIPT)
    page.locator("details.answer[open]").get_by_role("button", name="Enregistrer").click()

    expect(page.locator(".given")).to_contain_text(SCRIPT)
    page.get_by_text("Lire la note").first.click()
    expect(page.locator(".note").first).to_have_text(SCRIPT)
    assert page.locator("main script, main b, main img").count() == 0
    visitor.go("/suivis/T-script/donnees")
    expect(page.locator("article")).to_contain_text(SCRIPT)
    assert page.evaluate("window.ran") is None


def test_a_case_set_aside_leaves_the_week_until_its_day(visit: Visit, site: Site) -> None:
    person = site.advisor("T-aside", "T-kept")
    visitor = visit()
    page = visitor.enter(person.email)
    week = page.locator("section[aria-labelledby=week]")
    expect(week).to_contain_text("T-aside")

    visitor.go("/suivis/T-aside")
    page.get_by_text("Mettre de côté").click()
    page.locator("#snooze-reason").select_option("interview_planned")
    page.locator("#snooze-until").fill((site.context.today + timedelta(days=9)).isoformat())
    page.locator("details.answer[open]").get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status")).to_contain_text("C'est enregistré")

    visitor.go("/suivis")
    expect(week).not_to_contain_text("T-aside")
    aside = page.locator("section[aria-labelledby=others] li.case", has_text="T-aside")
    expect(aside).to_contain_text("mis de côté jusqu'au")


def test_a_search_finds_a_name_and_leaves_no_trace_in_the_address(visit: Visit, site: Site) -> None:
    """The name typed is in no address, with scripts (as one types) or without."""
    person = site.advisor("T-found", "T-other")
    for options in ({}, {"java_script_enabled": False}):
        visitor = visit(**options)
        page = visitor.enter(person.email)
        page.locator("#q").fill("fictive t-FOUND")
        if options:
            page.get_by_role("button", name="Chercher").click()

        expect(page.locator("li.case")).to_have_count(1)
        expect(page.locator("li.case")).to_contain_text("T-found")
        assert page.url == f"{site.url}/suivis"


def test_a_record_made_by_mistake_is_withdrawn_and_brought_back(visit: Visit, site: Site) -> None:
    person = site.advisor("T-mistake")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-mistake")
    timeline = page.locator("section[aria-labelledby=timeline]")
    before = risk_of(page.locator("section[aria-labelledby=risk]"))
    absence = timeline.locator("li.event")
    absence.get_by_role("link", name="Versions et retrait").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Un évènement")
    expect(page.get_by_role("button", name="Oui, la retirer")).to_be_hidden()
    page.get_by_text("Retirer cette fiche").last.click()
    page.get_by_role("button", name="Oui, la retirer").click()
    expect(page.get_by_role("heading", name="C'est enregistré")).to_be_visible()
    page.get_by_role("link", name="Retour au dossier").click()
    expect(absence).to_have_count(0)
    assert risk_of(page.locator("section[aria-labelledby=risk]")) != before

    page.get_by_text("1 fiche retirée").click()
    timeline.locator(".given a").click()
    expect(page.locator(".tag.late")).to_have_text("retrait")
    page.get_by_role("button", name="Annuler le retrait").click()
    page.get_by_role("link", name="Retour au dossier").click()
    expect(absence).to_have_count(1)
    assert risk_of(page.locator("section[aria-labelledby=risk]")) == before
    with site.context.store.reading() as connection:
        of_case = audit.c.subject == "contract:T-mistake"
        actions = connection.execute(select(audit.c.action).where(of_case).order_by(audit.c.id))
        lines = list(actions.scalars())
    assert [a for a in lines if a.startswith(("withdraw", "read"))] == [
        "read_record",
        "withdraw_event",
        "read_record",
    ]


def test_a_withdrawn_contract_leaves_the_list_and_its_page_brings_it_back(
    visit: Visit, site: Site
) -> None:
    person = site.advisor("T-wrong", "T-right")
    visitor = visit()
    visitor.enter(person.email)
    page = visitor.go("/suivis/T-wrong")
    page.locator(".actions summary").click()
    page.get_by_role("link", name="Le contrat et ses versions").click()
    page.get_by_text("Retirer cette fiche").last.click()
    page.get_by_role("button", name="Oui, la retirer").click()
    visitor.go("/suivis")
    expect(page.locator("li.case")).to_have_count(1)

    visitor.go("/suivis/T-wrong")
    note = page.get_by_role("note")
    expect(note).to_contain_text("Ce contrat a été retiré")
    note.get_by_role("link").click()
    page.get_by_role("button", name="Annuler le retrait").click()
    visitor.go("/suivis")
    expect(page.locator("li.case")).to_have_count(2)
