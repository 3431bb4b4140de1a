"""Observed against expected: who is judged, the interval, and how often an alarm is false."""

import numpy as np
import pandas as pd
import pytest

from models.level import COLUMNS, FALSE_ALARMS, observed_against_expected


def drawn(rng: np.random.Generator, *, cases: int = 3_000) -> tuple[np.ndarray, pd.DataFrame]:
    """Risks of a programme and the cells of each case: mornings, many centres, a group."""
    risks = np.clip(rng.beta(1.2, 12.0, cases), 0.001, 0.9)
    cells = {"morning": 5, "centre": 40, "group": 2}
    return risks, pd.DataFrame({name: rng.integers(k, size=cases) for name, k in cells.items()})


def test_any_alarm_at_all_is_false_in_at_most_one_run_of_twenty() -> None:
    """Of 400 runs whose every risk is right; the bound leaves three standard errors to chance."""
    rng, runs = np.random.default_rng(11), 400
    alarms = 0
    for _ in range(runs):
        risks, cells = drawn(rng)
        labels = (rng.random(len(risks)) < risks) * 1.0
        alarms += bool(observed_against_expected(labels, risks, cells)["alarm"].any())

    assert alarms / runs <= FALSE_ALARMS + 3 * np.sqrt(FALSE_ALARMS * 0.95 / runs)


def test_a_level_that_is_half_too_low_on_one_morning_is_found() -> None:
    rng = np.random.default_rng(12)
    risks, cells = drawn(rng, cases=6_000)
    truth = np.where(cells["morning"] == 3, np.minimum(1.6 * risks, 1.0), risks)
    labels = (rng.random(len(risks)) < truth) * 1.0

    table = observed_against_expected(labels, risks, cells)

    found = table[table["alarm"]]
    assert ("morning", "3") in set(zip(found["attribute"], found["value"], strict=True))
    assert set(found["attribute"]) <= {"morning", "group", "centre"}


def test_each_cell_has_its_count_and_exact_interval() -> None:
    """10 observed, 20 expected: Garwood's 4.795 to 18.39, over 20."""
    labels = np.r_[np.ones(10), np.zeros(90)]
    table = observed_against_expected(labels, np.full(100, 0.2), pd.DataFrame({"m": ["a"] * 100}))

    assert tuple(table.columns) == COLUMNS
    [row] = table.to_dict("records")
    assert (row["cases"], row["observed"], row["expected"]) == (100, 10, pytest.approx(20.0))
    assert (row["low"], row["high"]) == (
        pytest.approx(4.795 / 20, abs=1e-3),
        pytest.approx(18.39 / 20, abs=1e-3),
    )
    assert row["alarm"]


def test_what_is_missing_or_too_small_is_no_cell() -> None:
    cells = pd.DataFrame({"centre": ["a"] * 60 + ["b"] * 20 + [None] * 20})

    table = observed_against_expected(np.zeros(100), np.full(100, 0.1), cells)

    assert list(table["value"]) == ["a"]
    assert not observed_against_expected([], [], cells.head(0)).size
