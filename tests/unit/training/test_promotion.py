"""A model serves when every gate holds; otherwise the words say which failed and by how much."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.lib import programmes
from training.promotion import Gate, judge_gates

OLD = "logistic-000000000000"
Change = Callable[[dict[str, Any]], object]


def gates(
    change: Change = lambda _: None, *, champion: str | None = None, **bounds: Any
) -> dict[str, Gate]:
    """Gates of a sound bundle after a change of its metrics and of its recipe's bounds."""
    facts: dict[str, Any] = copy.deepcopy(dict(programmes.run().bundle.facts))
    facts["recipe"]["gates"] |= bounds
    facts["metrics"]["leaks"] = []
    # Twenty judged ruptures do not always speak for the trees.
    over_age_rate(0.01, 0.001, ruptures=facts["metrics"]["ruptures"])(facts["metrics"])
    change(facts["metrics"])
    bundle = replace(programmes.run().bundle, facts=facts)
    return {gate.name: gate for gate in judge_gates(bundle, champion_version=champion)}


def figure(name: str, value: float | None, low: float | None, high: float | None) -> Change:
    row = {"value": value, "low": low, "high": high}
    return lambda metrics: metrics["overall"].update({name: row})


def against(version: str | None, gap: float = 0.0, error: float = 0.001) -> Change:
    compared = {"version": version, "log_loss_gap": gap, "log_loss_gap_error": error}
    return lambda metrics: metrics.update(champion=compared)


def over_age_rate(value: float | None, low: float | None, *, ruptures: int) -> Change:
    figure = {"value": value, "low": low, "high": value}
    return lambda metrics: metrics.update(over_age_rate=figure, ruptures=ruptures)


@pytest.mark.parametrize(
    ("value", "low", "ruptures", "holds"),
    [
        (0.002, 0.001, 500, True),
        (0.002, -0.001, 500, False),  # many ruptures: the interval must say so
        (0.002, -0.001, 30, True),  # few: the value
        (-0.001, -0.004, 30, False),
        (0.0, -0.1, 30, False),
        (None, None, 500, False),
    ],
)
def test_a_ranking_must_know_more_than_the_age_of_a_contract(
    value: float | None, low: float | None, ruptures: int, holds: bool
) -> None:
    gate = gates(over_age_rate(value, low, ruptures=ruptures))[
        "better than the rate by contract age"
    ]

    assert gate.holds is holds
    assert ("days without an interview" in gate.words) is (not holds and value is not None)


@pytest.mark.parametrize(("ruptures", "holds"), [(99, True), (100, False)])
def test_with_many_ruptures_the_value_itself_must_be_in_range(ruptures: int, holds: bool) -> None:
    """An interval of 0.17 to 2.2 meets any range."""

    def change(metrics: dict[str, Any]) -> None:
        figure("calibration_ratio", 1.3, 1.1, 1.5)(metrics)
        metrics["ruptures"] = ruptures

    gate = gates(change, calibration_ratio=(0.8, 1.25))["calibration ratio"]

    assert gate.holds is holds


def test_a_sound_first_model_passes_every_gate() -> None:
    judged = gates()

    assert list(judged) == [
        "not worse than the champion",
        "better than the rate by contract age",
        "calibration slope",
        "calibration ratio",
        "no group below its floor",
        "no leak flag",
    ]
    assert all(gate.holds for gate in judged.values())


@pytest.mark.parametrize(
    ("gap", "holds"), [(-0.01, True), (0.0, True), (0.0019, True), (0.0021, False)]
)
def test_a_model_may_be_worse_than_the_champion_within_the_interval_only(
    gap: float, holds: bool
) -> None:
    gate = gates(against(OLD, gap), champion=OLD)["not worse than the champion"]

    assert gate.holds is holds
    assert gate.words == f"log loss {gap:+.5f} ± 0.00196 against {OLD}"


def test_the_first_champion_has_nobody_to_beat() -> None:
    gate = gates(against(None))["not worse than the champion"]

    assert (gate.holds, gate.words) == (True, "no champion yet")


@pytest.mark.parametrize(
    ("compared", "words"),
    [
        ("trees-1", f"compared with trees-1, but {OLD} serves; train again"),
        (None, f"compared with no champion, but {OLD} serves; train again"),
    ],
)
def test_a_champion_since_means_training_again(compared: str | None, words: str) -> None:
    """However good it was against another: it has not been compared with what serves now."""
    gate = gates(against(compared, gap=-1.0), champion=OLD)["not worse than the champion"]

    assert (gate.holds, gate.words) == (False, words)


def test_a_model_that_serves_may_be_promoted_again() -> None:
    """Whatever it was compared with when it was trained."""
    own = programmes.run().bundle.version

    gate = gates(against("trees-1", gap=1.0), champion=own)["not worse than the champion"]

    assert (gate.holds, gate.words) == (True, "serves already")


@pytest.mark.parametrize("name", ["calibration slope", "calibration ratio"])
@pytest.mark.parametrize(
    ("value", "low", "high", "holds"),
    [
        (1.0, 0.9, 1.1, True),
        (1.5, 1.2, 1.8, True),  # the interval meets the range
        (1.5, 1.3, 1.8, False),
        (0.6, 0.4, 0.79, False),
        (0.6, 0.4, 0.81, True),
        (1.6, 0.0, 2.5, True),  # an interval down to nothing is an interval
        (1.5, None, None, False),  # without one, the value alone counts
        (1.0, None, None, True),
    ],
)
def test_calibration_must_meet_the_accepted_range(
    name: str, value: float, low: float | None, high: float | None, holds: bool
) -> None:
    key = name.replace(" ", "_")
    bounds: dict[str, Any] = {key: (0.8, 1.25)}
    gate = gates(figure(key, value, low, high), **bounds)[name]

    assert gate.holds is holds
    assert gate.words.startswith(f"{value:.2f} (")
    assert gate.words.endswith("accepted 0.8 to 1.25")


def test_undefined_calibration_is_not_good_calibration() -> None:
    gate = gates(figure("calibration_slope", None, None, None))["calibration slope"]

    assert not gate.holds
    assert gate.words.startswith("undefined")


def group(verdict: str = "judged", high: float | None = 0.5) -> dict[str, Any]:
    return {"attribute": "sex", "group": "F", "verdict": verdict, "roc_auc_high": high}


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (group(high=0.5), False),
        (group(high=0.56), True),
        (group(high=None), True),
        (group(verdict="too small to judge"), True),
    ],
)
def test_no_judged_group_may_be_below_its_floor(row: dict[str, Any], holds: bool) -> None:
    """Its whole interval must be below; a group too small to judge fails nobody."""
    judged = gates(lambda metrics: metrics.update(groups=[row]), group_floor_auc=0.55)
    gate = judged["no group below its floor"]

    assert gate.holds is holds
    assert gate.words == ("every judged group at 0.55" if holds else "below 0.55: sex=F")


def test_a_leak_keeps_a_model_out() -> None:
    leak = {"column": "pay", "reason": "ranks the label alone", "figure": 0.987}
    gate = gates(lambda metrics: metrics.update(leaks=[leak]))["no leak flag"]

    assert (gate.holds, gate.words) == (False, "pay ranks the label alone (0.99)")
