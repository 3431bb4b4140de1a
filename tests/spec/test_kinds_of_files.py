"""Workbooks, zips, parts and typed files: one generator for each kind, and what each becomes."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from features.common.errors import InputError
from features.intake.intake import take_in
from tests.lib.deliveries import (
    HEADER,
    NOTES,
    accounts,
    contract,
    delivered,
    interview,
    text,
)


def test_a_sheet_is_read_with_its_dates_percents_durations_and_titles(tmp_path: Path) -> None:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed)
    book.add_worksheet("Lisez-moi").write_row(0, 0, ["Export", "du", "3 mars"])
    sheet = book.add_worksheet("Contrats")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 1, ["Contrats en cours"])
    sheet.write_row(2, 1, [*HEADER, "pay_percent_smic", "weekly_hours", "employer_siret", ""])
    for at in (3, 4):
        sheet.write_row(at, 1, contract(at)[:3])
        for place in (4, 5, 6):
            moment = pd.Timestamp(contract(at)[place - 1]).to_pydatetime()
            sheet.write_datetime(at, place, moment, day)
        sheet.write_number(at, 7, 0.55, book.add_format({"num_format": "0 %"}))
        sheet.write_number(at, 8, 35 / 24, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_number(at, 9, 73282932000074)
    sheet.write_string(5, 1, "Total")
    book.close()
    intake = delivered(tmp_path, "contracts.xlsx", packed.getvalue())
    assert accounts(intake) == (3, 2, 1)
    assert set(intake.rejects["line"]) == {6}
    row = intake.records.contracts.iloc[0]
    assert row["started_on"] == pd.Timestamp("2024-09-02")
    assert (row["pay_percent_smic"], row["weekly_hours"]) == (55, 35)
    assert row["employer_siret"] == "73282932000074"


def test_a_workbook_of_several_tables_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "export.xlsx")
    interviews = book.add_worksheet("Interviews")
    interviews.write_row(0, 0, NOTES)
    interviews.write_row(1, 0, interview(1, "=1+1").split(","))
    contracts = book.add_worksheet("contracts")
    contracts.write_row(0, 0, HEADER)
    contracts.write_row(1, 0, contract(1))
    book.close()
    intake = take_in(tmp_path / "export.xlsx")
    assert (accounts(intake), accounts(intake, "interviews")) == ((1, 1, 0), (1, 1, 0))


@pytest.mark.parametrize("folder", ["", "Export du 3 mars/", "a/b/"])
@pytest.mark.parametrize("dust", [True, False])
def test_a_zip_is_read_at_its_root_or_in_a_folder(tmp_path: Path, folder: str, dust: bool) -> None:
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as archive:
        archive.writestr(f"{folder}Contracts.csv", text([contract(1)]))
        archive.writestr(f"{folder}interviews/part-1.csv", text([], header=NOTES))
        if dust:
            for name in (f"__MACOSX/{folder}._Contracts.csv", f"{folder}.DS_Store", "Thumbs.db"):
                archive.writestr(name, b"\x00\x05\x16\x07")
    assert accounts(take_in(tmp_path / "delivery.zip")) == (1, 1, 0)


@pytest.mark.parametrize(
    "names",
    [["../contracts.csv"], ["contracts.csv", "notes.csv"], ["a/contracts.csv", "b/events.csv"],
     ["/etc/contracts.csv", "contracts.csv"], ["contracts.csv", "CONTRACTS.CSV"], []],
)  # fmt: skip
def test_a_zip_of_something_else_is_refused(tmp_path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as archive:
        for name in names:
            archive.writestr(name, text([contract(1)]))
    with pytest.raises(InputError, match="expected a zip of tables"):
        take_in(tmp_path / "delivery.zip")


@pytest.mark.parametrize("suffix", ["csv", "parquet", "ndjson"])
def test_an_empty_part_of_a_table_loses_none_of_the_others(tmp_path: Path, suffix: str) -> None:
    parts = tmp_path / "delivery" / "contracts"
    parts.mkdir(parents=True)
    frames = [pd.DataFrame([contract(i)], columns=HEADER) for i in (1, 2)]
    empty = pd.DataFrame({name: pd.Series(dtype=object) for name in HEADER})
    for number, frame in enumerate((frames[0], empty, frames[1])):
        path = parts / f"{number}.{suffix}"
        match suffix:
            case "csv":
                frame.to_csv(path, index=False)
            case "parquet":
                frame.to_parquet(path)
            case _:
                frame.to_json(path, orient="records", lines=True)
    assert accounts(take_in(tmp_path / "delivery")) == (2, 2, 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("home_postcode", pa.array([["44000"]])),
        ("home_postcode", pa.array([{"code": "44000"}])),
        ("weekly_hours", pa.array([True])),
        ("born_on", pa.array([10**9], pa.time64("us"))),
        ("note_of_nobody", pa.array([b"\xff\xfe"], pa.binary())),
        ("born_on", pa.array([-(10**18)], pa.timestamp("us"))),
    ],
    ids=str,
)  # fmt: skip
def test_a_typed_value_that_is_none_of_the_column_is_left_out(
    tmp_path: Path, column: str, value: pa.Array
) -> None:
    names = {name: pa.array([cell]) for name, cell in zip(HEADER, contract(1), strict=True)}
    (tmp_path / "delivery").mkdir()
    pq.write_table(pa.table({**names, column: value}), tmp_path / "delivery" / "contracts.parquet")
    intake = take_in(tmp_path / "delivery")
    assert accounts(intake) == (1, 1, 0)
    unknown = column not in intake.records.contracts
    assert unknown or intake.records.contracts[column].isna().all()
    assert intake.left_out["column"].tolist() == ([] if unknown else [column])


def test_an_unknown_time_zone_is_a_sentence(tmp_path: Path) -> None:
    names = {name: pa.array([cell]) for name, cell in zip(HEADER, contract(1), strict=True)}
    names["known_on"] = pa.array([10**15], pa.timestamp("us", tz="Mars/Olympus"))
    (tmp_path / "delivery").mkdir()
    pq.write_table(pa.table(names), tmp_path / "delivery" / "contracts.parquet")
    with pytest.raises(InputError, match="another zone"):
        take_in(tmp_path / "delivery")


@pytest.mark.parametrize("suffix", ["csv", "parquet", "ndjson"])
def test_a_file_of_too_many_rows_is_refused_before_it_is_read(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame([contract(i) for i in range(11)], columns=HEADER)
    folder = tmp_path / "delivery"
    folder.mkdir()
    match suffix:
        case "csv":
            frame.to_csv(folder / "contracts.csv", index=False)
        case "parquet":
            frame.to_parquet(folder / "contracts.parquet")
        case _:
            frame.to_json(folder / "contracts.ndjson", orient="records", lines=True)
    with pytest.raises(InputError, match="at most 10 rows in one file, got 11"):
        take_in(folder, most_rows=10)
    assert accounts(take_in(folder, most_rows=11)) == (11, 11, 0)
