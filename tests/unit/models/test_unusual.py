"""Facts unlike any that were learned from: by column, in the words of the catalogue."""

from datetime import date

import numpy as np
import pandas as pd

from features.families import CATALOGUE
from models.drift import profile
from models.reasons import ReasonWriter
from models.unusual import SeenRanges


def test_what_lies_below_or_above_all_that_was_seen_is_outside() -> None:
    """The ends themselves were seen; missing is missing; nothing known is unlike nothing."""
    seen = pd.DataFrame({"a": [1.0, 5.0, np.nan], "b": [np.nan] * 3})
    ranges = SeenRanges.of(profile(seen)["features"], ["a", "b", "c"])
    rows = np.array(
        [[0.9, 7.0, 7.0], [1.0, 7.0, 7.0], [5.0, 7.0, 7.0], [5.1, 7.0, 7.0], [np.nan] * 3]
    )

    assert ranges.outside(rows) == [[0], [], [], [0], []]


def test_a_profile_of_before_there_were_ranges_finds_nothing_unusual() -> None:
    ranges = SeenRanges.of({"a": {"edges": [1.0], "shares": [0.5, 0.5]}}, ["a"])

    assert ranges.outside(np.array([[1e9]])) == [[]]


def test_an_unusual_fact_is_shown_with_its_value() -> None:
    values = np.zeros((1, len(CATALOGUE.positions)))
    values[0, CATALOGUE.positions["commute_minutes"]] = 240.0
    position = list(CATALOGUE.inputs).index("commute_minutes")

    [[fact]] = ReasonWriter(CATALOGUE).unusual(values, [[position]], as_of=[date(2026, 3, 1)])

    assert fact.feature == "commute_minutes"
    assert fact.label == CATALOGUE["commute_minutes"].label
    assert any(words in fact.sentence for words in ("240", "4 h"))
