"""Any table of a trial goes through the door, or is refused with words."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from training.effect.report.folder import render
from training.effect.table_columns import read_arms, read_outcome
from training.effect.table_effect import Columns, read_trial, table_effect

ARMS = ["treated"] * 6 + ["control"] * 6
OUTCOME = [1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0]


def effect(frame: pd.DataFrame, **columns: Any) -> dict[str, Any]:
    wanted = Columns(**{"outcome": "y", "arm": "a"} | columns)
    return table_effect(frame, wanted, level=0.95, source="trial.csv", digest="d")


def frame(arms: list[Any] = ARMS, outcome: list[Any] = OUTCOME) -> pd.DataFrame:
    return pd.DataFrame({"a": arms, "y": outcome})


WRITINGS = [
    (["1"] * 6 + ["0"] * 6, [str(v) for v in OUTCOME]),
    ([True] * 6 + [False] * 6, [bool(v) for v in OUTCOME]),
    (["Aspirin"] * 6 + ["Placebo"] * 6, ["yes" if v else "no" for v in OUTCOME]),
    (["active"] * 6 + ["Control group"] * 6, ["Dead" if v else "Alive" for v in OUTCOME]),
    ([2] * 6 + [1] * 6, [v + 1 for v in OUTCOME]),
    ([1.0] * 6 + [0.0] * 6, [float(v) for v in OUTCOME]),
    (["accompagné"] * 6 + ["témoin"] * 6, ["oui" if v else "non" for v in OUTCOME]),
]


@pytest.mark.parametrize(("arms", "outcome"), WRITINGS)
def test_however_arms_and_outcomes_are_written(arms: list[Any], outcome: list[Any]) -> None:
    found = effect(frame(arms, outcome))["outcomes"][0]
    assert (found["rate1"]["events"], found["rate0"]["events"]) == (1, 4)
    assert found["difference"]["value"] == pytest.approx(-0.5)


@pytest.mark.parametrize("blank", [None, "", "NA", "?", " "])
def test_a_missing_outcome_is_unknown_and_never_zero(blank: str | None) -> None:
    outcome = [str(v) for v in OUTCOME[:-1]] + [blank]
    found = effect(frame(ARMS, outcome))["outcomes"][0]
    assert (found["rate0"]["events"], found["rate0"]["persons"]) == (4, 5)
    assert found["answered"] == {"due1": 6, "due0": 6, "known1": 6, "known0": 5}
    assert found["extreme_cases"]["least"] == pytest.approx(1 / 6 - 5 / 6)


def test_rows_without_an_arm_are_counted_and_left_out() -> None:
    found = effect(frame(["treated"] * 5 + [None] + ["control"] * 6))
    assert found["findings"][0] == {"code": "rows_without_arm", "params": {"count": 1}}


def test_more_than_two_arms_need_the_two_to_compare() -> None:
    three = frame(["a"] * 4 + ["b"] * 4 + ["c"] * 4)
    with pytest.raises(InputError, match=r"expected two arms, got 3 \(a, b, c\); name the two"):
        effect(three)
    found = effect(three, treated="b", control="a")
    assert found["arms"] == {"treated": "b", "control": "a"}
    assert {"code": "other_arms", "params": {"count": 4}} in found["findings"]


def test_a_choice_that_was_a_guess_is_stated() -> None:
    found = effect(frame(["x"] * 6 + ["y"] * 6))
    assert found["findings"][0] == {"code": "arm_chosen", "params": {"arm": "y", "other": "x"}}
    assert effect(frame(["x"] * 6 + ["y"] * 6), treated="x")["findings"] == []


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        (frame(), {"outcome": "z"}, "expected a column z, got a, y"),
        (frame(["x"] * 12), {}, "expected two arms, got 1 (x)"),
        (frame(), {"treated": "other"}, "expected an arm other, got control, treated"),
        (frame(ARMS, list("abc") * 4), {}, "expected numbers or two values, got 3 (a, b, c)"),
        (frame(ARMS, [5] * 12), {}, "expected an outcome that varies, got 5"),
        (frame(ARMS, [None] * 12), {}, "expected an outcome that varies, got no value"),
        (frame(), {"event": "2"}, "expected a value 2, got 0, 1"),
        (frame().assign(t="x"), {"time": "t"}, "t: expected numbers of at least 0"),
    ],
)
def test_what_is_no_trial_is_refused(
    table: pd.DataFrame, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        effect(table, **columns)


def test_a_numeric_outcome_is_a_difference_of_means() -> None:
    """Against SciPy's Welch on the same numbers."""
    values = [3.1, 2.5, 4.0, 3.3, 2.2, 3.9, 1.2, 1.9, 2.0, 2.2, 1.1, 1.4]
    found = effect(frame(ARMS, values), covariates=["y"])["outcomes"][0]
    assert found["kind"] == "number"
    one, zero = np.array(values[:6]), np.array(values[6:])
    assert found["difference"]["value"] == pytest.approx(one.mean() - zero.mean())
    commas = effect(frame(ARMS, [str(v).replace(".", ",") for v in values]))["outcomes"][0]
    assert commas["difference"] == found["difference"]


