"""Tables as people's tools make them, from the shared cases: what each must become.

Each line of CASES names a case and what is right: `kept` rows; `cleaned`, `left out` or `refused`
cells with their reason; or the words that stop the file, which may be cut. Inputs of the same
kinds are written anew in `tests/spec/test_kinds_of_*.py`, for when the cases are not there.
"""

from pathlib import Path

import pytest

from features.common.errors import InputError
from features.intake.intake import Intake, take_in
from tests.lib.tables import rows

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
needs_cases = pytest.mark.skipif(
    not CASES.exists(), reason="the shared cases are not beside the repository (../shared/cases)"
)

TABLES = rows("""
    case                           | kept | becomes
    01_siret_spaces                | 1 | cleaned employer_siret
    02_siret_lost_zero             | 1 | cleaned employer_siret
    03_siret_sci                   | 1 | left out employer_siret: written as 1.2E+13
    04_siret_sci_fr                | 1 | left out employer_siret: written as 1.2E+13
    05_naf_lower                   | 1 | cleaned employer_naf
    06_naf_space                   | 1 | cleaned employer_naf
    06b_naf_ok                     | 1 |
    07_naf_lost_zero               | 1 | cleaned employer_naf
    08_idcc_lost_zeros             | 1 | cleaned employer_idcc
    09_postcode_lost_zero          | 1 | cleaned home_postcode
    10_postcode_reunion            | 1 |
    100_siren                      | 1 | left out employer_siret: nine figures
    11_commune_for_postcode        | 1 | left out home_postcode: the code of a commune
    12_postcode_foreign            | 1 | cleaned home_postcode
    12b_ok                         | 1 |
    12c_space                      | 1 | cleaned home_postcode
    13_rncp_space                  | 1 | cleaned training_rncp
    14_rncp_lower                  | 1 | cleaned training_rncp
    15_rs                          | 1 | left out training_rncp: a number of the répertoire
    16_uai_space                   | 1 | cleaned training_centre_uai
    17_sex_H                       | 1 | cleaned sex
    18_sex_2                       | 1 | cleaned sex
    19_sex_lower                   | 1 | cleaned sex
    19b_sex_word                   | 1 | cleaned sex
    20_flag_O                      | 1 |
    21_flag_X                      | 1 | left out rqth: not true or false
    22_flag_nr                     | 1 |
    23_percent                     | 1 | cleaned pay_percent_smic
    24_fraction                    | 1 | cleaned pay_percent_smic
    25_35h                         | 1 | cleaned weekly_hours
    26_hms                         | 1 | cleaned weekly_hours
    27_NC                          | 1 |
    28_NULL                        | 1 |
    29_NA                          | 1 |
    30_dash                        | 1 |
    31_level_word                  | 1 | cleaned level_prepared
    32_level_roman                 | 1 | cleaned level_prepared
    32b_level2                     | 1 | left out level_prepared: out of bounds
    33_rome_lower                  | 1 | cleaned job_rome
    34_rome_label                  | 1 | cleaned job_rome
    35_unknown_col                 | 1 | note unknown column kind2 (did you mean kind?); left out
    36_headcount_etp               | 1 | left out employer_headcount: not a whole number
    37_headcount_range             | 1 | left out employer_headcount: not a number
    38_headcount_thousand          | 1 | cleaned employer_headcount
    39_multivalued                 | 1 | left out diploma_10103: not in the code list
    40_type24                      | 1 | left out contract_type_10103: not in the code list
    41_sit_newer                   | 1 | left out situation_12434: not in the code list
    42_dipl                        | 1 | left out diploma_12434: not in the code list
    43_date_dmy_time               | 1 | cleaned started_on
    44_date_dmy_time_s             | 1 | cleaned started_on
    45_date_short                  | 1 | cleaned started_on
    46_date_2y                     | 0 | refused started_on: a year of two figures
    47_date_serial                 | 0 | refused started_on: the serial number of a day in Excel
    48_date_dots                   | 1 | cleaned started_on
    49_date_dash_dmy               | 1 | cleaned started_on
    50_date_ms                     | 1 | cleaned started_on
    51_date_off                    | 1 | cleaned started_on
    52_date_slash_iso              | 1 | cleaned started_on
    53_sep_line                    | 1 |
    54_trailing_semicolons         | 1 |
    55_trailing_one                | 1 |
    56_cp1252                      | 1 | note read as Windows-1252
    57_utf16                       | 1 | note read as UTF-16
    58_tab                         | 1 |
    59_cr_only                     | 1 |
    60_bom_crlf                    | 1 |
    61_index_col                   | 1 | note a column of row numbers was left out
    62_upper_header                | 1 |
    65_total_row                   | 1 | refused kind: required value is missing
    66_nul                         | 0 | refused person_id: not of the expected form
    67_quote_in_note               | 1 |
    68_excel_person_names          | 0 | refused person_id: not of the expected form
    69_order_a                     | 2 |
    70_same_day_correction         | 0 | refused known_on: two versions of one day differ
    71_parquet_index               | 1 | note the index of a pandas table was left out
    72_parquet_index_unnamed       | 1 | note the index of a pandas table was left out
    73_parquet_tz_paris            | 1 |
    74_parquet_tz_utc_midnight_paris | 0 | refused started_on: not a day without hour
    75_parquet_siret_int           | 1 | cleaned employer_siret
    76_parquet_siret_float         | 2 |
    77_parquet_decimal             | 1 |
    78_parquet_list                | 1 | left out diploma_10103: not in the code list
    79_parquet_time_ns_1677        | 1 | left out born_on: out of bounds
    80_parquet_allnull             | 1 |
    81_parquet_dict_bin            | 1 |
    82_parquet_date_out_of_ns      | 0 | refused planned_end_on: out of bounds
    83_ndjson_deep                 | 1 | refused row: not a row of the table
    84_ndjson_surrogate            | 0 | refused row: not a row of the table
    85_ndjson_array                | 1 |
    86_ndjson_dupkey               | 0 | refused row: not a row of the table
    87_ndjson_bigint               | 1 | left out employer_headcount: out of bounds
    88_ndjson_bool_num             | 1 | left out weekly_hours: not a number
    89_ndjson_unicode_sep          | 2 |
    90_ndjson_huge_exp             | 1 | left out weekly_hours: not a number
    93_unclosed_quote              | 2 | refused row: not a row of the table
    94_xlsx_in_folder              | 0 | stops: contracts2.xlsx: not a table
    95_ds_store_thumbs             | 1 |
    96_zero_width                  | 1 | cleaned contract_id
    97_nbsp                        | 1 |
    98_future_known                | 1 |
    99_known_before_contract_outcome | 1 |
""")
FRENCH_TOOLS = rows("""
    case             | kept | becomes
    a_bom_utf8       | 2 |
    b_cp1252         | 2 | note read as Windows-1252
    c_trailing       | 2 | note 1 blank lines skipped
    d_newlines       | 2 |
    e_merged         | 1 |
    f_sci            | 1 | left out employer_siret: written as 1.2E+13
    g_2digit         | 0 | refused started_on: a year of two figures
    h_sepline        | 1 |
    i_tab            | 1 |
    j_utf16          | 1 | note read as UTF-16
    k_french_headers | 0 | stops: `vigie prepare` maps other names
    l_upper          | 1 |
    m_nbsp           | 1 | left out weekly_hours: out of bounds
    n_time           | 0 | refused started_on: not a day without hour
    o_excelserial    | 0 | refused started_on: the serial number of a day in Excel
    p_us             | 0 | refused started_on: month before day
    q_dupheader      | 0 | stops: two columns have one name
    r_short          | 2 | refused row: not a row of the table
    t_empty          | 0 | stops: the file is empty
    u_headeronly     | 0 |
    v_nul            | 1 | left out job_rome: not of the expected form
    w_cr             | 2 |
    x_formula        | 0 | refused contract_id: not of the expected form
    y_mixed          | 1 | refused row: not a row of the table
    z_xlsx           | 1 |
""")


