"""One generator for each kind of input that people's tools make, and what each must become.

Nothing here comes from the shared cases: the inputs are written anew, one small delivery a kind.
"""

import json
from pathlib import Path

import pytest

from features.intake.formats.raw_tables import NOT_A_ROW
from tests.lib.deliveries import (
    HEADER,
    NOTES,
    accounts,
    contract,
    delivered,
    interview,
    notes_of,
    text,
)

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("by", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_separator_and_line_end(
    tmp_path: Path, encoding: str, by: str, end: str
) -> None:
    lines = [by.join(NOTES), *(interview(i, f"très motivé n°{i}", by) for i in (1, 2))]
    content = end.join([*lines, ""]).encode(encoding)
    assert notes_of(delivered(tmp_path, "interviews.csv", content)) == [
        "très motivé n°1", "très motivé n°2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "above",
    ["sep=;\n", "SEP=;\n", '"sep=;"\n', "Contrats au 3 mars\n", "Titre;;\n;;;\n", "\n\n",
     "sep=;\nExport;du;3 mars;2025\n\n"],
)  # fmt: skip
def test_what_stands_above_the_header_is_no_row(tmp_path: Path, above: str) -> None:
    rows = [contract(1), [*contract(2)[:3], "bientôt", *contract(2)[4:]]]
    intake = delivered(tmp_path, "contracts.csv", above + text(rows, by=";"))
    assert accounts(intake) == (2, 1, 1)
    assert intake.rejects["line"].tolist() == [above.count("\n") + 3]


@pytest.mark.parametrize(
    "header",
    [[n.upper() for n in HEADER], [n.title() for n in HEADER], [f" {n} " for n in HEADER],
     [n.replace("_", " ") for n in HEADER], [n.replace("_", "-") for n in HEADER],
     [f"\u200b{n}" for n in HEADER], [f'"{n}"' for n in HEADER]],
)  # fmt: skip
def test_a_header_in_any_writing(tmp_path: Path, header: list[str]) -> None:
    content = text([contract(1)], header=header)
    assert accounts(delivered(tmp_path, "Contracts.CSV", content)) == (1, 1, 0)


@pytest.mark.parametrize("extra", [1, 3, 20])
@pytest.mark.parametrize("where", ["header and rows", "rows", "some rows"])
def test_empty_columns_at_the_end(tmp_path: Path, extra: int, where: str) -> None:
    blank = [""] * extra
    rows = [[*contract(1), *blank], contract(2) if where == "some rows" else [*contract(2), *blank]]
    header = [*HEADER, *blank] if where == "header and rows" else HEADER
    assert accounts(delivered(tmp_path, "contracts.csv", text(rows, header=header))) == (2, 2, 0)


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "__index_level_0__"])
def test_row_numbers_of_another_tool_are_left_out(tmp_path: Path, name: str) -> None:
    rows = [[str(i), *contract(i)] for i in (1, 2)]
    intake = delivered(tmp_path, "contracts.csv", text(rows, header=[name, *HEADER]))
    assert accounts(intake) == (2, 2, 0)
    assert "contracts.csv: a column of row numbers was left out" in intake.notes


def test_a_value_beyond_the_last_name_refuses_its_row(tmp_path: Path) -> None:
    """It may be a shifted row: no column says what it is."""
    rows = [[*contract(1), "", ""], [*contract(2), "", "à vérifier"]]
    intake = delivered(tmp_path, "contracts.csv", text(rows, header=[*HEADER, "", ""]))
    assert accounts(intake) == (2, 1, 1)
    assert intake.rejects["line"].tolist() == [3]


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (['"C2,P2,apprenticeship,2024-09-02,2026-08-31,2024-09-05'], [3]),
        (['C2,"P2,apprenticeship,2024-09-02,2026-08-31,2024-09-05'], [3]),
        (['C2,P2,apprenticeship,2024-09-02,2026-08-31,"2024-09-05'], [3]),
        (['C2,P2,"appren"ticeship,2024-09-02,2026-08-31,2024-09-05'], [3]),
        (["C2,P2"], [3]),
        (["C2,P2,apprenticeship,2024-09-02,2026-08-31,2024-09-05,x,y"], [3]),
        (['C2,"P', '2,apprenticeship', "2024-09-02"], [3, 4, 5]),
        (['"C2,P2,apprenticeship,2024-09-02,2026-08-31,2024-09-05',
          'C3,P3,"apprenticeship",2024-09-02,2026-08-31,2024-09-05',
          '"C4,P4,apprenticeship,2024-09-02,2026-08-31,2024-09-05'], [3, 5]),
    ],
)  # fmt: skip
def test_a_broken_record_is_refused_alone(
    tmp_path: Path, lines: list[str], refused: list[int]
) -> None:
    first, last = ",".join(contract(1)), ",".join(contract(9))
    content = "\n".join([",".join(HEADER), first, *lines, last, ""])
    intake = delivered(tmp_path, "contracts.csv", content)
    assert intake.rejects["line"].tolist() == refused
    assert set(intake.rejects["reason"]) == {NOT_A_ROW}
    read, accepted, _ = accounts(intake)
    assert read == 2 + len(lines)
    assert {"C1", "C9"} <= set(intake.records.contracts["contract_id"])
    assert accepted == read - len(refused)


