"""The files of refused rows: what they hold, who may read them, and when they go."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from features.common.errors import StorageError
from features.common.spreadsheets import harmless_cell
from features.intake.intake import take_in
from features.intake.rejects_files import remove_old_rejects
from features.intake.words import FRENCH
from features.records.faults import Fault
from tests.lib.deliveries import CONTRACTS, folder_of


def test_the_rejects_hold_every_faulty_cell_with_its_line_and_run_no_formula(
    tmp_path: Path,
) -> None:
    bad = CONTRACTS.replace("C1,P1,apprenticeship", "=1+1,P1,apprenticeship")
    bad = bad.replace("known_on\n", "known_on,weekly_hours\n").replace("09-01\n", "09-01,35\n", 1)
    delivery = folder_of(tmp_path, contracts=bad.replace("09-02\n", "09-02,beaucoup\n"))
    path = take_in(delivery).write_rejects(tmp_path / "out", delivery=delivery)
    rows = pd.read_csv(path)
    assert rows[["line", "column", "got", "reason", "effect", "original"]].to_numpy().tolist() == [
        [2, "contract_id", "(hidden)", "not of the expected form", "row refused",
         "'=1+1;P1;apprenticeship;2023-09-01;2025-08-31;2023-09-01;35"],
        [3, "weekly_hours", "beaucoup", "not a number", "value left out",
         "C2;P2;professionalisation;2023-09-01;2024-08-31;2023-09-02;beaucoup"],
    ]  # fmt: skip
    assert sorted(p.name for p in path.parent.iterdir()) == ["rejects.csv", "rejects.xlsx"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "-2+3+cmd|' /C calc'!A0", "＝1+1", "@SUM(1)", "x;=1+1", "x\t-1-1"]
)
def test_no_cell_of_the_rejects_is_a_formula(tmp_path: Path, cell: str) -> None:
    delivery = folder_of(tmp_path, contracts=CONTRACTS.replace("apprenticeship", f'"{cell}"'))
    path = take_in(delivery).write_rejects(tmp_path / "out", delivery=delivery)
    rows = pd.read_csv(path)
    (got,) = rows["got"]
    assert got == harmless_cell(cell)
    assert got.replace("'", "") == cell.replace("'", "")
    assert harmless_cell(rows["original"].iloc[0]) == rows["original"].iloc[0]


def test_nobody_but_the_owner_reads_the_rejects(tmp_path: Path) -> None:
    delivery = folder_of(tmp_path, contracts=CONTRACTS.replace("2025-08-31", "bientôt"))
    path = take_in(delivery).write_rejects(tmp_path / "out", delivery=delivery)
    assert {stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()} == {0o600}


def test_a_workbook_of_rejects_is_corrected_and_delivered_as_it_is(tmp_path: Path) -> None:
    """It says why in French, and its formulas stay texts."""
    bad = CONTRACTS.replace("2025-08-31", "31/08/25").replace("C2", "=cmd|'/c calc'!A0")
    delivery = folder_of(tmp_path, contracts=bad)
    path = take_in(delivery).write_rejects(tmp_path / "out", delivery=delivery)
    book = CalamineWorkbook.from_path(str(path.with_suffix(".xlsx")))
    header, first, second = book.get_sheet_by_name("contracts").to_python()
    assert header[:2] == ["contract_id", "person_id"]
    assert first[-3:] == ["contracts.csv", "2", "date de fin prévue : année sur deux chiffres"]
    assert second[0] == "=cmd|'/c calc'!A0"

    corrected = xlsxwriter.Workbook(tmp_path / "corrected.xlsx")
    sheet = corrected.add_worksheet("contracts")
    for at, row in enumerate((header, [*first[:4], "31/08/2025", *first[5:]])):
        sheet.write_row(at, 0, row)
    corrected.close()
    again = take_in(tmp_path / "corrected.xlsx")
    assert again.records.contracts["contract_id"].tolist() == ["C1"]


def test_old_rejects_are_removed_and_nothing_else(tmp_path: Path) -> None:
    delivery = folder_of(tmp_path, contracts=CONTRACTS.replace("2025-08-31", "bientôt"))
    path = take_in(delivery).write_rejects(tmp_path / "out", delivery=delivery)
    (tmp_path / "out" / "other.csv").write_text("kept")
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    assert remove_old_rejects(tmp_path, now=written + timedelta(days=29)) == 0
    assert remove_old_rejects(tmp_path, now=written + timedelta(days=31)) == 2
    assert [p.name for p in path.parent.iterdir()] == ["other.csv"]


def test_a_refused_write_of_the_rejects_leaves_nothing(tmp_path: Path) -> None:
    delivery = folder_of(tmp_path, contracts=CONTRACTS)
    (tmp_path / "rejects.csv").mkdir()
    with pytest.raises(StorageError, match=r"rejects\.csv"):
        take_in(delivery).write_rejects(tmp_path, delivery=delivery)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["delivery", "rejects.csv"]


def test_every_reason_has_its_french_words() -> None:
    assert set(Fault) <= set(FRENCH)
