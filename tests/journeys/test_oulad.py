"""The Open University data as records: what is mapped and when it is known."""

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from benchmarks.oulad import application
from benchmarks.oulad_judging import run
from benchmarks.oulad_records import Mapped, map_records, read_folder, start_of
from benchmarks.oulad_reference import raw_features
from features.common.errors import InputError
from features.point_in_time.cases import open_cases
from features.records.declarations import RECORD_TYPES
from features.records.schema import Privacy
from tests.lib.tables import cells
from training.recipe import Recipe

# Student 1 passes, 2 registers late and leaves, 3 leaves before the start, 4 and 6 lack a day,
# 5 leaves and has a banked result.
DRAWN = {
    "courses": """
        code_module | code_presentation | module_presentation_length
        AAA         | 2013J             | 268
    """,
    "assessments": """
        code_module | code_presentation | id_assessment | assessment_type | date | weight
        AAA         | 2013J             | 71            | TMA             | 19.0 | 10.0
        AAA         | 2013J             | 72            | TMA             | 54.0 | 20.0
        AAA         | 2013J             | 73            | CMA             | 99.0 | 0.0
        AAA         | 2013J             | 74            | Exam            | -    | 100.0
    """,
    "studentInfo": """
        code_module | code_presentation | id_student | gender | region | highest_education     | imd_band | age_band | num_of_prev_attempts | studied_credits | disability | final_result
        AAA         | 2013J             | 1          | M      | Wales  | HE Qualification      | 10-20    | 35-55    | 0                    | 60              | N          | Pass
        AAA         | 2013J             | 2          | F      | Wales  | Lower Than A Level    | 90-100%  | 0-35     | 2                    | 655             | Y          | Withdrawn
        AAA         | 2013J             | 3          | F      | Wales  | A Level or Equivalent | -        | 55<=     | 0                    | 30              | N          | Withdrawn
        AAA         | 2013J             | 4          | F      | Wales  | No Formal quals       | 0-10%    | 0-35     | 0                    | 30              | N          | Withdrawn
        AAA         | 2013J             | 5          | M      | Wales  | HE Qualification      | 0-10%    | 0-35     | 0                    | 30              | N          | Withdrawn
        AAA         | 2013J             | 6          | M      | Wales  | HE Qualification      | 0-10%    | 0-35     | 0                    | 30              | N          | Fail
    """,  # noqa: E501 - a drawn table is as wide as its columns
    "studentRegistration": """
        code_module | code_presentation | id_student | date_registration | date_unregistration
        AAA         | 2013J             | 1          | -159.0            | -
        AAA         | 2013J             | 2          | 20.0              | 54.0
        AAA         | 2013J             | 3          | -30.0             | -5.0
        AAA         | 2013J             | 4          | -30.0             | -
        AAA         | 2013J             | 5          | -30.0             | 90.0
        AAA         | 2013J             | 6          | -                 | -
    """,
    "studentAssessment": """
        id_assessment | id_student | date_submitted | is_banked | score
        71            | 1          | 19             | 0         | 78.0
        72            | 1          | 60             | 0         | 40.0
        73            | 1          | 20             | 0         | -
        71            | 5          | -1             | 1         | 90.0
    """,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in DRAWN.items():
        cells(text).to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path


@pytest.fixture
def mapped(folder: Path) -> Mapped:
    return map_records(read_folder(folder), ["2013J"])


def contract(mapped: Mapped, student: int) -> pd.Series:
    rows = mapped.records.contracts
    return rows[rows["contract_id"] == f"AAA:2013J:{student}"].iloc[0]


def events(mapped: Mapped, student: int) -> list[tuple[str, str, int]]:
    """Event key after the contract's, kind, and the day it is known, counted from the start."""
    rows = mapped.records.events.sort_values(["known_on", "event_id"])
    mine = rows[rows["contract_id"] == f"AAA:2013J:{student}"]
    days = (mine["known_on"] - start_of("2013J")).dt.days
    keys = mine["event_id"].str.split(":", n=3).str[3]
    return list(zip(keys, mine["kind"], days, strict=True))


def test_an_enrolment_is_a_contract_known_from_its_registration(mapped: Mapped) -> None:
    first, late = contract(mapped, 1), contract(mapped, 2)

    assert first["started_on"] == pd.Timestamp("2013-10-01")
    assert first["planned_end_on"] == pd.Timestamp("2014-06-26")
    assert first["known_on"] == first["signed_on"] == pd.Timestamp("2013-04-25")
    assert late["known_on"] == pd.Timestamp("2013-10-21")
    assert first["training_hours"] == 600
    assert late["training_hours"] == 6000, "655 credits are cut to what a contract may hold"
    assert late["previous_ruptures"] == 2
    assert (first["diploma_12434"], late["diploma_12434"]) == ("39", "59")


def test_protected_columns_are_held_for_the_audit_alone(mapped: Mapped) -> None:
    """Sex, disability and neighbourhood, unknown where unknown; the region goes nowhere."""
    rows = mapped.records.contracts
    table = rows.set_index("contract_id").loc[["AAA:2013J:1", "AAA:2013J:2", "AAA:2013J:3"]]

    assert list(table["sex"]) == ["M", "F", "F"]
    assert list(table["rqth"]) == [0.0, 1.0, 0.0]
    assert list(table["qpv"].fillna(-1)) == [1.0, 0.0, -1]
    audited = {c.name for c in RECORD_TYPES[0].columns if c.privacy is Privacy.AUDIT_ONLY}
    assert audited == {"sex", "rqth", "qpv", "programme_arm"}
    assert not rows.isin(["Wales"]).any(axis=None)


def test_a_withdrawal_is_a_rupture_known_that_day_or_never_started(mapped: Mapped) -> None:
    outcomes = mapped.records.outcomes.set_index("contract_id")

    assert list(outcomes.index.str[-1]) == ["2", "3", "5"]
    assert list(outcomes["how"]) == ["rupture", "not_started", "rupture"]
    assert (outcomes["known_on"] == outcomes["ended_on"]).all()
    assert outcomes["ended_on"].iloc[0] == pd.Timestamp("2013-11-24")


def test_enrolments_whose_days_are_unknown_are_left_out_and_counted(mapped: Mapped) -> None:
    assert mapped.left_out == {
        "withdrawn on an unknown day": 1,
        "registered on an unknown day": 1,
    }
    assert not mapped.records.contracts["contract_id"].str[-1].isin(["4", "6"]).any()


def test_a_late_submission_is_missed_until_it_comes_in(mapped: Mapped) -> None:
    """The same event, corrected: missed on day 54, handed in on day 60, and late."""
    assert events(mapped, 1) == [
        ("71", "assessment", 19),
        ("73", "assessment", 20),
        ("72", "assessment_missed", 54),
        ("72", "assessment", 60),
        ("72:late", "lateness_class", 60),
    ]
    rows = mapped.records.events
    marks = rows[rows["kind"] == "assessment"].sort_values("known_on")["value"]
    assert list(marks.fillna(-1)) == [15.6, -1, 8.0]
    assert list(rows[rows["kind"] == "lateness_class"]["value"]) == [144.0]


def test_nothing_is_missed_before_registering_after_leaving_or_once_banked(mapped: Mapped) -> None:
    """Student 2 came on day 20 and left on day 54; student 5 left on day 90, 71 is banked."""
    assert events(mapped, 2) == []
    assert events(mapped, 5) == [("72", "assessment_missed", 54)]


def test_the_open_cases_are_those_enrolled_as_known_that_morning(mapped: Mapped) -> None:
    def enrolled(day: int) -> list[str]:
        as_of = start_of("2013J") + pd.Timedelta(days=day)
        return list(open_cases(mapped.records, as_of=as_of)["contract_id"].str[-1])

    assert enrolled(20) == ["1", "5"]
    assert enrolled(21) == ["1", "2", "5"], "registered on day 20, known the morning after"
    assert enrolled(54) == ["1", "2", "5"], "leaves on day 54: nobody knows that morning"
    assert enrolled(55) == ["1", "5"]


def test_one_module_is_one_centre_whatever_the_folder(folder: Path, mapped: Mapped) -> None:
    """The code follows from the module's name alone and is of the official form."""
    tables = read_folder(folder)
    other = {n: t.replace({"code_module": {"AAA": "BBB"}}) for n, t in tables.items()}
    codes = mapped.records.contracts["training_centre_uai"]

    assert len(set(codes)) == 1
    assert codes.str.fullmatch(r"[0-9][0-9AB][0-9]{5}[A-Za-z]").all()
    again = map_records(other, ["2013J"]).records.contracts["training_centre_uai"]
    assert set(again).isdisjoint(codes)


def test_the_start_follows_from_the_code_of_the_presentation() -> None:
    assert start_of("2014B") == pd.Timestamp("2014-02-01")
    with pytest.raises(InputError, match="expected a code like 2013B, got '2014X'"):
        start_of("2014X")


def test_a_folder_of_another_layout_is_refused_in_one_sentence(folder: Path) -> None:
    (folder / "courses.csv").write_text("code_module\nAAA\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"courses\.csv: expected the columns .* got no code_pres"):
        read_folder(folder)

    (folder / "courses.csv").unlink()
    answer = CliRunner().invoke(application, ["--train", str(folder), "--test", str(folder)])
    assert answer.exit_code == 3


def test_presentations_are_chosen_by_date_or_by_name(folder: Path) -> None:
    with pytest.raises(InputError, match="expected a presentation that begins before 2013J"):
        run(folder, folder, recipe=Recipe())
    with pytest.raises(InputError, match="expected presentations among 2013J, got 2014B"):
        run(folder, folder, recipe=Recipe(), presentations=["2014B"])
    with pytest.raises(InputError, match="expected presentations among 2013J, got 2013B"):
        run(folder, folder, recipe=Recipe(), train_presentations=["2013B"])
    with pytest.raises(InputError, match="got 4 for both"):
        run(folder, folder, recipe=Recipe(), train_presentations=["2013J"])


def test_the_reference_reads_nothing_of_the_morning_or_later(folder: Path) -> None:
    """Marks, days and withdrawals from the morning on change no feature of that morning."""
    tables = read_folder(folder)
    cases = pd.DataFrame(
        {
            "contract_id": ["AAA:2013J:1"] * 2,
            "as_of": [start_of("2013J") + pd.Timedelta(days=60)] * 2,
        }
    )
    before = raw_features(tables, cases)
    work = tables["studentAssessment"]
    work.loc[work["date_submitted"] >= 60, ["date_submitted", "score"]] = [200.0, 1.0]
    tables["studentRegistration"]["date_unregistration"] = 60.0

    pd.testing.assert_frame_equal(before, raw_features(tables, cases))
    assert list(before["missed"]) == [1.0, 1.0], "due on day 54, handed in on day 60"
    assert list(before["mark_mean"]) == [78.0, 78.0]
