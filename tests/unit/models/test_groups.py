"""Metrics by group: nobody is dropped, and the worst is named."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.groups import JUDGED, MISSING, TOO_SMALL, by_group, gaps, selection
from models.metrics import evaluate


@pytest.fixture
def cases() -> pd.DataFrame:
    """Honest risks for group f; for group m the log-odds are one too low; a few unknown."""
    rng = np.random.default_rng(0)
    z = rng.normal(-1.0, 1.0, 1_000)
    sex = pd.Series(np.where(np.arange(1_000) < 500, "f", "m"))
    sex[970:] = None
    y = (rng.random(1_000) < expit(z + (sex == "m"))).astype(float)
    return pd.DataFrame({"y": y, "p": expit(z), "sex": sex, "rqth": np.nan, "person": range(1_000)})


def judge(
    cases: pd.DataFrame, groups: "pd.Series | pd.DataFrame", **changed: object
) -> pd.DataFrame:
    options: dict[str, object] = {"base": 0.3, "capacity": 0.2, "seed": 1, "draws": 30}
    return by_group(cases["y"], cases["p"], groups, persons=cases["person"], **(options | changed))


def test_every_group_has_a_row_the_missing_one_and_the_small_one_too(cases: pd.DataFrame) -> None:
    """A small group is reported as too small to judge; a wholly missing attribute is one group."""
    table = judge(cases, cases[["sex", "rqth"]])

    assert table[["attribute", "group", "verdict", "cases"]].to_numpy().tolist() == [
        ["sex", "f", JUDGED, 500],
        ["sex", "m", JUDGED, 470],
        ["sex", MISSING, TOO_SMALL, 30],
        ["rqth", MISSING, JUDGED, 1_000],
    ]
    assert table["ruptures"].tolist()[:3] == cases.groupby("sex", dropna=False)["y"].sum().tolist()
    assert table.iloc[2].drop(["attribute", "group", "verdict", "cases", "ruptures"]).isna().all()


def test_a_row_holds_the_metrics_of_the_group_alone_with_their_intervals(
    cases: pd.DataFrame,
) -> None:
    """The same figures as evaluating the group's cases by themselves."""
    table = judge(cases, cases["sex"]).set_index("group")
    part = cases[cases["sex"] == "f"]

    expected = evaluate(part["y"], part["p"], base=0.3, capacity=0.2)

    for name, value in expected.items():
        low, found, high = table.loc["f", [f"{name}_low", name, f"{name}_high"]]
        assert found == pytest.approx(value)
        assert low <= found <= high


def test_the_group_whose_risks_are_too_low_is_the_worst_calibrated(cases: pd.DataFrame) -> None:
    """The gap is the largest minus the smallest value, the worst the farthest from ideal."""
    table = judge(cases, cases["sex"])

    row = gaps(table).loc[("sex", "calibration_ratio")]

    ratios = table.set_index("group")["calibration_ratio"]
    assert row["worst_group"] == "m"
    assert row["worst"] == ratios["m"]
    assert row["gap"] == pytest.approx(ratios["m"] - ratios["f"])
    assert table.set_index("group").loc["m", "calibration_ratio_low"] > 1.2


def test_one_judged_group_has_no_gap(cases: pd.DataFrame) -> None:
    """A difference needs two."""
    assert gaps(judge(cases, cases["rqth"]))["gap"].isna().all()


def test_no_judged_group_gives_an_empty_table_of_gaps(cases: pd.DataFrame) -> None:
    """Too small throughout is an answer, not an error."""
    assert gaps(judge(cases, cases["sex"], floor_cases=2_000)).empty


def test_the_one_list_is_shared_out_between_the_groups(cases: pd.DataFrame) -> None:
    """Selected shares, weighted by group size, add up to the capacity."""
    table = judge(cases, cases["sex"], floor_cases=1)

    assert (table["selected_share"] * table["cases"]).sum() == pytest.approx(0.2 * 1_000)
    caught = (table["selected_recall"] * table["ruptures"]).sum()
    whole = evaluate(cases["y"], cases["p"], base=0.3, capacity=0.2)["recall_at_capacity"]
    assert caught == pytest.approx(whole * cases["y"].sum())


def test_tied_cases_share_the_places_that_are_left() -> None:
    """Two places, one sure case and two tied ones: half a place each."""
    assert selection([0.1, 0.5, 0.9, 0.5], capacity=0.5).tolist() == [0.0, 0.5, 1.0, 0.5]


def test_groups_must_have_one_row_per_case(cases: pd.DataFrame) -> None:
    """The sentence says how many came."""
    with pytest.raises(ValueError, match="groups: expected 1000 rows, got 999"):
        judge(cases, cases["sex"].iloc[1:])
