"""The explanation handed out says what the score is, in plain French, and nothing runs in it."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from features.common.errors import NotFoundError
from serving.actors import COMMAND, Actor, Role
from serving.commands.risks_file import percent
from serving.context import AppContext
from serving.operations.directory import name_person
from serving.operations.handout import hand_out
from serving.operations.records import keep_contract, keep_interview
from serving.operations.suspension import suspend_scoring
from serving.pages.case.handout import handout_file
from serving.queries.assessments import latest_assessment
from serving.store.tables import audit
from tests.lib.contexts import contract, interview
from tests.lib.read_once import read


class Page(HTMLParser):
    """The words of a page, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split(" ")).replace("\n", " ")


def explain(context: AppContext, contract_id: str = "C1") -> Page:
    case = hand_out(context, actor=COMMAND, contract_id=contract_id)
    return Page(handout_file(case, context))


def fill(context: AppContext) -> None:
    keep_contract(context, actor=COMMAND, record=contract())
    keep_interview(context, actor=COMMAND, record=interview(note="<script>alert(1)</script>"))
    name_person(
        context,
        actor=COMMAND,
        person_id="P-C1",
        given_name="<b>Ada</b>",
        family_name="L'Été & fils",
    )


def test_it_shows_the_risk_the_reasons_and_the_model(context: AppContext) -> None:
    fill(context)
    assessment = read(context, latest_assessment, contract_id="C1")
    page = explain(context)

    assert assessment.risk is not None
    assert assessment.base_rate is not None
    assert percent(assessment.risk) in page.words
    assert percent(assessment.base_rate) in page.words
    assert "que le contrat soit rompu" in page.words
    assert assessment.reasons
    for reason in assessment.reasons:
        assert reason.sentence in page.words
    assert assessment.model_version in page.words
    for words in ("Qui décide", "pas d'accord", "CNIL", "jamais", "effacées 2 ans après"):
        assert words in page.words
    assert "Entretien tenu" in page.words
    assert "Rémunération (% du SMIC)" in page.words


def test_nothing_in_it_runs_or_is_fetched(context: AppContext) -> None:
    fill(context)
    page = explain(context)

    assert {tag for tag, _ in page.elements} & {"script", "img", "link", "iframe", "b"} == set()
    assert [a for _, a in page.elements if a.keys() & {"src", "href", "onclick"}] == []
    assert "<b>Ada</b> L'Été & fils" in page.words
    assert "<script>alert(1)</script>" in page.words  # the note, as it was written


def test_a_contract_without_a_score_comes_with_the_reason(context: AppContext) -> None:
    later = contract(started_on=context.next_morning + timedelta(days=9), known_on=context.today)
    keep_contract(context, actor=COMMAND, record=later)
    page = explain(context)

    assert "Aucun risque n'est calculé" in page.words
    assert "contrat n'a pas encore commencé" in page.words
    assert "fait monter le risque" not in page.words


def test_while_scoring_is_suspended_it_shows_no_score(context: AppContext) -> None:
    fill(context)
    shown = read(context, latest_assessment, contract_id="C1")
    assert shown.risk is not None
    suspend_scoring(context, actor=COMMAND, why="contrôle des données")
    page = explain(context)

    assert "contrôle des données" in page.words
    assert percent(shown.risk) not in page.words


def test_it_is_audited_and_only_for_those_who_may_see_the_case(context: AppContext) -> None:
    fill(context)
    other = Actor("account:9", role=Role.ADVISOR, account_id=9, advisor_id="A9")
    with pytest.raises(NotFoundError):
        hand_out(context, actor=other, contract_id="C1")
    with pytest.raises(NotFoundError):
        explain(context, "C-nobody")
    explain(context)

    with context.store.reading() as connection:
        lines = connection.execute(select(audit).where(audit.c.action == "explain")).all()
    assert [line.subject for line in lines] == ["contract:C1"]
