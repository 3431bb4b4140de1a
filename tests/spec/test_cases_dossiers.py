"""The dossiers of ../shared/cases, as its expected.md says what is right."""

from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.intake import Intake, take_in
from tests.lib.dossiers_v3 import CASES, KEY, case

TODAY = pd.Timestamp("2026-11-27")
# Contracts with their ends; a date means that of the day, "-" an open contract.
RIGHT = """
01_ddmmyyyy_two_contracts      | 2023-09-01..2023-12-31 2024-01-15..2025-08-31 |
03_no_end_date_permanent       | 2023-09-01..2025-07-01 |
04_end_9999                    | 2023-09-01..2025-07-01 |
07_end_of_day_naive            | 2023-09-01..2025-08-31 |
12_same_year_twice_order_a     | 2023-09-01..2025-08-31 | 2024-01-15
13_same_year_twice_order_b     | 2023-09-01..2025-08-31 | 2024-01-15
15_resign_3_days               | 2023-09-01..2025-08-31 2023-11-13..2025-08-31 | 2023-11-10
16_avenant_same_employer       | 2023-09-01..2025-08-31 |
17_siret_change_transfer       | 2023-09-01..2025-08-31 |
18_exclusion_ignored           | 2023-09-01..2025-08-31 |
22_corsica                     | 2023-09-01..2025-08-31 |
23_uai_corsica_2A              | 2023-09-01..2025-08-31 |
27_cp1252                      | 2023-09-01..2025-08-31 |
28_utf16                       | 2023-09-01..2025-08-31 |
29_wrapped_object              | 2023-09-01..2025-08-31 |
30_nan_literal                 | 2023-09-01..2025-08-31 |
31_empty_strings               | 2023-09-01..2025-08-31 |
32_null_texts                  | 2023-09-01..2025-08-31 |
33_dash_texts                  | 2023-09-01..2025-08-31 |
34_dotnet_min                  | 2023-09-01..2025-08-31 |
36_feb29                       | 2024-02-29..2026-02-28 |
41_two_received_same_day_end_moved | 2023-09-01..2025-07-31 |
42_school_years_2_files_same_day   | 2023-09-01..2025-07-31 |
44_nul_char                    | 2023-09-01..2025-08-31 | 2024-01-15
45_start_missing_with_second   | 2024-01-01..2025-08-31 |
46_siren_for_siret             | 2023-09-01..2025-08-31 |
47_dec31_23h                   | 2024-01-01..2024-02-29 |
48_starts_later                | 2024-03-15..2025-08-31 |
49_late_rupture                | 2023-09-01..2025-08-31 | 2024-03-10
"""
VERSIONS = {
    "02_ddmmyyyy_then_iso": (1, 2),
    "09_start_corrected": (1, 2),
    "10_contract_vanishes": (2, 3),
    "38_id_case_spaces": (2, 2),
    "49_late_rupture": (1, 2),
}


def taken(path: Path) -> Intake:
    """What a case gives; each row it holds is accepted, repeated or refused."""
    intake = take_in(path, received_on=TODAY, person_key=KEY)
    for record_type, rows in intake.records:
        name = record_type.name
        assert intake.read[name] == len(rows) + intake.repeats[name] + intake.refused[name]
    return intake


def lines() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in RIGHT.strip().splitlines()]


@pytest.mark.parametrize(("name", "contracts", "ends"), lines())
def test_a_dossier_gives_the_contracts_it_describes(name: str, contracts: str, ends: str) -> None:
    records = taken(case("v3", name)).records
    latest = records.contracts.drop_duplicates("contract_id", keep="last")
    found = [f"{c.started_on:%Y-%m-%d}..{c.planned_end_on:%Y-%m-%d}" for c in latest.itertuples()]
    assert found == contracts.split()
    assert [f"{day:%Y-%m-%d}" for day in records.outcomes["ended_on"]] == ends.split()


@pytest.mark.parametrize(("name", "expected"), VERSIONS.items())
def test_deliveries_give_versions_of_the_same_contracts(
    name: str, expected: tuple[int, int]
) -> None:
    contracts = taken(case("v3", name)).records.contracts
    assert (contracts["contract_id"].nunique(), len(contracts)) == expected


@pytest.mark.parametrize("name", ["24_surrogate", "25_surrogate_cause", "26_deep_nesting"])
def test_a_dossier_that_cannot_be_read_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(InputError, match="dossier 1"):
        taken(case("v3", name))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("v3/18_exclusion_ignored", "2024-01-10"),
        ("status21/case07-2025-03-06.json", "2025-03-01"),
        ("status21/case18-2025-03-06.json", "2024-12-01"),
    ],
)
def test_an_exclusion_is_an_event_of_its_day(name: str, day: str) -> None:
    events = taken(case(*name.split("/"))).records.events
    assert events[["kind", "happened_on"]].to_numpy().tolist() == [
        ["left_training", pd.Timestamp(day)]
    ]


def test_a_contract_that_vanishes_is_noted() -> None:
    notes = taken(case("v3", "10_contract_vanishes")).notes
    assert any("1 contracts of an earlier delivery" in note for note in notes)


def test_the_folder_of_deliveries_keeps_their_days() -> None:
    contracts = taken(case("history_folder")).records.contracts
    assert [f"{day:%Y-%m-%d}" for day in contracts["known_on"]] == ["2026-10-01", "2026-11-01"]
    assert len(set(contracts["contract_id"])) == 1


@pytest.mark.parametrize(
    "name", ["template_csv", "template-2025-10-01.json", "template_id-2025-10-01.json"]
)
def test_the_national_template_is_read(name: str) -> None:
    (contract,) = taken(case(name)).records.contracts.itertuples()
    assert f"{contract.started_on:%d/%m/%Y}" == "01/09/2025"
    assert contract.home_postcode == "01000"


def test_no_centre_is_a_sentence() -> None:
    with pytest.raises(InputError, match="expected the UAI of the centre"):
        taken(case("http", "v3_no_uai_crash.json"))


@pytest.mark.skipif(not CASES.exists(), reason="expected ../shared/cases, which is not there")
def test_no_case_ends_in_a_traceback_or_loses_a_row() -> None:
    for path in sorted([*CASES.glob("v3/*"), *CASES.glob("status21/*"), *CASES.glob("resub*")]):
        with suppress(InputError):  # a sentence; anything else is a traceback
            taken(path)
