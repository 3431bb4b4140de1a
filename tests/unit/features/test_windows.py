"""Windows over the rows of each case: half-open, by day, and NaN where nothing is known."""

import numpy as np
import numpy.typing as npt
import pytest

from features.point_in_time.record_arrays import RecordArrays
from features.point_in_time.windows import Rows
from features.records.declarations import EVENT

NAN = float("nan")
WARNING, MEDIATOR = "warning", "mediator"
# Three cases: the first has four rows, the second none, the third two.
CASE = np.array([0, 0, 0, 0, 2, 2])
DAYS_AGO = np.array([90.0, 31.0, 30.0, 1.0, 10.0, 10.0])
VALUES = np.array([4.0, NAN, 2.0, 3.0, NAN, NAN])
ALL = np.ones(6, dtype=bool)
FIRST = np.array([True, False, True, True, False, False])


@pytest.fixture
def rows() -> Rows:
    """Rows of three cases, in order of case and day."""
    return Rows(events([WARNING, WARNING, None, None, WARNING, None]), CASE, DAYS_AGO, 3)


def events(kinds: list[str | None]) -> RecordArrays:
    """Events of these kinds."""
    return RecordArrays.of_rows([{"kind": kind} for kind in kinds], EVENT)


def same(actual: npt.NDArray[np.float64], expected: list[float]) -> None:
    np.testing.assert_array_equal(actual, expected)


def test_a_window_holds_the_days_before_as_of(rows: Rows) -> None:
    """[as_of - w, as_of): day w is in, day w + 1 is out, the day itself and the future are out."""
    assert rows.within(30).tolist() == [False, False, True, True, True, True]
    assert rows.within(31).tolist() == [False, True, True, True, True, True]
    ahead = Rows(rows.columns, CASE, DAYS_AGO - 10, 3)
    assert ahead.within(90).tolist() == [True, True, True, False, False, False]


def test_counts_are_zero_where_there_is_nothing_to_count(rows: Rows) -> None:
    same(rows.count(ALL), [4, 0, 2])
    same(rows.count(rows.within(30)), [2, 0, 2])


def test_a_total_of_unknown_values_is_unknown_and_of_no_rows_zero(rows: Rows) -> None:
    same(rows.total(VALUES, ALL), [9, 0, NAN])
    same(rows.total(VALUES, rows.days_ago == 31), [NAN, 0, 0])


def test_a_mean_is_over_known_values(rows: Rows) -> None:
    same(rows.mean(VALUES, ALL), [3, NAN, NAN])


def test_a_share_has_no_value_without_a_whole(rows: Rows) -> None:
    same(rows.share(rows.is_code("kind", WARNING), ALL), [0.5, NAN, 0.5])
    same(rows.share(rows.is_code("kind", WARNING), rows.within(1)), [0, NAN, NAN])


def test_the_last_value_is_the_latest_known_one(rows: Rows) -> None:
    same(rows.last(VALUES, ALL), [3, NAN, NAN])
    same(rows.last(VALUES, rows.days_ago > 30), [4, NAN, NAN])


def test_days_since_is_of_the_latest_row_and_longest_ago_of_the_earliest(rows: Rows) -> None:
    same(rows.days_since(ALL), [1, NAN, 10])
    same(rows.longest_ago(ALL), [90, NAN, 10])
    same(rows.longest_ago(rows.days_ago > 1000), [NAN, NAN, NAN])


@pytest.mark.parametrize(("number", "expected"), [(0, [0, 0, 0]), (1, [1, 0, 1]), (3, [3, 0, 2])])
def test_latest_keeps_so_many_rows_of_each_case(
    rows: Rows, number: int, expected: list[int]
) -> None:
    same(rows.count(rows.latest(ALL, number)), [float(k) for k in expected])


def test_latest_counts_within_the_mask_only(rows: Rows) -> None:
    assert rows.latest(FIRST, 2).tolist() == [False, False, True, True, False, False]


@pytest.mark.parametrize(("gap", "spells"), [(0, [4, 0, 1]), (1, [3, 0, 1]), (29, [2, 0, 1])])
def test_a_spell_ends_where_the_gap_is_longer(rows: Rows, gap: int, spells: list[int]) -> None:
    same(rows.spells(ALL, gap_days=gap), [float(s) for s in spells])


def test_a_slope_is_least_squares_over_time(rows: Rows) -> None:
    """Against numpy.polyfit, and unknown without two distinct days."""
    slope = rows.slope(VALUES, ALL, per_days=30)
    line = np.polyfit(-DAYS_AGO[FIRST] / 30, VALUES[FIRST], 1)
    np.testing.assert_allclose(slope[0], line[0], rtol=1e-12)
    assert np.isnan(slope[1:]).all()
    assert np.isnan(rows.slope(np.ones(6), rows.days_ago == 10, per_days=30)).all()


def test_codes_are_matched_by_name_and_missing_ones_match_nothing() -> None:
    drawn = Rows(events([MEDIATOR, None, WARNING]), np.zeros(3, dtype=int), np.ones(3), 1)
    assert drawn.is_code("kind", MEDIATOR).tolist() == [True, False, False]
    assert drawn.is_code("kind", WARNING, MEDIATOR).tolist() == [True, False, True]
    assert drawn.is_code("kind").tolist() == [False, False, False]


def test_a_code_that_was_never_declared_is_a_mistake(rows: Rows) -> None:
    """A feature that looks for it would be silently empty."""
    with pytest.raises(KeyError):
        rows.is_code("kind", "never declared")


def test_what_is_asked_for_twice_is_computed_once_and_cannot_be_written_into(rows: Rows) -> None:
    """Features share masks: one that wrote into them would change the others."""
    mask = rows.is_code("kind", WARNING)
    assert rows.is_code("kind", WARNING) is mask
    assert rows.is_code("kind", MEDIATOR) is not mask
    with pytest.raises(ValueError, match="read-only"):
        mask[0] = False


def test_without_any_row_there_is_nothing_but_cases() -> None:
    """Counts are 0 and everything else is unknown."""
    empty = np.array([], dtype=float)
    rows = Rows(events([]), np.array([], int), empty, 2)
    none = np.array([], dtype=bool)
    same(rows.count(none), [0, 0])
    same(rows.total(empty, none), [0, 0])
    same(rows.spells(none, gap_days=3), [0, 0])
    for unknown in (rows.mean(empty, none), rows.last(empty, none), rows.days_since(none)):
        same(unknown, [NAN, NAN])
    same(rows.slope(empty, none, per_days=30), [NAN, NAN])
