"""The reliability table and the rows read off it."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.reliability import COLUMNS, from_rows, reliability_table, to_rows, wilson


def sample(cases: int = 1_000, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-1.0, 1.0, cases))
    return (rng.random(cases) < p).astype(float), p


def test_bins_are_quantiles_and_cover_every_risk_without_gaps() -> None:
    """Ten bins of a hundred cases, from 0 to 1, each beginning where the one before ends."""
    y, p = sample()

    table = reliability_table(y, p)

    assert tuple(table.columns) == COLUMNS
    assert table["cases"].tolist() == [100] * 10
    assert (table["low"].iloc[0], table["high"].iloc[-1]) == (0.0, 1.0)
    assert table["low"].iloc[1:].tolist() == table["high"].iloc[:-1].tolist()
    assert table["ruptures"].sum() == y.sum()
    assert table["mean_risk"].between(table["low"], table["high"]).all()
    assert table["rate"].between(table["rate_low"], table["rate_high"]).all()


@pytest.mark.parametrize("cases", [1, 49, 99, 100, 149, 150, 333, 499])
def test_every_bin_holds_the_minimum_or_is_the_only_one(cases: int) -> None:
    """150 contracts give three bins of fifty; fewer than a hundred, one."""
    table = reliability_table(*sample(cases))

    assert table["cases"].sum() == cases
    assert len(table) == max(1, cases // 50)
    assert (table["cases"] >= min(50, cases)).all()


def test_tied_risks_are_never_split_between_bins() -> None:
    """Nine hundred cases of one risk are one bin, and the few beside them are merged."""
    p = np.concatenate([np.full(900, 0.1), np.full(60, 0.2), np.full(40, 0.3)])

    table = reliability_table(np.zeros(1_000), p)

    assert table["cases"].tolist() == [900, 100]
    assert table["low"].tolist() == [0.0, 0.2]


def test_a_constant_risk_is_one_bin() -> None:
    """There is nothing to tell apart."""
    assert len(reliability_table(np.zeros(200), np.full(200, 0.3))) == 1


def test_the_table_goes_through_json_to_the_last_bit() -> None:
    """What is shown after loading is what was computed."""
    y, p = sample(777)
    table = reliability_table(y, p, persons=np.arange(777) // 3)

    again = from_rows(json.loads(json.dumps(to_rows(table))))

    pd.testing.assert_frame_equal(again, table, check_exact=True)


def test_persons_seen_once_leave_wilson_as_it_is() -> None:
    """Without repetition there is no design effect."""
    y, p = sample()

    pd.testing.assert_frame_equal(
        reliability_table(y, p, persons=np.arange(1_000)), reliability_table(y, p)
    )


def test_fully_repeated_cases_count_as_their_persons() -> None:
    """Each person four times over with one label: the interval is that of the persons."""
    y, p = sample(400)
    table = reliability_table(
        np.repeat(y, 4), np.repeat(p, 4), persons=np.repeat(np.arange(400), 4), bins=4
    )

    low, high = wilson(table["rate"].to_numpy(), table["cases"].to_numpy() / 4.0)

    np.testing.assert_allclose(table["rate_low"], low)
    np.testing.assert_allclose(table["rate_high"], high)


def test_a_bin_without_rupture_still_has_an_upper_end() -> None:
    """None of fifty is not never."""
    table = reliability_table(np.zeros(50), np.full(50, 0.1), persons=np.arange(50) // 2)

    assert table.loc[0, "rate_low"] == 0.0
    assert 0.05 < table.loc[0, "rate_high"] < 0.15


def test_refusals_name_the_argument() -> None:
    """What was expected and what came is in the sentence."""
    with pytest.raises(ValueError, match="y: expected at least one case, got none"):
        reliability_table([], [])
    with pytest.raises(ValueError, match="bins, minimum: expected at least 1, got 0 and 50"):
        reliability_table([0, 1], [0.1, 0.2], bins=0)
    with pytest.raises(ValueError, match="rows: expected rows with the keys low, high"):
        from_rows([{"low": 0.0}])
