"""The ratio of two checkouts, from pairs of measurements."""

import numpy as np
import pytest

from benchmarks.paired import ratio_of


def test_a_constant_ratio_has_no_width() -> None:
    before = np.array([1.0, 2.0, 5.0])

    assert ratio_of(np.column_stack([before, 1.1 * before])) == pytest.approx((1.1, 1.1, 1.1))


def test_the_interval_holds_the_median_and_no_more_than_was_seen() -> None:
    ratios = np.array([0.9, 1.0, 1.02, 1.05, 1.3])
    ratio, low, high = ratio_of(np.column_stack([np.ones(5), ratios]))

    assert ratio == 1.02
    assert 0.9 <= low < ratio < high <= 1.3
