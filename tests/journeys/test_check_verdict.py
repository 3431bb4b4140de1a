"""`vigie check` begins with what an extract is enough for on a day, and what is wrong in it."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from features.intake.intake import take_in
from features.intake.quality import report as report_on
from features.intake.quality_view import render
from tests.lib.commands import vigie
from tests.lib.folders import CONTRACTS, INTERVIEWS, folder_of

DAY = "2024-03-01"
HEADER = "contract_id,person_id,kind,started_on,planned_end_on,known_on\n"


def _lines(folder: Path, *options: str, cwd: Path) -> list[str]:
    done = vigie("check", folder, "--lenient", *options, folder=cwd)
    assert (done.code, done.err) == (0, "")
    return done.out.splitlines()


def _programme(broken: int) -> dict[str, str]:
    rows = [f"C{n},P{n},apprenticeship,2022-09-01,2024-08-31,2022-09-01" for n in range(broken + 5)]
    ends = [f"C{n},2023-02-01,rupture,2023-02-10" for n in range(broken)]
    return {
        "contracts": HEADER + "\n".join(rows) + "\n",
        "outcomes": "contract_id,ended_on,how,known_on\n" + "\n".join(ends) + "\n",
    }


def test_it_says_what_the_extract_is_enough_for(tmp_path: Path) -> None:
    few = _lines(folder_of(tmp_path, **_programme(12)), "--as-of", DAY, cwd=tmp_path)
    assert few[:4] == [
        f"As known on {DAY}.",
        "Enough to score: 5 contracts open on the next morning.",
        "Not enough to train: 12 ruptures matured, 20 needed.",
        "Nothing wrong was found.",
    ]


def test_enough_to_train(tmp_path: Path) -> None:
    lines = _lines(folder_of(tmp_path, **_programme(37)), "--as-of", DAY, cwd=tmp_path)

    assert lines[2] == "Enough to train: 37 ruptures matured, 20 needed."


def test_a_rupture_that_is_not_matured_that_day_does_not_count(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **_programme(25))

    early = _lines(folder, "--as-of", "2023-02-20", cwd=tmp_path)

    assert early[2] == "Not enough to train: 0 ruptures matured, 20 needed."


def test_today_is_named_and_nothing_may_be_open(tmp_path: Path) -> None:
    lines = _lines(folder_of(tmp_path, contracts=CONTRACTS), cwd=tmp_path)

    assert lines[0].startswith("As known on ")
    assert lines[0].endswith(", today.")
    assert lines[1] == "Nothing to score: no contract is open on the next morning."


def test_what_is_known_or_dated_later_is_counted(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, contracts=CONTRACTS, interviews=INTERVIEWS)

    lines = _lines(folder, "--as-of", "2023-09-20", cwd=tmp_path)

    assert "Left aside, known after 2023-09-20: 1 interviews." in lines
    assert "Left aside, dated after 2023-09-20: 1 interviews." in lines


def test_causes_come_before_the_rows_that_fall_with_them(tmp_path: Path) -> None:
    bad = CONTRACTS.replace("C1,P1,apprenticeship,2023-09-01", "C1,P1,apprenticeship,never")
    many = INTERVIEWS + "".join(
        INTERVIEWS.splitlines()[1].replace("I1", f"I{n}") + "\n" for n in range(2, 6)
    )
    folder = folder_of(tmp_path, contracts=bad, interviews=many)

    text = "\n".join(_lines(folder, "--as-of", DAY, cwd=tmp_path))

    assert "Wrong: 6 rows refused (5 with their contract), 0 values left out" in text
    assert text.index("not a date") < text.index("interview of an unknown contract")
    assert text.index("Refused cells, by reason") < text.index("Rows")


def test_it_is_readable_at_eighty_columns(tmp_path: Path) -> None:
    report = report_on(take_in(folder_of(tmp_path, contracts=CONTRACTS, interviews=INTERVIEWS)))
    console = Console(width=80, file=StringIO())
    for part in render(report):
        console.print(part)
    text = console.file.getvalue()

    assert "2023-10-03" in text
    assert "…" not in text
