"""A planted leak of each kind is found, and nothing is found where nothing was planted."""

import numpy as np
import pandas as pd
import pytest

from features.records.declarations import Records
from tests.lib import programmes
from training.leaks import FEWEST, above_reference, find_leaks
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


def test_how_long_a_contract_lasted_is_no_leak() -> None:
    """Whoever was only ever seen in the trial period has left in it, known to nobody that day."""
    broken = labels()
    lasted = np.flatnonzero(broken == 0)
    contract = np.concatenate([np.arange(CASES), lasted])
    in_trial = np.concatenate([np.ones(CASES), np.zeros(len(lasted))])
    never_rated = np.concatenate([np.full(CASES, np.nan), np.ones(len(lasted))])
    features = pd.DataFrame({"in_trial": in_trial, "rated": never_rated})

    found = find_leaks(features, broken[contract], Records.of(), contracts=contract)

    assert found == []


def test_the_mornings_of_a_contract_are_learned_from_in_their_order() -> None:
    """What a contract shows is read on its first row."""
    cases = programmes.dataset().cases.iloc[programmes.run().learned]

    assert (
        cases.groupby("contract_id")["as_of"].apply(lambda days: days.is_monotonic_increasing).all()
    )


def test_a_clean_simulation_has_no_leak() -> None:
    """Every feature of the catalogue and every record column, on a simulated programme."""
    learned = programmes.run().learned

    metrics = programmes.run().bundle.facts["metrics"]

    assert check_leaks(programmes.dataset(), learned, metrics=metrics) == []


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


@pytest.mark.parametrize("share", [0.5, 0.79])
def test_a_marker_of_some_ruptures_is_found(share: float) -> None:
    """It ranks no better than an honest feature, but whoever has it broke."""
    marked = (labels() == 1) & (np.random.default_rng(1).random(CASES) < share)

    assert suspects(matrix(marker=marked * 1.0)) == {"marker": "holds a value of ruptures alone"}


@pytest.mark.parametrize("share", [0.45, 0.6])
def test_a_column_missing_for_some_ruptures_alone_is_found(share: float) -> None:
    lost = (labels() == 1) & (np.random.default_rng(1).random(CASES) < share)
    noise = np.random.default_rng(2).normal(size=CASES)

    found = suspects(matrix(survey=np.where(lost, np.nan, noise)))

    assert set(found) == {"survey"}


def test_a_code_in_the_middle_of_the_others_is_found() -> None:
    """Not the highest and not the lowest: one reason code that is given when it is over."""
    rng = np.random.default_rng(1)
    code = rng.integers(1, 9, CASES).astype("float64")
    code[code == 5] = 4.0
    code[(labels() == 1) & (rng.random(CASES) < 0.5)] = 5.0

    assert suspects(matrix(code=code)) == {"code": "holds a value of ruptures alone"}


def test_a_marker_on_every_morning_of_a_contract_is_found() -> None:
    """Most mornings of a broken contract are labelled 0: the contract as a whole gives it away."""
    contracts = np.repeat(np.arange(100), 4)
    broken = contracts < 30
    last = np.arange(CASES) % 4 == 3
    features = matrix(marker=np.where(broken & (contracts % 2 == 0), 1.0, 0.0))

    ids = np.random.default_rng(1).permutation(100)[contracts]
    found = find_leaks(features, (broken & last) * 1.0, Records.of(), contracts=ids)

    assert [leak.column for leak in found] == ["marker"]


def test_identifiers_given_out_after_the_end_are_found() -> None:
    """Ruptures were entered first: their ids come before the others."""
    ids = np.array([f"C{i:04d}" for i in range(CASES)])
    shuffled = np.random.default_rng(1).permutation(ids)

    def found(contracts: np.ndarray) -> list[str]:
        leaks = find_leaks(matrix(), labels(), Records.of(), contracts=contracts)
        return [leak.column for leak in leaks]

    assert found(ids) == ["contracts.contract_id"]
    assert found(shuffled) == []


def test_a_model_far_above_the_plain_reference_is_suspect() -> None:
    assert [leak.column for leak in above_reference(0.99, 0.55)] == ["the model"]
    assert above_reference(0.80, 0.55) == above_reference(None, 0.55) == []


@pytest.mark.slow
def test_clean_matrices_raise_no_alarm() -> None:
    """300 draws of 600 contracts with 8 mornings, telling features among them: three at most."""
    alarms = sum(bool(clean_run(seed)) for seed in range(300))

    assert alarms <= 3


def clean_run(seed: int) -> list[str]:
    """Suspects of honest features: noise, holes, counts, and states that grow before an end."""
    rng = np.random.default_rng(seed)
    contracts, mornings = 600, 8
    risk = rng.normal(-2.0, 1.0, contracts)
    broken = rng.random(contracts) < 1 / (1 + np.exp(-risk))
    end = np.where(broken, rng.integers(1, mornings, contracts), mornings)
    day = np.tile(np.arange(mornings), contracts)
    of_row = np.repeat(np.arange(contracts), mornings)
    running = day <= end[of_row]
    label = (broken[of_row] & (end[of_row] - day < 3))[running] * 1.0
    state = risk[of_row] + 1.5 * (broken[of_row] & (end[of_row] - day < 2))
    columns = {
        "strain": state + rng.normal(0, 1.5, len(day)),
        "absences": rng.poisson(np.exp(0.5 * state)).astype("float64"),
        "noise": rng.normal(size=len(day)),
        "code": rng.integers(0, 30, contracts)[of_row].astype("float64"),
        "survey": np.where(rng.random(contracts)[of_row] < 0.4, np.nan, risk[of_row]),
    }
    features = pd.DataFrame(columns)[running]
    ids = np.array([f"C{i:04d}" for i in range(contracts)])[of_row[running]]
    return [leak.column for leak in find_leaks(features, label, Records.of(), contracts=ids)]


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


def test_a_planted_leak_is_reported_with_its_figure() -> None:
    [leak] = find_leaks(matrix(answer=labels()), labels(), Records.of())

    assert (leak.column, leak.figure) == ("answer", 1.0)