def test_covariates_may_hold_words_numbers_and_gaps() -> None:
    rng = np.random.default_rng(1)
    arms = ["t", "control"] * 60
    table = frame(arms, list(rng.integers(0, 2, 120))).assign(
        age=[None if k % 17 == 0 else k % 40 for k in range(120)],
        site=[["north", "south", None][k % 3] for k in range(120)],
        constant="same",
    )
    found = effect(table, covariates=["age", "site", "constant"], strata=["site"])
    assert found["outcomes"][0]["adjusted_for"] == ["age", "age=?", "site=north", "site=south"]
    assert found["outcomes"][0]["adjusted"]["low"] is not None
    assert [row["stratum"] for row in found["outcomes"][0]["by_stratum"]] == ["?", "north", "south"]


def test_an_arm_without_event_is_a_result_marked_for_what_it_is() -> None:
    found = effect(frame(ARMS, [0] * 6 + [1, 1, 1, 0, 0, 0]))
    assert {"code": "arm_without_event", "params": {"outcome": "y"}} in found["findings"]
    outcome = found["outcomes"][0]
    assert outcome["difference"]["low"] < -0.05
    assert outcome["risk_ratio"]["value"] is None
    assert outcome["adjusted"]["method"] == "linear"
    assert "a group has no case" in render(found)


def test_competing_ends_are_distinguished() -> None:
    status = [1, 2, 0, 0, 2, 0, 1, 1, 1, 2, 0, 0]
    found = effect(frame(ARMS, status).assign(t=range(1, 13)), time="t")
    assert found["outcomes"][0]["rate0"]["events"] == 3
    assert list(found["curves"]["curves"]) == ["1", "2"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "a;y\nx;1\ncontrol;0\n"),
        ("t.csv", "a,y\nx,1\ncontrol,0\n"),
        ("t.tsv", "a\ty\nx\t1\ncontrol\t0\n"),
        ("t.ndjson", '{"a": "x", "y": 1}\n{"a": "control", "y": 0}\n'),
    ],
)
def test_files_of_several_kinds_are_read(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    table = read_trial(path)
    assert read_arms(table["a"], treated=None, control=None, name="a").names == ("x", "control")
    assert list(read_outcome(table["y"], event=None, name="y").values) == [1.0, 0.0]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.ods", "x", "expected .csv, .parquet, .ndjson, .xlsx or .tsv, got .ods"),
        ("t.csv", "a,y\n", "expected rows, got an empty table"),
        ("t.csv", "a,y\n1,2,3\n", "expected rows of one width, got 1 others"),
        ("none.csv", None, "expected a file, got none of that name"),
    ],
)
def test_files_that_are_no_table_are_refused(
    name: str, text: str | None, message: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        read_trial(tmp_path / name)


def test_the_page_holds_both_languages_and_nothing_from_outside() -> None:
    page = render(effect(frame(), strata=["a"]))
    assert page == render(effect(frame(), strata=["a"]))  # same effect, same bytes
    assert 'lang="fr"' in page
    assert 'lang="en"' in page
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []
    json.dumps(effect(frame()), allow_nan=False)


def test_a_value_of_the_table_cannot_write_into_the_page() -> None:
    page = render(effect(frame(["<b>x</b>"] * 6 + ["control"] * 6)))
    assert "<b>x</b>" not in page