@needs_cases
@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["case"])
def test_a_table_becomes_what_is_right(case: dict[str, str]) -> None:
    check(CASES / "tables" / case["case"], case)


@needs_cases
@pytest.mark.parametrize("case", FRENCH_TOOLS, ids=lambda case: case["case"])
def test_a_file_of_a_french_tool_becomes_what_is_right(case: dict[str, str]) -> None:
    check(CASES / "csv_french_tools" / case["case"], case)


@needs_cases
def test_every_case_is_named_here() -> None:
    for folder, named in (("tables", TABLES), ("csv_french_tools", FRENCH_TOOLS)):
        there = {path.name for path in (CASES / folder).iterdir() if path.name[0] != "."}
        assert {case["case"] for case in named} == there


@needs_cases
def test_a_zip_of_contracts_alone_is_read() -> None:
    assert len(take_in(CASES / "http" / "zip_contracts_alone.zip").records.contracts) == 1


FAULTY = [case for case in TABLES if case["becomes"].startswith("left out")]


@needs_cases
@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case["case"])
def test_strict_refuses_what_would_be_left_out(case: dict[str, str]) -> None:
    intake = take_in(CASES / "tables" / case["case"], strict=True)
    assert sum(intake.refused.values()) == 1
    assert len(intake.left_out) == 0


@needs_cases
def test_strict_stops_at_an_unknown_column() -> None:
    with pytest.raises(InputError, match="unknown column kind2"):
        take_in(CASES / "tables" / "35_unknown_col", strict=True)


def check(path: Path, case: dict[str, str]) -> None:
    kind, _, words = case["becomes"].partition(": ")
    if kind == "stops":
        with pytest.raises(InputError) as caught:
            take_in(path)
        assert words in str(caught.value)
        return
    intake = take_in(path)
    assert len(intake.records.contracts) == int(case["kept"])
    for name, read in intake.read.items():
        accepted = len(getattr(intake.records, name))
        assert read == accepted + intake.repeats[name] + intake.refused[name]
    found = described(intake)
    assert any(what.startswith(case["becomes"]) for what in found), found
    assert case["becomes"] or "" in found, found


def described(intake: Intake) -> set[str]:
    """Say in words what happened to cells; the empty text when nothing did."""
    found = {f"note {note.split(': ', 1)[1]}" for note in intake.notes}
    quiet = not len(intake.rejects) + len(intake.left_out)
    for what, cells in (("refused", intake.rejects), ("left out", intake.left_out)):
        found |= {
            f"{what} {column or 'row'}: {reason}"
            for column, reason in cells[["column", "reason"]].itertuples(index=False)
        }
    found |= {f"cleaned {column}" for table in intake.cleaned.values() for column in table}
    return found | ({""} if quiet else set())
