"""The matrix of a tiny programme: numbers worked out elsewhere, and none that moves in silence."""

import numpy as np
import pandas as pd
import pytest

from tests.golden.freeze import COMMAND, Frozen, current, frozen, moved
from tests.golden.programme import CASES, matrix

# Days of the three ratings of C1 before 2024-01-15, and numpy.polyfit over them per 90 days.
RATED = np.array([-122, -91, -42]) / 90
YEAR = 365.25
# Known on 2024-01-15, C1 aside: C0 ran 181 days to its rupture, C3 181 days to its, C2 119 days.
ALL_YEARS = (181 + 181 + 119) / YEAR
OVERALL = (2 + 50 * 0.25) / (ALL_YEARS + 50)
HOSPITALITY = (1 + 50 * OVERALL) / (181 / YEAR + 50)


@pytest.fixture(scope="module")
def built() -> pd.DataFrame:
    """The matrix of the programme."""
    return matrix()


@pytest.mark.parametrize(
    ("case", "feature", "value"),
    [
        (1, "elapsed_days", 136),
        (1, "remaining_days", 594),
        (1, "elapsed_share", 136 / 730),
        (1, "training_share", 900 / (35 * 730 / 7)),
        (3, "training_share", 300 / (39 * 365 / 7)),
        (1, "days_since_trial", 136 - 95),  # 45 days at 5 days a week, 2 weeks of 3: 94.5 days
        (1, "in_trial", 0),
        (3, "days_since_trial", 59),
        (3, "signed_days_before_start", -2),
        (1, "days_to_pay_step", 138),  # 21 on 2024-05-20, paid for it from 2024-06-01 on
        (2, "days_to_pay_step", 31),
        (1, "age_years", 20),
        (1, "years_over_usual_age", 20 - 19),
        (1, "level_gap", 1),
        (3, "level_gap", 2),
        (0, "previous_ruptures", np.nan),  # the rupture of C3 is learnt in December only
        (1, "previous_ruptures", 1),
        (1, "from_another_department", 1),
        (1, "commute_minutes", 25),
        (2, "commute_minutes", 50),
        (1, "rating_motivation_slope", np.polyfit(RATED, [5, 4, 4], 1)[0]),
        (1, "rating_tutor_slope", np.polyfit(RATED, [4, 4, 2], 1)[0]),
        (1, "rating_content_slope", np.polyfit(RATED, [4, 4, 5], 1)[0]),
        (1, "rating_tutor_change", -2),
        (1, "rating_tutor_previous_days", 91),
        (1, "rating_motivation_mean_3", 13 / 3),
        (1, "rating_lowest_last", 1),
        (1, "rating_average_recent", (13 + 10 + 9 + 11 + 13 + 8 + 12) / 21),
        (1, "silence_days", 42),
        (1, "interviews_held", 3),
        (1, "interviews_missed_share", 1 / 4),
        (1, "interviews_moved_share", 1 / 5),
        (1, "interviews_missed_last_3", 1),
        (1, "share_with_tutor", 2 / 3),
        (1, "share_with_training_centre", 1 / 2),
        (1, "open_needs", 3),  # money, family, reorientation
        (1, "oldest_open_need_days", 122),
        (1, "themes_discussed", 2),
        (1, "absence_work_hours_30d", 14),
        (1, "absence_work_hours_90d", 3.5 + 7 + 14),
        (1, "absence_work_hours", 3.5 + 7 + 14),
        (1, "absence_work_spells_90d", 2),
        (1, "absence_class_hours", 7 + 4),
        (1, "absence_class_hours_90d", 4),
        (1, "absence_acceleration", 14 + 4 - (24.5 + 4) / 3),
        (1, "mark_mean", 10.25),
        (1, "marks_below_ten", 1 / 2),
        (1, "assessments_missed_share", 1 / 3),
        (1, "support_actions_30d", 2),
        (1, "support_actions_90d", 4),
        (1, "sector_rupture_rate", HOSPITALITY),
        (1, "employer_rupture_rate", (1 + 4 * HOSPITALITY) / (181 / YEAR + 4)),
        (1, "centre_rupture_rate", (1 + 10 * OVERALL) / (181 / YEAR + 10)),
        (1, "employer_contracts", 1),
        (3, "employer_contracts", 0),
    ],
)
def test_a_value_worked_out_elsewhere(
    built: pd.DataFrame, case: int, feature: str, value: float
) -> None:
    """Numbers of a calendar, of plain sums, of numpy.polyfit."""
    assert built[feature].iloc[case] == pytest.approx(value, rel=1e-12, nan_ok=True)


def test_no_value_moves_without_a_new_revision() -> None:
    """A bundle learned on a value must not meet another one under the same declaration."""
    names = moved(frozen(), current())
    assert names == [], f"raise `revision` in the declaration of {names}, then run {COMMAND}"


def test_every_feature_is_frozen_under_its_revision() -> None:
    """New features, and those with a new revision, are frozen too."""
    was = {name: entry["revision"] for name, entry in frozen().items()}
    now = {name: entry["revision"] for name, entry in current().items()}
    assert was == now, f"run {COMMAND} and commit tests/golden/matrix.json"


def test_every_feature_has_a_value_somewhere() -> None:
    """A feature unknown in every case would be frozen in vain."""
    unknown = [name for name, column in matrix().items() if column.isna().all()]
    assert unknown == []
    assert len(CASES) == 4


def test_a_moved_value_is_seen_and_a_new_revision_forgives_it() -> None:
    """The guard itself: same revision and another value, or an unknown in its place."""
    before: Frozen = {"f": {"revision": 1, "values": [1.0, None]}}
    assert moved(before, {"f": {"revision": 1, "values": [1.0, None]}}) == []
    assert moved(before, {"f": {"revision": 1, "values": [1.5, None]}}) == ["f"]
    assert moved(before, {"f": {"revision": 1, "values": [1.0, 0.0]}}) == ["f"]
    assert moved(before, {"f": {"revision": 2, "values": [1.5, 0.0]}}) == []
