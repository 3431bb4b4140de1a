"""Files of every type give the same raw rows, with the line of each and what is no row."""

from pathlib import Path

import pandas as pd
import pytest

from features.common.errors import InputError
from features.intake.formats.tabular import count_rows, read_table

HEADER = "event_id,contract_id,happened_on,kind,known_on"


def write(folder: Path, name: str, content: str, *, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(content, encoding=encoding)
    return path


def test_a_csv_keeps_text_as_text_with_its_leading_zeros(tmp_path: Path) -> None:
    path = write(tmp_path, "outcomes.csv", "contract_id,motive\n007,031\n")
    assert read_table(path, table="outcomes").frame.to_numpy().tolist() == [["007", "031"]]


def test_a_csv_from_a_french_spreadsheet_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "events.csv", "a ; b\r\n1;2,5\r\n", encoding="utf-8-sig")
    frame = read_table(path, table="events").frame
    assert frame.to_dict("list") == {"a": ["1"], "b": ["2,5"]}


def test_the_line_is_the_one_a_spreadsheet_shows(tmp_path: Path) -> None:
    """Blank lines count, a note over two lines counts once, a row cut short is set apart."""
    content = 'a,b\n1,"two\nlines"\n\n3,x\nonly one\n4,5,6\n7,y\n'
    raw = read_table(write(tmp_path, "events.csv", content), table="events")
    assert raw.lines.tolist() == [2, 4, 7]
    assert raw.frame["b"].tolist() == ["two\nlines", "x", "y"]
    assert raw.broken[["line", "expected", "got"]].to_numpy().tolist() == [
        [5, "2 values", "1 values"],
        [6, "2 values", "3 values"],
    ]
    assert raw.notes == ("events.csv: 1 blank lines skipped",)
    assert raw.read == 5


def test_ndjson_lines_that_are_no_flat_object_are_set_apart(tmp_path: Path) -> None:
    content = '{"a": 1}\n\n[1]\n{"a": {"b": 1}}\n{"a": NaN}\n{"a": "x'
    raw = read_table(write(tmp_path, "events.ndjson", content), table="events")
    assert raw.lines.tolist() == [1, 5]
    assert raw.frame["a"].tolist() == [1, "NaN"]
    assert raw.broken["line"].tolist() == [3, 4, 6]


def test_ndjson_keeps_large_whole_numbers_exact_beside_a_missing_one(tmp_path: Path) -> None:
    content = '{"a": 9007199254740993}\n{"a": null}\n'
    raw = read_table(write(tmp_path, "events.ndjson", content), table="events")
    assert raw.frame["a"].tolist() == [9007199254740993, None]


def test_a_parquet_row_is_numbered_by_its_rank(tmp_path: Path) -> None:
    pd.DataFrame({"a": [5, 6]}, index=[8, 9]).to_parquet(tmp_path / "events.parquet")
    raw = read_table(tmp_path / "events.parquet", table="events")
    assert raw.lines.tolist() == [1, 2]
    assert raw.frame["a"].tolist() == [5, 6]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events.csv", b""),
        ("events.csv", b"\n \r\n"),
        ("events.ndjson", b""),
        ("events.parquet", b""),
        ("events.parquet", b"\xff\xfe\x00PAR1 damaged"),
        ("events.xlsx", b""),
        ("events.xlsx", b"PK\x03\x04PAR1 damaged"),
    ],
)
def test_an_empty_or_damaged_file_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name) as caught:
        read_table(tmp_path / name, table="events")
    assert "PAR1" not in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [
        ("cp1252", ("read as Windows-1252",)),
        ("utf-16", ("read as UTF-16",)),
        ("utf-16-be", ("read as UTF-16",)),
        ("utf-8", ()),
        ("utf-8-sig", ()),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "ndjson"])
def test_a_text_is_read_in_the_encoding_it_is_in(
    tmp_path: Path, encoding: str, seen: tuple[str, ...], suffix: str
) -> None:
    text = {"csv": "a,note\n1,motivé à souhait\n", "ndjson": '{"a": 1, "note": "motivé à souhait"}'}
    path = write(tmp_path, f"interviews.{suffix}", text[suffix], encoding=encoding)
    raw = read_table(path, table="interviews")
    assert raw.frame["note"].tolist() == ["motivé à souhait"]
    assert raw.notes == tuple(f"{path.name}: {words}" for words in seen)


def test_a_few_broken_bytes_in_a_text_in_utf8_are_reported_and_change_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "interviews.csv"
    path.write_bytes("a,note\n1,é\n2,è\n".encode() + b"3,\xe9\n")
    raw = read_table(path, table="interviews")
    assert raw.frame["note"].tolist() == ["é", "è", "\ufffd"]
    assert raw.notes == ("interviews.csv: 1 characters are not whole UTF-8 and were lost",)


def test_a_truncated_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    pd.DataFrame({"a": range(100)}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"events\.parquet"):
        read_table(path, table="events")
    with pytest.raises(InputError, match=r"events\.parquet"):
        count_rows(path)


@pytest.mark.parametrize("name", ["events.csv", "events.ndjson"])
def test_two_columns_of_one_name_are_refused_in_csv_and_reported_in_json(
    tmp_path: Path, name: str
) -> None:
    if name.endswith("csv"):
        path = write(tmp_path, name, "a,a \n1,2\n")
        with pytest.raises(InputError, match="two columns have one name"):
            read_table(path, table="events")
    else:
        path = write(tmp_path, name, '{"a": 1, "a": 2}\n{"a": 1, "a": 1}\n')
        raw = read_table(path, table="events")
        assert raw.frame["a"].tolist() == [1]
        assert raw.broken[["line", "got"]].to_numpy().tolist() == [
            [1, "a name twice with two values"]
        ]


@pytest.mark.parametrize("suffix", ["csv", "parquet", "ndjson"])
def test_rows_are_counted_alike_in_every_type(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({"a": ["1", "2", "3"]})
    path = tmp_path / f"events.{suffix}"
    match suffix:
        case "csv":
            frame.to_csv(path, index=False)
        case "parquet":
            frame.to_parquet(path)
        case _:
            frame.to_json(path, orient="records", lines=True)
    assert count_rows(path) == 3
