"""What the case page and the list say of drawn cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from features.records.rows import in_force
from serving.pages.case.gaps import gaps_of
from serving.pages.case.history import history_of
from serving.pages.case.parts import facts_of
from serving.pages.case.timeline import timeline_of
from serving.pages.case.view import case_view
from serving.pages.records.note_words import remarks_on
from serving.pages.shared.rendering import Frame, render
from serving.pages.worklist.filters import Filters, narrowed
from serving.pages.worklist.rows import trend_of, worklist_rows
from serving.queries.case_summary import CaseSummary
from serving.queries.case_summary import facts_of as case_facts
from serving.queries.weekly_draw import monday_of, this_week
from serving.wording import wording
from tests.pages import example_case_page, example_caseload, example_cases, rendered_pages

T = wording("fr")


def _week(
    cases: list[CaseSummary], today: date = example_cases.TODAY
) -> tuple[list[str], set[str]]:
    seed = f"{monday_of(today)}".encode()
    week = this_week(cases, capacity=4, random_share=0.25, seed=seed, today=today)
    return [case.contract_id for case in week.to_see], set(week.random)


def test_the_week_is_cut_by_capacity_and_holds_a_random_share() -> None:
    """Three most urgent cases, and one drawn among all, in the order of urgency."""
    chosen, drawn_ones = _week(example_caseload.caseload())

    assert len(chosen) == 4
    assert len(drawn_ones) == 1
    assert chosen[0] == "C1"
    assert drawn_ones < set(chosen)


def test_the_draw_is_the_same_all_week_and_changes_with_it() -> None:
    many = [
        example_cases.case_summary(f"M{n}", "", example_cases.assessment(f"M{n}", number=n))
        for n in range(40)
    ]
    monday = date(2026, 11, 23)

    assert _week(many, monday) == _week(many[::-1], monday + timedelta(days=6))
    assert len({frozenset(_week(many, monday + timedelta(weeks=w))[1]) for w in range(6)}) > 1


def test_a_case_set_aside_is_neither_listed_nor_drawn() -> None:
    aside = [replace(c, snoozed_until=date(2027, 1, 1)) for c in example_caseload.caseload()]

    assert _week(aside) == ([], set())


@pytest.mark.parametrize(
    ("past", "trend"),
    [((0.1, 0.1, 0.1), "rising"), ((0.8, 0.8, 0.8), "falling"), ((0.38,) * 3, "steady")],
)
def test_the_trend_compares_with_a_month_ago(past: tuple[float, ...], trend: str) -> None:
    case = example_cases.case_summary("C1", "", example_cases.assessment(), past=past)

    assert trend_of(case, today=example_cases.TODAY) == trend


def test_without_a_past_there_is_no_trend() -> None:
    assert (
        trend_of(
            example_cases.case_summary("C1", "", example_cases.assessment()),
            today=example_cases.TODAY,
        )
        == "new"
    )


def test_a_row_says_what_to_record_when_nothing_could_be_assessed() -> None:
    row = worklist_rows(
        [example_caseload.caseload()[4]], horizon_days=90, today=example_cases.TODAY, t=T
    )[0]

    assert row.chances is None
    assert row.why_not is not None
    assert "à renseigner" in row.why_not
    assert row.next_step == "Proposer un premier entretien"


def test_a_row_says_that_scoring_is_suspended_and_blames_no_missing_record() -> None:
    stopped = replace(example_cases.case_summary("C1", "", None), suspended="contrôle en cours")

    row = worklist_rows([stopped], horizon_days=90, today=example_cases.TODAY, t=T)[0]

    assert row.why_not == "Évaluation suspendue\N{NO-BREAK SPACE}: contrôle en cours"
    assert row.next_step == "Garder le rythme des entretiens"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(level="inconnu"), ["C5", "C7"]),
        (Filters(q="ines"), ["C1"]),
        (Filters(q="RÉZÉ fournil"), ["C1"]),
        (Filters(centre="BTP CFA"), ["C3"]),
        (Filters(phase="trial"), ["C2"]),
        (Filters(changed=True), ["C1"]),
        (Filters(sort="name", level="eleve"), ["C1", "C2"]),
    ],
)
def test_filters_keep_what_they_name(filters: Filters, ids: list[str]) -> None:
    passing = narrowed(example_caseload.caseload(), filters, today=example_cases.TODAY)

    assert [case.contract_id for case in passing] == ids


def test_the_text_searched_for_is_in_no_address() -> None:
    assert Filters(q="Inès", level="eleve").address("/suivis", page=2) == (
        "/suivis?niveau=eleve&page=2"
    )


@pytest.mark.parametrize(
    ("headcount", "words"),
    [(1.0, "entreprise de 1 salarié"), (8.0, "entreprise de 8 salariés")],
)
def test_the_size_of_the_employer_agrees_in_number(headcount: float, words: str) -> None:
    assert words in facts_of(case_facts(example_cases.contract(employer_headcount=headcount)))


def _moments() -> dict[str, tuple[str | None, str | None]]:
    records = example_case_page.records()
    moments = timeline_of(
        contract=records.contracts[-1],
        interviews=records.interviews,
        events=records.events,
        outcome=None,
        today=example_cases.TODAY,
        t=T,
    )
    return {m.day.isoformat(): (m.late, m.corrected) for m in moments}


def test_what_arrived_late_and_what_was_corrected_is_marked() -> None:
    moments = _moments()

    assert moments["2026-11-06"] == ("su le 16 novembre", None)
    assert moments["2026-10-26"] == (None, "corrigé le 28 octobre")
    assert moments["2026-10-30"] == (None, None)


def test_a_correction_replaces_what_it_corrects() -> None:
    assert len(_moments()) == 8


def test_gaps_name_what_is_missing_what_was_never_heard_and_what_is_old() -> None:
    interviews = in_force(example_case_page.records().interviews, "interview_id")
    later = example_cases.TODAY + timedelta(days=30)

    gaps = gaps_of(contract=example_cases.contract(), interviews=interviews, today=later, t=T)

    assert gaps.missing == ("temps de trajet", "logement")
    assert "bien-être" in gaps.unheard
    assert ("conditions de travail", "6 octobre") in gaps.stale


def test_the_case_and_its_explanation_both_warn_of_a_score_beyond_similar_cases() -> None:
    file = rendered_pages.single(
        replace(example_cases.assessment("C1"), similar_low=0.07, similar_high=0.14)
    )
    seen = case_view(file, horizon_days=90, today=example_cases.TODAY, t=T)

    for template, view in (
        ("case.html", seen),
        ("handout_page.html", rendered_pages.handout(file, T)),
    ):
        assert "écarte ici" in render(template, Frame(), view=view)


def test_the_history_holds_every_risk_and_says_where_the_model_changed() -> None:
    made = example_case_page.past_assessments()

    history = history_of(made, interviews=[], events=[], today=example_cases.TODAY, t=T)

    assert history is not None
    assert [row.risk for row in history.rows] == [a.risk for a in reversed(made)]
    assert [row.model_changed for row in history.rows].count(True) == 1


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("Semble DÉPRESSIF depuis lundi", ("DÉPRESSIF",)),
        ("Il est fainéant, elle fainéante", ("fainéant", "fainéante")),
        ("Parle de sa tentative de suicide", ("tentative de suicide",)),
        ("Une condition du contrat, un concert, la prise de poste", ()),
        ("Échange difficile, besoin d'un logement", ()),
    ],
)
def test_words_that_do_not_belong_in_a_note_are_pointed_out(
    note: str, found: tuple[str, ...]
) -> None:
    assert tuple(word for remark in remarks_on(note) for word in remark.found) == found
