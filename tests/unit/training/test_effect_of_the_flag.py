"""What the draw of the weekly lists tells: the truth within its interval, and no more than that."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.common.errors import InputError
from features.records.declarations import Records
from serving.queries.weekly_draw import systematic_draw
from tests.lib.cohorts import AS_OF
from training.effect.enrolments import read_week_lists
from training.effect.estimators.weighted import weighted_difference
from training.effect.flag import flag_effect

MONDAYS = pd.date_range("2024-03-04", periods=3, freq="28D")
ADVISORS, CASES, LISTED = 12, 25, 5


def _programme(*, effect: float, seed: int, share: float = 3.0) -> tuple[Records, pd.DataFrame]:
    """Advisors whose lists hold the five most urgent and some drawn; ruptures as drawn, or not.

    Risks are what ruptures follow; being drawn, when not listed anyway, moves them by `effect`.
    """
    rng = np.random.default_rng(seed)
    lines: list[dict[str, Any]] = []
    for advisor in range(ADVISORS):
        for monday in MONDAYS:
            lines += _week(f"A{advisor}", monday, rng, share)
    frame = pd.DataFrame(lines)
    first = frame.drop_duplicates("contract_id", keep="first").set_index("contract_id")
    moved = first["drawn"].astype(bool) & first["of_chance"]
    ruptures = rng.random(len(first)) < np.clip(first["risk"] + effect * moved, 0, 1)
    ids = first.index.to_numpy()
    contracts = pd.DataFrame(
        {
            "contract_id": ids,
            "person_id": [f"P-{name}" for name in ids],
            "kind": "apprenticeship",
            "started_on": pd.Timestamp("2023-09-15"),
            "planned_end_on": pd.Timestamp("2025-09-14"),
            "known_on": pd.Timestamp("2023-09-16"),
        }
    )
    ended = first["week"].to_numpy()[ruptures] + np.timedelta64(30, "D")
    outcomes = pd.DataFrame(
        {
            "contract_id": ids[ruptures],
            "how": "rupture",
            "ended_on": ended,
            "known_on": ended + np.timedelta64(5, "D"),
        }
    )
    met = first[first["drawn"].astype(bool)]
    interviews = pd.DataFrame(
        {
            "interview_id": [f"I-{name}" for name in met.index],
            "contract_id": met.index,
            "held_on": met["week"].to_numpy() + np.timedelta64(4, "D"),
            "status": "held",
            "known_on": met["week"].to_numpy() + np.timedelta64(5, "D"),
        }
    )
    made = Records.of(contracts=contracts, outcomes=outcomes, interviews=interviews)
    return made, frame.drop(columns="of_chance")


def _week(
    advisor: str, monday: pd.Timestamp, rng: np.random.Generator, share: float
) -> list[dict[str, Any]]:
    """Other people each week: a rupture of one week is then that of one draw."""
    names = [f"{advisor}-{monday:%m%d}-{n}" for n in range(CASES)]
    risks = np.sort(rng.uniform(0.1, 0.6, CASES))[::-1]
    weights = np.where(np.arange(CASES) < LISTED, 0.25, 1.0)
    chances = share * weights / weights.sum()
    drawn = systematic_draw(dict(zip(names, chances, strict=True)), seed=rng.bytes(8))
    return [
        {
            "advisor_id": advisor,
            "contract_id": name,
            "week": monday,
            "rank": float(n + 1) if n < LISTED or name in drawn else np.nan,
            "drawn": float(name in drawn),
            "probability": chances[n],
            "risk": risks[n],
            "known_on": monday,
            "of_chance": n >= LISTED,
        }
        for n, name in enumerate(names)
    ]


def test_a_true_effect_is_found_and_so_is_who_was_seen() -> None:
    records, lines = _programme(effect=-0.25, seed=1)
    found = flag_effect(records, lines, as_of=AS_OF)

    assert found["verdict"] == "fewer"
    assert found["rupture"].low < -0.25 < found["rupture"].high
    assert found["seen"].value == pytest.approx(1.0)
    assert found["weeks"] == len(MONDAYS)
    assert found["case_weeks"] == ADVISORS * len(MONDAYS) * (CASES - LISTED)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng, runs, persons, truth = np.random.default_rng(7), 400, 300, -0.1
    covered = 0
    for _ in range(runs):
        risk, chance = rng.uniform(0.15, 0.6, persons), rng.uniform(0.05, 0.5, persons)
        drawn = (rng.random(persons) < chance).astype("float64")
        outcome = (rng.random(persons) < risk + truth * drawn).astype("float64")
        found = weighted_difference(
            outcome,
            drawn,
            probability=chance,
            covariate=risk,
            groups=np.arange(persons),
            level=0.95,
        )
        covered += found.low < truth < found.high

    assert covered / runs == pytest.approx(0.95, abs=3.3 * (0.95 * 0.05 / runs) ** 0.5)


def test_a_week_is_judged_once_its_ruptures_had_time_to_be_declared() -> None:
    records, lines = _programme(effect=0.0, seed=2)
    early = flag_effect(records, lines, as_of=pd.Timestamp("2024-08-10").as_unit("s"))

    assert early["weeks"] == 1  # 4 March plus 150 days; the next is 1 April
    assert early["detectable"] > flag_effect(records, lines, as_of=AS_OF)["detectable"]


def test_a_few_people_conclude_nothing_and_a_caseload_listed_whole_is_no_draw() -> None:
    records, lines = _programme(effect=-0.5, seed=3)
    few = lines[lines["advisor_id"] == "A1"]
    whole = lines.assign(rank=1.0)

    assert flag_effect(records, few, as_of=AS_OF)["verdict"] == "below_floor"
    nothing = flag_effect(records, whole, as_of=AS_OF)
    assert (nothing["case_weeks"], nothing["verdict"]) == (0, "below_floor")
    assert not np.isfinite(nothing["rupture"].value)


def test_lists_are_read_as_the_service_exports_them(tmp_path: Path) -> None:
    _, lines = _programme(effect=0.0, seed=4)
    assert read_week_lists(tmp_path, as_of=AS_OF) is None
    lines.to_csv(tmp_path / "week_lists.csv", index=False)
    read = read_week_lists(tmp_path, as_of=AS_OF)
    assert read is not None
    assert len(read) == len(lines)
    lines.drop(columns="probability").to_csv(tmp_path / "week_lists.csv", index=False)

    with pytest.raises(InputError, match="expected the column probability"):
        read_week_lists(tmp_path, as_of=AS_OF)
