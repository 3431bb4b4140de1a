"""The bootstrap by person and the paired comparison."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from models.intervals import bootstrap, bootstrap_ratio, paired_difference


def sample(seed: int = 0, *, cases: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, risks and persons, each of two cases."""
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-1.0, 1.0, cases))
    return (rng.random(cases) < p).astype(float), p, np.arange(cases) // 2


def judge(y: np.ndarray, p: np.ndarray, persons: object, *, seed: int = 1) -> pd.DataFrame:
    return bootstrap(y, p, persons=persons, base=0.3, capacity=0.1, seed=seed, draws=40)


def test_the_same_seed_gives_the_same_intervals_and_another_seed_others() -> None:
    """A run can be repeated to the last bit."""
    y, p, persons = sample()

    pd.testing.assert_frame_equal(judge(y, p, persons), judge(y, p, persons), check_exact=True)
    assert not judge(y, p, persons, seed=2).equals(judge(y, p, persons))


def test_the_order_of_the_rows_does_not_move_the_intervals() -> None:
    """Persons are drawn in their own order, not that of the rows."""
    y, p, persons = sample()
    order = np.random.default_rng(5).permutation(len(y))

    pd.testing.assert_frame_equal(
        judge(y, p, persons), judge(y[order], p[order], persons[order]), rtol=1e-6
    )


def test_repeating_every_case_of_a_person_does_not_narrow_the_intervals() -> None:
    """Ten snapshots of the same person are no ten persons."""
    y, p, persons = sample()

    cached_on = judge(y, p, persons)
    tenfold = judge(np.repeat(y, 10), np.repeat(p, 10), np.repeat(persons, 10))

    pd.testing.assert_frame_equal(cached_on, tenfold, rtol=1e-6)


def test_text_identifiers_serve_as_persons() -> None:
    """Any identifier does, as long as none is missing."""
    y, p, persons = sample()
    names = pd.Series([f"p{person:04d}" for person in persons])

    pd.testing.assert_frame_equal(judge(y, p, names), judge(y, p, persons))


def test_a_metric_undefined_in_most_draws_has_no_interval() -> None:
    """One class: the ROC-AUC is missing with both its ends, the Brier score is not."""
    table = judge(np.zeros(20), np.linspace(0.1, 0.3, 20), np.arange(20))

    assert table.loc["roc_auc"].isna().all()
    assert table.loc["brier"].notna().all()


def test_the_ratio_of_sums_agrees_with_the_metric_it_is() -> None:
    """The rate as a ratio of sums has the interval that `bootstrap` gives it."""
    y, p, persons = sample()

    ratio = bootstrap_ratio(y, np.ones(len(y)), persons=persons, seed=1, draws=40)

    assert ratio == pytest.approx(tuple(judge(y, p, persons).loc["rate"]))


def test_a_ratio_over_nothing_is_missing() -> None:
    """No rupture, no share of ruptures."""
    assert np.isnan(bootstrap_ratio([0, 0], [0, 0], persons=[1, 2], seed=1, draws=5)).all()


def test_repeated_differences_of_one_person_count_once() -> None:
    """The error of the mean difference is that of the persons, however often each is seen."""
    a, b = np.random.default_rng(3).normal(size=(2, 40))

    cached_on = paired_difference(a, b, np.arange(40))
    often = paired_difference(np.repeat(a, 7), np.repeat(b, 7), np.repeat(np.arange(40), 7))

    assert often == pytest.approx(cached_on)


def test_opposite_differences_of_one_person_cancel() -> None:
    """A person's cases may go together in either direction."""
    difference = paired_difference([1, -1, 1, -1], [0, 0, 0, 0], ["a", "a", "b", "b"])

    assert difference == pytest.approx((0.0, 0.0))


def test_one_person_has_no_standard_error() -> None:
    """Spread between persons cannot be seen on one."""
    assert np.isnan(paired_difference([1, 2], [0, 0], ["a", "a"]).standard_error)


def test_refusals_name_the_argument() -> None:
    """What was expected and what came is in the sentence."""
    y, p, persons = sample(cases=4)
    with pytest.raises(ValueError, match="persons: expected 4 values, got 3"):
        judge(y, p, persons[:3])
    with pytest.raises(ValueError, match="persons: expected a person for every case, got 1 miss"):
        judge(y, p, ["a", None, "b", "c"])
    with pytest.raises(ValueError, match="draws: expected at least 1, got 0"):
        bootstrap(y, p, persons=persons, base=0.3, capacity=0.1, seed=1, draws=0)
    with pytest.raises(ValueError, match="y: expected at least one case, got none"):
        judge(np.array([]), np.array([]), [])
    with pytest.raises(ValueError, match="loss_b: expected 2 values, got 1"):
        paired_difference([1, 2], [1], ["a", "b"])
    with pytest.raises(ValueError, match="loss_a: expected at least one case, got none"):
        paired_difference([], [], [])
