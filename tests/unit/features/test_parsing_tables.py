"""A table is parsed row by row: accepted whole or refused whole, with a line per faulty cell."""

import re

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.formats.rejects import REJECT_COLUMNS
from features.intake.parsing import parse_table
from features.records.declarations import CONTRACT, EVENT

EVENTS = pd.DataFrame(
    {
        "event_id": ["E1", "E2", "E3"],
        "contract_id": ["C1", "C1", "C2"],
        "happened_on": ["2024-01-02", "2024-01-03", "2024-01-04"],
        "kind": ["warning", "warning", "warning"],
        "known_on": ["2024-01-02", "2024-01-03", "2024-01-04"],
    }
)
CONTRACTS = pd.DataFrame(
    {
        "contract_id": ["C1"],
        "person_id": ["P1"],
        "kind": ["apprenticeship"],
        "started_on": ["2023-09-01"],
        "planned_end_on": ["2025-08-31"],
        "known_on": ["2023-09-01"],
    }
)


def test_accepted_rows_have_the_dtypes_of_the_declaration() -> None:
    accepted = parse_table(EVENT, EVENTS, file="events.csv").accepted
    pd.testing.assert_frame_equal(accepted, EVENT.conform(accepted))
    assert {c.name: accepted[c.name].dtype for c in EVENT.columns} == {
        c.name: EVENT.empty()[c.name].dtype for c in EVENT.columns
    }


def test_a_row_with_two_faulty_cells_gives_two_lines_and_is_refused_once() -> None:
    raw = EVENTS.assign(kind=["warning", "party", "warning"], value=["1", "lots", "2"])
    parsed = parse_table(EVENT, raw, file="events.csv")
    assert parsed.accepted["event_id"].tolist() == ["E1", "E3"]
    assert parsed.lines.tolist() == [2, 4]
    assert parsed.rejected.to_dict("records") == [
        {"file": "events.csv", "line": 3, "table": "events", "column": "kind",
         "expected": "a code of the list event kind", "got": "party",
         "reason": "not in the code list"},
        {"file": "events.csv", "line": 3, "table": "events", "column": "value",
         "expected": "a number from 0 to 1000", "got": "lots", "reason": "not a number"},
    ]  # fmt: skip


def test_a_row_known_before_what_it_describes_is_refused() -> None:
    raw = EVENTS.assign(known_on=["2024-01-01", "2024-01-03", "2024-01-09"])
    parsed = parse_table(EVENT, raw, file="events.csv")
    assert parsed.rejected[["line", "column", "expected", "reason"]].to_numpy().tolist() == [
        [2, "known_on", "a date not before happened_on", "known before it happened"]
    ]


def test_typed_and_text_tables_are_parsed_alike() -> None:
    typed = EVENTS.astype({"happened_on": "datetime64[ms]", "known_on": "datetime64[ns]"})
    of_text, of_typed = (parse_table(EVENT, raw, file="f").accepted for raw in (EVENTS, typed))
    pd.testing.assert_frame_equal(of_text, of_typed)


@pytest.mark.parametrize("column", ["born_on", "home_postcode", "sex", "rqth", "qpv", "person_id"])
def test_what_came_is_hidden_where_it_could_reveal_a_person(column: str) -> None:
    raw = CONTRACTS.assign(**{column: "Jean Dupont"})
    rejected = parse_table(CONTRACT, raw, file="contracts.csv", strict=True).rejected
    assert rejected["column"].tolist() == [column]
    assert rejected["got"].tolist() == ["(hidden)"]


def test_a_long_value_in_a_wrong_column_is_cut() -> None:
    raw = CONTRACTS.assign(job_rome="a note that slipped into another column of the export")
    got = parse_table(CONTRACT, raw, file="contracts.csv").left_out["got"]
    assert got.str.len().tolist() == [40]


def test_an_unknown_column_is_named_with_the_nearest_and_the_allowed_ones() -> None:
    raw = EVENTS.assign(happend_on="2024-01-01")
    words = "events.csv: unknown column happend_on (did you mean happened_on?)"
    assert parse_table(EVENT, raw, file="events.csv").notes == (f"{words}; left out",)
    with pytest.raises(InputError, match=re.escape(f"{words}; allowed: event_id,")):
        parse_table(EVENT, raw, file="events.csv", strict=True)


def test_a_required_column_of_another_name_is_missing_with_the_nearest() -> None:
    raw = EVENTS.rename(columns={"happened_on": "happend_on"})
    with pytest.raises(
        InputError, match=r"happened_on is missing.*did you mean happened_on.*vigie"
    ):
        parse_table(EVENT, raw, file="events.csv")


def test_a_faulty_optional_value_is_left_out_of_its_row_and_listed() -> None:
    raw = EVENTS.assign(value=["1", "lots", "2"])
    parsed = parse_table(EVENT, raw, file="events.csv")
    assert parsed.accepted["value"].isna().tolist() == [False, True, False]
    assert parsed.left_out[["line", "column", "reason"]].to_numpy().tolist() == [
        [3, "value", "not a number"]
    ]
    assert len(parsed.rejected) == 0
    strict = parse_table(EVENT, raw, file="events.csv", strict=True)
    assert strict.lines.tolist() == [2, 4]
    assert len(strict.left_out) == 0


def test_a_table_without_header_is_refused_without_quoting_its_first_row() -> None:
    raw = pd.DataFrame([["E2", "x"]], columns=["E1", "Dupont"])
    with pytest.raises(InputError, match="no known column") as caught:
        parse_table(EVENT, raw, file="events.csv")
    assert "Dupont" not in str(caught.value)


def test_a_column_name_that_is_a_sentence_is_not_quoted() -> None:
    raw = EVENTS.assign(**{"Jean Dupont, 12 rue Haute": "1"})
    (note,) = parse_table(EVENT, raw, file="events.csv").notes
    assert "not a plain word" in note
    assert "Dupont" not in note


def test_a_missing_required_column_is_named() -> None:
    with pytest.raises(InputError, match=r"events\.csv: required column known_on is missing"):
        parse_table(EVENT, EVENTS.drop(columns="known_on"), file="events.csv")


def test_a_column_there_twice_is_refused() -> None:
    raw = pd.concat([EVENTS, EVENTS[["kind"]]], axis="columns")
    with pytest.raises(InputError, match="column kind is there twice"):
        parse_table(EVENT, raw, file="events.csv")


def test_an_empty_table_is_accepted_and_gives_no_row() -> None:
    parsed = parse_table(EVENT, EVENTS.head(0), file="events.csv")
    assert len(parsed.accepted) == len(parsed.rejected) == 0
    assert tuple(parsed.rejected.columns) == REJECT_COLUMNS