def test_two_stray_quotes_swallow_no_row_between_them(tmp_path: Path) -> None:
    rows = [interview(1, '"5 pouces'), *(interview(i, "bien") for i in range(2, 40)),
            interview(40, 'écran 12"')]  # fmt: skip
    intake = delivered(tmp_path, "interviews.csv", "\n".join([",".join(NOTES), *rows, ""]))
    assert accounts(intake, "interviews") == (40, 39, 1)
    assert intake.rejects["line"].tolist() == [2]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_within_a_quoted_value_are_one_record(tmp_path: Path, end: str) -> None:
    note = f'une{end}deux; "" trois "",{end}{end},,,,,{end}quatre'
    rows = [interview(1, f'"{note}"'), interview(2, "simple"), interview(3, "x,y")]
    content = end.join([",".join(NOTES), *rows, ""])
    intake = delivered(tmp_path, "interviews.csv", content)
    assert notes_of(intake)[0] == note.replace('""', '"')
    assert intake.rejects["line"].tolist() == [4]
    assert accounts(intake, "interviews") == (3, 2, 1)


def test_quotes_within_a_value_that_is_not_quoted_stay(tmp_path: Path) -> None:
    content = "\n".join([",".join(NOTES), interview(1, 'il dit "oui" et part'), ""])
    assert notes_of(delivered(tmp_path, "interviews.csv", content)) == ['il dit "oui" et part']


@pytest.mark.parametrize("quoted", [True, False])
def test_a_value_larger_than_a_block_harms_no_other_row(tmp_path: Path, quoted: bool) -> None:
    huge = "m" * (20 << 20)
    rows = [interview(1, f'"{huge}"' if quoted else huge), interview(2, "bien")]
    intake = delivered(tmp_path, "interviews.csv", "\n".join([",".join(NOTES), *rows, ""]))
    assert accounts(intake, "interviews") == (2, 2, 0)
    assert intake.left_out[["line", "reason"]].to_numpy().tolist() == [[2, "too long"]]
    assert intake.records.interviews["note"].notna().tolist() == [False, True]


def test_rows_at_the_border_of_two_blocks_are_all_there(tmp_path: Path) -> None:
    """Each line is longer than the last, so that borders fall at every place of a row."""
    rows = [interview(i, f'"{"é" * (i % 97)} ""{i}"" \r\n fin"') for i in range(150_000)]
    rows[70_000] = interview(70_000, "trop,de,valeurs")
    content = "\r\n".join([",".join(NOTES), *rows, ""])
    assert len(content.encode()) > 1 << 24
    intake = delivered(tmp_path, "interviews.csv", content)
    assert accounts(intake, "interviews") == (150_000, 149_999, 1)
    assert intake.rejects["line"].tolist() == [70_002]


def test_decimal_commas_that_nobody_quoted_are_put_together_where_one_way_fits(
    tmp_path: Path,
) -> None:
    header = (*HEADER[:3], "weekly_hours", *HEADER[3:], "pay_percent_smic")
    rows = [
        [*contract(1)[:3], "35,5", *contract(1)[3:], "43,5"],
        [*contract(2)[:3], "35", *contract(2)[3:], "43,5"],
        [*contract(3)[:3], "35", *contract(3)[3:], "43,x"],
    ]
    intake = delivered(tmp_path, "contracts.csv", text(rows, header=header))
    assert accounts(intake) == (3, 2, 1)
    hours_and_pay = intake.records.contracts[["weekly_hours", "pay_percent_smic"]]
    assert hours_and_pay.to_numpy().tolist() == [[35.5, 43.5], [35, 43.5]]


OBJECT = json.dumps(dict(zip(HEADER, contract(2), strict=True)))


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ('{"contract_id": ' + "[" * 20_000 + "]" * 20_000 + "}", True),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, True),
        (json.dumps(dict(zip(HEADER, contract(2), strict=True))).replace("P2", "P\\ud800"), True),
        (json.dumps(dict(zip(HEADER, contract(2), strict=True))).replace("P2", "P\\u0000"), True),
        ('{"contract_id": "C2", "contract_id": "C3"}', True),
        ('{"contract_id": "C2"', True),
        ("null", True),
        ("[]", True),
        ("{}", True),
        (OBJECT + "\u2028", False),
        (OBJECT[:-1] + f', "weekly_hours": {10**400}}}', False),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_line_of_json_that_is_no_row_is_refused_alone(
    tmp_path: Path, line: str, refused: bool
) -> None:
    good = [json.dumps(dict(zip(HEADER, contract(i), strict=True))) for i in (1, 9)]
    intake = delivered(tmp_path, "contracts.ndjson", "\n".join([good[0], line, good[1], ""]))
    assert accounts(intake) == (3, 2, 1) if refused else (3, 3, 0)
    assert set(intake.rejects["line"]) == ({2} if refused else set())
