"""Every figure of the list and of a case is the one that the API answers for the same case."""

import math
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.conftest import Visit
from tests.pages.running_site import ADVISOR, Site, risk_of

pytestmark = pytest.mark.slow
WORDS = {"eleve": "Risque élevé", "modere": "Risque modéré", "faible": "Risque faible"}
Answer = dict[str, Any]


def assessment_of(site: Site, key: str, contract_id: str) -> Answer:
    """What the API answers for a contract."""
    address = f"{site.url}/v1/contracts/{contract_id}/assessment"
    answer = httpx.get(address, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assessment: Answer = answer.json()
    return assessment


def written(text: str) -> float:
    """A figure as it is written in French."""
    found = re.search(r"[+−-]?\d+(?:,\d+)?", text.replace("\u202f", "").replace("\u00a0", ""))
    assert found is not None, text
    return float(found.group().replace(",", ".").replace("−", "-"))


def in_words(share: float, base_rate: float) -> str:
    """A risk in natural frequencies, by the rule that the list states."""
    whole = 10 if base_rate >= 0.075 else 100
    if share < 0.5 / whole:
        return f"moins de 1 sur {2 * whole}"
    return f"{round(share * whole)} sur {whole}"


def assert_row(row: Locator, assessment: Answer) -> None:
    """One row of the list."""
    if assessment["risk"] is None:
        assert row.locator("data").count() == 0
        expect(row.locator(".badge")).to_have_text("Non évalué")
        return
    assert risk_of(row) == assessment["risk"]
    expect(row.locator(".badge")).to_have_text(WORDS[assessment["level"]])
    expect(row.locator("data")).to_have_text(in_words(assessment["risk"], assessment["base_rate"]))
    average = f"en moyenne {in_words(assessment['base_rate'], assessment['base_rate'])}"
    expect(row.locator(".risk")).to_contain_text(average)
    shown = [
        text.strip()
        for text in row.locator(".reasons li:not(.changed) > span:last-child").all_inner_texts()
    ]
    assert shown == [reason["sentence"] for reason in assessment["reasons"][:2]]
    arrows = row.locator(".reasons li:not(.changed) .arrow").all()
    raising = ["up" in str(arrow.get_attribute("class")).split() for arrow in arrows]
    assert raising == [reason["contribution"] > 0 for reason in assessment["reasons"][:2]]


def test_the_list_shows_what_the_api_answers(visit: Visit, site: Site) -> None:
    site.let_in(ADVISOR)
    key, visitor = site.key(), visit()
    page, seen = visitor.enter(ADVISOR), 0
    while True:
        for row in page.locator("li.case").all():
            href = str(row.get_by_role("link").first.get_attribute("href"))
            assert_row(row, assessment_of(site, key, href.rpartition("/")[2]))
            seen += 1
        following = page.get_by_role("link", name="Page suivante")
        if following.count() == 0:
            break
        following.click()
    assert seen > 8


def assert_sum(page: Page, assessment: Answer) -> None:
    """The written figures are the contributions, and add up to the total exactly."""
    reasons = page.locator("details.reason")
    figures = {}
    for reason in reasons.all():
        label = reason.locator(".sentence small").inner_text().strip()
        figures[label] = written(reason.locator(".figure").inner_text())
    answered = {reason["label"]: reason["contribution"] for reason in assessment["reasons"]}
    assert figures.keys() == answered.keys()
    for label, contribution in answered.items():
        assert figures[label] == pytest.approx(contribution, abs=0.00501)
    rest = written(page.locator(".rest .figure").inner_text())
    start, raises, lowers, total = (
        written(text) for text in page.locator(".sum dd").all_inner_texts()[:4]
    )
    every = [*figures.values(), rest]
    assert start == pytest.approx(assessment["base_value"], abs=0.00501)
    assert total == pytest.approx(
        math.log(assessment["risk"] / (1 - assessment["risk"])), abs=0.00501
    )
    assert raises == pytest.approx(sum(f for f in every if f > 0), abs=1e-9)
    assert lowers == pytest.approx(sum(f for f in every if f < 0), abs=1e-9)
    assert total == pytest.approx(start + raises + lowers, abs=1e-9)
    stored = sum(assessment["contributions"].values()) - sum(answered.values())
    assert rest == pytest.approx(stored, abs=0.01 * (len(every) + 2) / 2)


def assert_around(page: Page, assessment: Answer) -> None:
    """Level, risk, similar cases, days, what changed, and the model."""
    part = page.locator("section[aria-labelledby=risk]")
    text = part.inner_text().replace("\u202f", " ").replace("\u00a0", " ")
    assert risk_of(part) == assessment["risk"]
    expect(page.locator("h1 .badge")).to_have_text(WORDS[assessment["level"]])
    assert assessment["model_version"] in text
    similar = assessment["similar_cases"]
    assert str(similar["cases"]) in text.replace(" ", "")
    for share in (similar["low"], similar["high"]):
        assert f"{round(100 * share)} %" in text
    changes = [c for c in assessment["changes"] if abs(c["change"]) >= 0.05]
    changes.sort(key=lambda change: -abs(change["change"]))
    shown = page.locator("section[aria-labelledby=changes] li").all_inner_texts()
    assert len(shown) == min(len(changes), 5)
    for line, change in zip(shown, changes, strict=False):
        assert change["label"] in line
        assert ("à la hausse" in line) == (change["change"] > 0)
    last = page.locator("#history-table tr[data-risk]").last
    assert float(str(last.get_attribute("data-risk"))) == assessment["risk"]


def test_the_pages_of_cases_show_what_the_api_answers(visit: Visit, site: Site) -> None:
    """The three most urgent cases and the last of the list."""
    site.let_in(ADVISOR)
    key, visitor = site.key(), visit()
    page = visitor.enter(ADVISOR)
    links = page.locator("li.case:has(data) h3 a")
    paths = [str(link.get_attribute("href")) for link in links.all()]

    for path in [*paths[:3], paths[-1]]:
        visitor.go(path)
        assessment = assessment_of(site, key, path.rpartition("/")[2])
        assert_sum(page, assessment)
        assert_around(page, assessment)
