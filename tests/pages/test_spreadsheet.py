"""The list as a file for a spreadsheet: it opens well and holds what the page shows."""

import csv
import io

from serving.actors import COMMAND
from serving.context import AppContext
from serving.operations import directory, records
from serving.pages.worklist.rows import worklist_rows
from serving.pages.worklist.spreadsheet import COLUMNS, spreadsheet
from serving.queries.weekly_draw import this_week
from serving.wording import wording
from tests.lib.contexts import contract
from tests.pages import example_caseload, example_cases
from tests.pages.clients_by_role import token_of, visiting


def _cells(text: str, delimiter: str = ";") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def _drawn(language: str) -> str:
    t, cases = wording(language), example_caseload.caseload()
    week = this_week(cases, capacity=4, random_share=0.25, seed=b"csv", today=example_cases.TODAY)
    shown = [*week.to_see, *week.others]
    rows = worklist_rows(shown, horizon_days=90, today=example_cases.TODAY, t=t, random=week.random)
    return spreadsheet(rows, to_see={case.contract_id for case in week.to_see}, t=t)


def test_it_holds_what_the_list_shows() -> None:
    rows = _cells(_drawn("fr"))

    assert [row["this_week"] for row in rows[:5]] == ["oui"] * 4 + [""]
    assert sum("revue au hasard" in row["remark"] for row in rows[:4]) == 1
    first = next(row for row in rows if row["contract"] == "C1")
    assert first["level"] == "Risque élevé"
    assert first["risk"] == "38,5"
    assert first["average"].startswith("en moyenne")
    assert "(fait monter le risque)" in first["reasons"]


def test_a_case_that_is_not_assessed_says_why_and_has_no_risk() -> None:
    [row] = [row for row in _cells(_drawn("fr")) if row["level"] == "Non évalué"][:1]

    assert row["risk"] == row["trend"] == ""
    assert row["reasons"]


def test_it_says_whose_end_is_announced_and_who_is_no_longer_transmitted() -> None:
    remarks = {row["contract"]: row["remark"] for row in _cells(_drawn("fr"))}

    assert "fin annoncée le 18 décembre" in remarks["C4"]
    assert "plus transmis depuis le 2 novembre" in remarks["C7"]
    assert [c for c, remark in remarks.items() if "annoncée" in remark] == ["C4"]


def test_english_numbers_are_parted_by_commas() -> None:
    rows = _cells(_drawn("en"), delimiter=",")

    assert next(row for row in rows if row["contract"] == "C1")["risk"] == "38.5"


def test_the_file_follows_the_filters_and_the_search(context: AppContext) -> None:
    """A search is sent in a body, for its text may be a name."""
    records.keep_contract(context, actor=COMMAND, record=contract("C2"))
    directory.name_person(
        context, actor=COMMAND, person_id="P-C2", given_name="Inès", family_name="+Morel"
    )
    with visiting(context) as client:
        whole = _cells(client.get("/suivis.csv").text)
        none = _cells(client.get("/suivis.csv?niveau=inconnu").text)
        typed = {"q": "ines", "csrf_token": token_of(client, "/suivis")}
        page, found = client.post("/suivis", data=typed), client.post("/suivis.csv", data=typed)

    assert {row["contract"] for row in whole} == {"C1", "C2"}
    assert none == []
    assert 'action="/suivis.csv"' in page.text
    [row] = _cells(found.text)
    assert row["person"] == "Inès +Morel"
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
