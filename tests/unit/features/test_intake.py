"""Folders on the way in: which are understood, which rows refused, and what is reported of it."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.extract import digest
from features.intake.intake import take_in
from tests.lib.deliveries import CONTRACTS, INTERVIEWS, folder_of, reasons


def test_a_clean_folder_comes_in_whole_and_absent_tables_are_noted(tmp_path: Path) -> None:
    intake = take_in(folder_of(tmp_path, contracts=CONTRACTS, interviews=INTERVIEWS))
    assert intake.read == {"contracts": 2, "interviews": 2, "events": 0, "outcomes": 0}
    assert len(intake.rejects) == 0
    assert intake.notes == (
        "events: no such table; taken as empty",
        "outcomes: no such table; taken as empty",
    )


def test_a_row_that_comes_twice_is_taken_once_and_counted(tmp_path: Path) -> None:
    again = CONTRACTS + CONTRACTS.splitlines()[1] + "\n"
    intake = take_in(folder_of(tmp_path, contracts=again))
    assert intake.repeats["contracts"] == 1
    assert len(intake.records.contracts) == 2


def test_the_same_file_delivered_twice_changes_nothing(tmp_path: Path) -> None:
    cached_on = take_in(folder_of(tmp_path, contracts=CONTRACTS, interviews=INTERVIEWS))
    twice = tmp_path / "twice"
    for name in ("contracts", "interviews"):
        (twice / name).mkdir(parents=True)
        for part in ("monday", "tuesday"):
            shutil.copy(tmp_path / "delivery" / f"{name}.csv", twice / name / f"{part}.csv")
    intake = take_in(twice)
    assert intake.repeats == {"contracts": 2, "interviews": 2, "events": 0, "outcomes": 0}
    assert digest(intake.records) == digest(cached_on.records)


def test_a_correction_known_later_is_another_version(tmp_path: Path) -> None:
    corrected = "C1,P1,apprenticeship,2023-09-01,2025-06-30,2023-11-01\n"
    intake = take_in(folder_of(tmp_path, contracts=CONTRACTS + corrected))
    assert len(intake.records.contracts) == 3
    assert len(intake.rejects) == 0


def test_two_versions_of_one_day_that_differ_are_both_refused(tmp_path: Path) -> None:
    conflicting = "C1,P1,apprenticeship,2023-09-01,2025-06-30,2023-09-01\n"
    intake = take_in(folder_of(tmp_path, contracts=CONTRACTS + conflicting + conflicting))
    assert (
        reasons(intake)
        == [
            ["contracts.csv", 2, "known_on", "two versions of one day differ"],
            ["contracts.csv", 4, "known_on", "two versions of one day differ"],
            ["contracts.csv", 5, "known_on", "two versions of one day differ"],
        ]
        or intake.repeats["contracts"] == 1
    )
    assert intake.records.contracts["contract_id"].tolist() == ["C2"]


def test_two_contracts_with_one_id_are_refused_with_what_refers_to_them(tmp_path: Path) -> None:
    other = "C1,P9,apprenticeship,2024-01-01,2025-06-30,2024-01-01\n"
    intake = take_in(folder_of(tmp_path, contracts=CONTRACTS + other, interviews=INTERVIEWS))
    assert reasons(intake) == [
        ["contracts.csv", 2, "person_id", "two contracts with one id"],
        ["contracts.csv", 4, "person_id", "two contracts with one id"],
        ["interviews.csv", 2, "contract_id", "interview of an unknown contract"],
    ]
    assert intake.records.interviews["interview_id"].tolist() == ["I2"]


def test_an_interview_that_moves_to_another_contract_is_refused(tmp_path: Path) -> None:
    moved = INTERVIEWS + "I1,C2,2023-10-01,held,2023-10-09\n"
    intake = take_in(folder_of(tmp_path, contracts=CONTRACTS, interviews=moved))
    assert [row[3] for row in reasons(intake)] == ["two interviews with one id"] * 2


def test_an_interview_of_an_unknown_contract_names_it(tmp_path: Path) -> None:
    orphan = INTERVIEWS + "I3,C7,2023-10-01,held,2023-10-09\n"
    rejects = take_in(folder_of(tmp_path, contracts=CONTRACTS, interviews=orphan)).rejects
    assert rejects[["line", "got", "reason"]].to_numpy().tolist() == [
        [4, "C7", "interview of an unknown contract"]
    ]


def test_a_table_may_be_parts_in_a_folder_and_types_may_differ_between_tables(
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / "interviews").mkdir()
    frame = pd.DataFrame([line.split(",") for line in INTERVIEWS.splitlines()[1:]],
                         columns=INTERVIEWS.splitlines()[0].split(","))  # fmt: skip
    frame.head(1).to_parquet(folder / "interviews" / "part-0.parquet")
    frame.tail(1).to_parquet(folder / "interviews" / "part-1.parquet")
    intake = take_in(folder)
    assert intake.records.interviews["interview_id"].tolist() == ["I1", "I2"]


@pytest.mark.parametrize("name", ["truth", "truth_contracts"])
def test_truth_and_papers_beside_the_tables_are_left_alone(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / name).mkdir()
    (folder / name / "part.parquet").write_bytes(b"not read")
    for paper in ("SOURCE.txt", "README.md", "rejects.csv", ".hidden.csv", "_SUCCESS"):
        (folder / paper).write_text("not read", encoding="utf-8")
    assert len(take_in(folder).records.contracts) == 2


@pytest.mark.parametrize(
    "name", ["people.csv", "contract.parquet", "contracts2.xlsx", "notes.json"]
)
def test_an_unknown_table_is_named(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / name).write_bytes(b"")
    with pytest.raises(InputError, match=name):
        take_in(folder)


def test_one_table_in_two_types_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / "contracts.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"both as contracts\.csv and as contracts\.parquet"):
        take_in(folder)


def test_parts_of_several_types_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / "events").mkdir()
    for name in ("a.csv", "b.parquet"):
        (folder / "events" / name).write_bytes(b"")
    with pytest.raises(InputError, match=r"parts of several types \(\.csv, \.parquet\)"):
        take_in(folder)


def test_an_empty_folder_a_missing_path_and_a_missing_contracts_table_are_distinguished(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        take_in(tmp_path / "nowhere")
    folder = folder_of(tmp_path, interviews=INTERVIEWS)
    with pytest.raises(InputError, match="the table contracts is missing"):
        take_in(folder)
    (folder / "interviews.csv").unlink()
    with pytest.raises(InputError, match="no table in this folder"):
        take_in(folder)


def test_a_single_file_is_the_table_its_name_or_its_columns_name(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS)
    (folder / "contracts.csv").rename(folder / "Export du 3 mars.csv")
    assert len(take_in(folder / "Export du 3 mars.csv").records.contracts) == 2
    (folder / "notes.txt").write_text("x")
    with pytest.raises(InputError, match="expected a folder of tables"):
        take_in(folder / "notes.txt")
