"""What comes in by the commands: refused whole, refused by row, or accepted."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.lib.commands import SECRET, files, refused, vigie
from tests.lib.folders import CONTRACTS, INTERVIEWS, folder_of
from tests.lib.trained_programme import TrainedProgramme


def test_a_sound_folder_passes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS, interviews=INTERVIEWS)

    done = vigie("check", folder, folder=tmp_path)

    assert (done.code, done.err) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({}, "no table in this folder; put contracts.csv or the like in it"),
        ({"interviews": INTERVIEWS}, "the table contracts is missing; add it"),
        ({"contract": CONTRACTS}, "contract.csv: not a table; expected contracts, interviews"),
        (
            {"contracts": CONTRACTS.replace(",kind,", ",form,").replace("apprenticeship", "")},
            "contracts.csv: required column kind is missing; add it",
        ),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused(
    tables: dict[str, str], words: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, **tables)

    message = refused(vigie("check", folder, "--rejects", "kept", folder=tmp_path), 3)

    assert words in message
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("pay_percent_smc", "unknown column pay_percent_smc (did you mean pay_percent_smic?)"),
        (f"{SECRET} 0612345678", "a column whose name is not a plain word is unknown"),
    ],
)
def test_an_unknown_column_is_reported_and_strictly_refused(
    column: str, words: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS.replace("pay_percent_smic", column))

    done = vigie("check", folder, folder=tmp_path)
    message = refused(vigie("check", folder, "--strict", folder=tmp_path), 3)

    assert (done.code, done.err) == (0, "")
    assert f"contracts.csv: {words}; left out" in done.out
    assert f"contracts.csv: {words}" in message


BAD_ROWS = {
    "wrong type": (
        "contracts",
        CONTRACTS.replace("C1,P1,apprenticeship,2023-09-01", f"C1,P1,apprenticeship,{SECRET}"),
        "not a date",
    ),
    "two contracts with one id": (
        "contracts",
        CONTRACTS.replace("C2,P2", "C1,P2"),
        "two contracts with one id",
    ),
    "unknown contract": (
        "interviews",
        INTERVIEWS.replace("C1", SECRET),
        "interview of an unknown contract",
    ),
    "known before it was held": (
        "interviews",
        INTERVIEWS.replace("2023-10-03", "2023-10-01"),
        "known before it happened",
    ),
    "a code nobody knows": (
        "contracts",
        CONTRACTS.replace("P1,apprenticeship", "P1,internship"),
        "not in the code list",
    ),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_goes_in(
    case: str, tmp_path: Path
) -> None:
    table, text, reason = BAD_ROWS[case]
    tables = {"contracts": CONTRACTS, "interviews": INTERVIEWS} | {table: text}
    folder = folder_of(tmp_path, **tables)

    strict = vigie("check", folder, "--rejects", "kept", folder=tmp_path)
    lenient = vigie("check", folder, "--rejects", "kept", "--lenient", folder=tmp_path)

    assert "see kept/rejects.csv" in refused(strict, 3)
    assert (lenient.code, lenient.err) == (0, "")
    rejects = pd.read_csv(tmp_path / "kept" / "rejects.csv")
    assert reason in set(rejects.loc[rejects["table"] == table, "reason"])


def test_a_faulty_optional_value_is_left_out_and_strictly_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS.replace(",53,", f",{SECRET},"))

    done = vigie("check", folder, "--rejects", "kept", folder=tmp_path)
    message = refused(vigie("check", folder, "--strict", folder=tmp_path), 3)

    assert (done.code, done.err) == (0, "")
    rejects = pd.read_csv(tmp_path / "kept" / "rejects.csv")
    assert set(rejects["effect"]) == {"value left out"}
    assert set(rejects["reason"]) == {"not a number"}
    assert SECRET not in done.out + message


def test_a_bad_row_does_not_stop_a_score(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    """It is counted on screen and stored in a file; the others are scored."""
    bad = CONTRACTS + "C3,P3,apprenticeship,never,2025-08-31,53,2023-09-01\n"
    folder = folder_of(tmp_path, contracts=bad)
    options = ("--bundle", trained_programme.champion, "--out", "risks.parquet")

    done = vigie("score", folder, "--as-of", "2024-01-05", *options, folder=tmp_path)

    assert done.code == 0
    assert "1 cells or rows refused, 0 optional values left out" in done.err
    assert "in var/rejects/rejects.csv" in done.err
    scored = pd.read_parquet(tmp_path / "risks.parquet")["contract_id"]
    assert sorted(scored) == ["C1", "C2"]


@pytest.mark.parametrize("damage", ["truncated", "altered", "removed", "added"])
def test_a_damaged_extract_is_refused(
    trained_programme: TrainedProgramme, damage: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(trained_programme.extract, copy)
    part = copy / "events" / "part-0000.parquet"
    content = bytearray(part.read_bytes())
    match damage:
        case "truncated":
            part.write_bytes(content[: len(content) // 2])
        case "altered":
            content[len(content) // 2] ^= 1
            part.write_bytes(content)
        case "removed":
            part.unlink()
        case "added":
            shutil.copy(part, part.with_name("part-0001.parquet"))

    message = refused(vigie("check", copy, "--rejects", "kept", folder=tmp_path), 3)

    assert "events" in message
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    message = refused(vigie("check", "nowhere", folder=tmp_path), 3)

    assert "nowhere: no such file or folder; check the path" in message


def test_a_folder_in_use_is_not_simulated_over(tmp_path: Path) -> None:
    folder_of(tmp_path, contracts=CONTRACTS)
    before = files(tmp_path)

    done = vigie("simulate", "--contracts", 40, "--out", "tables", folder=tmp_path)

    assert "expected a new or empty folder" in refused(done, 3)
    assert files(tmp_path) == before
