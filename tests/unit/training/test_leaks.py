"""A planted leak of each kind is found, and nothing is found where nothing was planted."""

import numpy as np
import pandas as pd
import pytest

from features.records.declarations import Records
from tests.lib import programmes
from training.leaks import FEWEST, find_leaks
from training.report import check_leaks

CASES = 400


def labels(*, ruptures: int = 60) -> np.ndarray:
    return (np.arange(CASES) < ruptures).astype("float64")


def matrix(**columns: np.ndarray) -> pd.DataFrame:
    """Features that know nothing of the labels, and the given ones."""
    rng = np.random.default_rng(0)
    plain = {f"plain_{i}": rng.normal(size=CASES) for i in range(3)}
    plain["half_missing"] = np.where(rng.random(CASES) < 0.5, np.nan, rng.normal(size=CASES))
    return pd.DataFrame({**plain, **columns})


def suspects(features: pd.DataFrame, records: Records | None = None) -> dict[str, str]:
    leaks = find_leaks(features, labels(), records or Records.of())
    return {leak.column: leak.reason for leak in leaks}


def test_nothing_planted_nothing_found() -> None:
    assert suspects(matrix()) == {}


def test_a_clean_simulation_has_no_leak() -> None:
    """Every feature of the catalogue and every record column, on a simulated programme."""
    learned = programmes.run().learned

    assert check_leaks(programmes.dataset(), learned) == []


@pytest.mark.parametrize("direction", [1, -1])
def test_a_feature_that_ranks_the_label_alone_is_found(direction: int) -> None:
    """Both ways round: low where the risk is high separates as well."""
    answer = direction * (labels() + np.random.default_rng(1).normal(0, 0.3, CASES))

    assert suspects(matrix(answer=answer)) == {"answer": "ranks the label alone"}


def test_a_strong_but_honest_feature_is_left_alone() -> None:
    strong = labels() + np.random.default_rng(1).normal(0, 1.0, CASES)

    assert suspects(matrix(strong=strong)) == {}


@pytest.mark.parametrize("known_of_ruptures", [True, False])
def test_a_feature_missing_where_the_label_is_is_found(known_of_ruptures: bool) -> None:
    """Filled for ruptures only, or for the others only."""
    known = (labels() == 1) == known_of_ruptures
    noise = np.random.default_rng(1).normal(size=CASES)

    found = suspects(matrix(exit_survey=np.where(known, noise, np.nan)))

    assert found == {"exit_survey": "is missing where the label is"}


def test_a_handful_of_known_values_proves_nothing() -> None:
    few = np.full(CASES, np.nan)
    few[: FEWEST - 1], few[-50:] = 1.0, 0.0

    assert suspects(matrix(few=few)) == {}


def contracts_with(column: str, *, before: bool, after: bool) -> Records:
    """Twelve broken contracts, each with a version from before its end and one from after it."""
    ids = [f"C{i}" for i in range(12)]
    start, end = pd.Timestamp("2023-09-01"), pd.Timestamp("2024-01-15")
    versions = [
        pd.DataFrame(
            {
                "contract_id": ids,
                "person_id": ids,
                "kind": "apprenticeship",
                "started_on": start,
                "planned_end_on": pd.Timestamp("2025-08-31"),
                "known_on": known_on,
                column: 2.0 if filled else None,
            }
        )
        for known_on, filled in ((start, before), (end + pd.Timedelta(days=9), after))
    ]
    outcomes = pd.DataFrame(
        {"contract_id": ids, "ended_on": end, "how": "rupture", "known_on": end}
    )
    return Records.of(contracts=pd.concat(versions), outcomes=outcomes)


def test_a_column_filled_only_after_the_end_is_found() -> None:
    records = contracts_with("commute_minutes", before=False, after=True)

    found = suspects(matrix(), records)

    assert found["contracts.commute_minutes"] == "filled only after the end"


@pytest.mark.parametrize(("before", "after"), [(True, True), (True, False), (False, False)])
def test_a_column_filled_in_time_or_never_is_left_alone(before: bool, after: bool) -> None:
    records = contracts_with("commute_minutes", before=before, after=after)

    assert "contracts.commute_minutes" not in suspects(matrix(), records)


def test_a_planted_leak_is_told_with_its_figure() -> None:
    [leak] = find_leaks(matrix(answer=labels()), labels(), Records.of())

    assert (leak.column, leak.figure) == ("answer", 1.0)
