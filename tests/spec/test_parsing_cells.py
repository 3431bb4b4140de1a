"""What each kind of cell accepts, drawn as tables: what is written, what is read."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from features.intake.formats.cells import read_cells
from features.records.declarations import CONTRACT, EVENT, INTERVIEW, OUTCOME
from features.records.faults import Fault
from features.records.schema import Column

REFUSED = "refused"
MISSING = None


def read(column: Column, values: Sequence[object] | pd.Series) -> list[object]:
    """One answer a cell: its value, MISSING, or REFUSED."""
    cells = read_cells(column, pd.Series(values))
    refused = np.logical_or.reduce([np.zeros(len(values), bool), *cells.faults.values()])
    assert cells.content[refused].isna().all(), "a refused cell must not keep a value"
    found = [MISSING if pd.isna(value) else value for value in cells.content]
    return [REFUSED if bad else value for value, bad in zip(found, refused, strict=True)]


def drawn(table: str) -> tuple[list[str], list[str]]:
    """Cut a drawn table in two columns, blanks around the bar removed; « » keeps blanks."""
    lines = [line.split("|") for line in table.strip().splitlines()]
    written = [left.strip().strip("«»") for left, _ in lines]
    return written, [right.strip() for _, right in lines]


def check(column: Column, table: str) -> None:
    written, expected = drawn(table)
    shown = ["" if v is MISSING else f"{v:%Y-%m-%d}" if isinstance(v, pd.Timestamp) else f"{v}"
             for v in read(column, written)]  # fmt: skip
    assert dict(zip(written, shown, strict=True)) == dict(zip(written, expected, strict=True))


def test_dates_are_iso_or_day_first_and_real() -> None:
    check(
        OUTCOME["new_contract_on"],
        """
        2024-02-29          | 2024-02-29
        29/02/2024          | 2024-02-29
        03/04/2024          | 2024-04-03
        « 2024-03-01 »      | 2024-03-01
        2024-03-01 00:00:00 | 2024-03-01
        2024-03-01T00:00Z   | 2024-03-01
        2024-03-01T10:30:00 | refused
        2023-02-29          | refused
        31/02/2024          | refused
        02/25/2024          | refused
        01/03/2024 00:00:00 | 2024-03-01
        2024-03-01T00:00:00+02:00 | 2024-03-01
        1/3/2024            | 2024-03-01
        01.03.2024          | 2024-03-01
        01-03-2024          | 2024-03-01
        2024/03/01          | 2024-03-01
        1er mars 2024       | 2024-03-01
        vendredi 1 mars 2024 | 2024-03-01
        20240301            | 2024-03-01
        01032024            | 2024-03-01
        «\u200b2024-03-01 » | 2024-03-01
        1/3/24              | refused
        01/03/2024 08:30    | refused
        45352               | refused
        1709247600000       | refused
        NC                  |
        -                   |
        0000-00-00          | refused
        1939-12-31          | refused
        2101-01-01          | refused
        soon                | refused
        """,
    )


def test_numbers_take_a_point_or_a_comma_and_nothing_that_could_be_misread() -> None:
    check(
        CONTRACT["pay_percent_smic"],
        """
        55        | 55.0
        55.5      | 55.5
        55,5      | 55.5
        « 55 »    | 55.0
        5.5e1     | 55.0
        123.456   | 123.456
        55 %      | 55.0
        55,5% du SMIC | 55.5
        0.85      | 85.0
        1 000     | refused
        1,000     | refused
        9.99      | refused
        401       | refused
        -55       | refused
        NaN       |
        inf       | refused
        1e999     | refused
        NA        |
        #N/A      |
        lots      | refused
        """,
    )


def test_whole_numbers_may_be_written_as_floats_but_must_be_whole() -> None:
    check(INTERVIEW["rating_tutor"], "4|4.0\n4.0|4.0\n4,0|4.0\n4.5|refused\n0|refused\n6|refused")


def test_flags_are_true_or_false_in_english_french_or_figures() -> None:
    check(
        CONTRACT["rqth"],
        "true|1.0\nFalse|0.0\n1|1.0\n0|0.0\n1.0|1.0\nOui|1.0\nnon|0.0\nO|1.0\nn|0.0\nvrai|1.0\n|\n"
        "Non renseigné|\n2|refused\nx|refused",
    )


def test_an_empty_or_blank_text_is_a_missing_value() -> None:
    assert read(CONTRACT["weekly_hours"], ["", "  ", "\u00a0", None]) == [MISSING] * 4


def test_a_required_value_that_is_missing_is_refused_with_that_reason() -> None:
    cells = read_cells(EVENT["happened_on"], pd.Series(["2024-01-01", ""]))
    assert cells.faults["required value is missing"].tolist() == [False, True]


@pytest.mark.parametrize("written", [["51"], ["51.0"], [51], [51.0], pd.Series([51], dtype="int8")])
def test_a_form_code_is_read_from_text_whole_numbers_and_floats(written: list[object]) -> None:
    assert read(CONTRACT["diploma_12434"], written) == ["51"]


def test_a_code_column_with_gaps_is_read_although_its_numbers_became_floats() -> None:
    assert read(CONTRACT["diploma_12434"], [51.0, np.nan]) == ["51", MISSING]


@pytest.mark.parametrize("written", ["031", "31", "31.0", 31, 31.0])
def test_a_legal_motive_keeps_its_leading_zero_or_gets_it_back(written: object) -> None:
    assert read(OUTCOME["motive"], [written]) == ["031"]


@pytest.mark.parametrize("written", ["51.5", 51.5, "fifty-one", "051x", np.inf])
def test_what_is_in_no_list_is_refused(written: object) -> None:
    assert read(CONTRACT["diploma_12434"], [written]) == [REFUSED]


def test_identifiers_come_as_text_or_whole_numbers_without_a_decimal_point() -> None:
    assert read(CONTRACT["contract_id"], [12.0, 13.0]) == ["12", "13"]
    assert read(CONTRACT["contract_id"], [7, 8]) == ["7", "8"]
    assert read(CONTRACT["contract_id"], ["C/1", "two words"]) == ["C/1", REFUSED]


@pytest.mark.parametrize(
    ("column", "table"),
    [
        ("employer_siret", ("123 456 782 00010|12345678200010\n5208131766522|05208131766522\n"
         "1,23457E+13|refused\n123456782|refused")),
        ("employer_naf", "4711b|4711B\n47.11 B|4711B\n112Z|0112Z\n47.11B|4711B\npain|refused"),
        ("employer_idcc", "16|0016\nIDCC 1979|1979\n1979 - HCR|1979\nhôtels|refused"),
        ("home_postcode", "1000|01000\n44 000|44000\nF-44000|44000\n2A004|refused\nNantes|refused"),
        ("training_rncp", "RNCP 35316|RNCP35316\nrncp35316|RNCP35316\n35316|35316\nRS5550|refused"),
        ("training_centre_uai", "0441234 a|0441234A\n441234A|0441234A\n44|refused"),
        ("job_rome", "d1102|D1102\nD1102 - Boulanger|D1102\nBoulanger|refused"),
        ("kind", ("apprentissage|apprenticeship\nContrat d’apprentissage|apprenticeship\n"
         "CP|professionalisation\nAPPRENTICESHIP|apprenticeship\nmariage|refused")),
        ("sex", "H|M\n2|F\nFemme|F\nf|F\nx|refused"),
        ("diploma_10103", "CAP|33\n33 - CAP|33\n33;54|refused\n33-54|refused"),
        ("programme_arm", "none|none\nhors programme|none\nNC|"),
        ("weekly_hours", "35h|35.0\n35 heures|35.0\n35:00|35.0\n35h30|35.5\n1 820,5|refused"),
        ("commute_minutes", "45 min|45.0\n1h10|70.0\n1 h|60.0"),
        ("tutor_experience_years", "3 ans|3.0\n18 mois|1.5"),
        ("employer_headcount", "1 200|1200.0\n12 salariés|12.0\n12,5|refused\n10-19|refused"),
        ("level_prepared", "Niveau 5|5.0\nV|3.0\nniv. 4 (bac)|4.0\n2|refused"),
    ],
)  # fmt: skip
def test_what_people_write_is_read_where_one_thing_can_be_meant(column: str, table: str) -> None:
    check(CONTRACT[column], table)


@pytest.mark.parametrize(
    ("column", "written", "reason"),
    [
        ("started_on", "01/09/23", Fault.TWO_DIGIT_YEAR),
        ("started_on", "45170", Fault.EXCEL_SERIAL),
        ("started_on", "1693526400000", Fault.EPOCH),
        ("started_on", "09/25/2025", Fault.MONTH_FIRST),
        ("started_on", "01/09/2025 08:30", Fault.HOUR),
        ("employer_siret", "123456782", Fault.SIREN),
        ("employer_siret", "1.23457E+13", Fault.FIGURES_LOST),
        ("home_postcode", "2B033", Fault.COMMUNE),
        ("training_rncp", "RS 5550", Fault.RS),
        ("weekly_hours", "1,000", Fault.THOUSANDS),
    ],
)
def test_a_fault_is_named_for_what_it_is(column: str, written: str, reason: Fault) -> None:
    assert list(read_cells(CONTRACT[column], pd.Series([written])).faults) == [reason]


@pytest.mark.parametrize("noise", ["NC", "null", "-", "N/A", "\u00a0"])
def test_noise_is_no_identifier(noise: str) -> None:
    """Else all the people of whom nothing is known would be one."""
    assert read(CONTRACT["person_id"], [noise]) == [REFUSED]
    assert read(CONTRACT["advisor_id"], [noise]) == [MISSING]


def test_what_was_cleaned_is_counted() -> None:
    written = pd.Series(["123 456 782 00010", "12345678200010", "", "12345678200010.0"])
    assert read_cells(CONTRACT["employer_siret"], written).cleaned == 1


def test_a_note_loses_its_control_characters_and_keeps_its_lines() -> None:
    assert read(INTERVIEW["note"], ["une\x00 ligne\n\tdeux"]) == ["une ligne\n\tdeux"]


def test_an_identifier_too_large_for_a_float_is_refused_not_rounded() -> None:
    assert read(CONTRACT["contract_id"], [2.0**60]) == [REFUSED]


def test_a_siret_keeps_its_leading_zeros_and_its_check_figure_is_not_judged_here() -> None:
    assert read(CONTRACT["employer_siret"], ["00000000000001"]) == ["00000000000001"]
    assert read(CONTRACT["employer_siret"], ["1234"]) == [REFUSED]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_typed_dates_are_accepted_in_every_unit_but_not_with_an_hour(unit: str) -> None:
    dates = np.array(["2024-03-01", "2024-03-01T10:00", "NaT"], dtype="datetime64[m]")
    typed = pd.Series(dates.astype(f"datetime64[{unit}]"))
    assert read(OUTCOME["new_contract_on"], typed) == [pd.Timestamp("2024-03-01"), REFUSED, MISSING]


def test_typed_numbers_out_of_bounds_or_infinite_are_refused_and_nan_is_missing() -> None:
    typed = pd.Series([60.0, np.inf, -np.inf, 500.0, np.nan])
    assert read(CONTRACT["pay_percent_smic"], typed) == [60.0, REFUSED, REFUSED, REFUSED, MISSING]


def test_a_categorical_column_is_read_by_its_categories() -> None:
    typed = pd.Series(["warning", None, "warning", "nonsense"], dtype="category")
    assert read(EVENT["kind"], typed) == ["warning", REFUSED, "warning", REFUSED]


def test_true_is_no_number() -> None:
    assert read(CONTRACT["weekly_hours"], pd.Series([True])) == [REFUSED]


def test_minus_zero_is_zero_so_that_one_content_has_one_digest() -> None:
    content = read_cells(EVENT["value"], pd.Series([-0.0])).content
    assert not np.signbit(content.to_numpy()).any()
