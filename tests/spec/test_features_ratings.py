"""Rating features: level, change and slope of each rating, and what they come to together."""

import pytest

from features.records.declarations import RATINGS
from tests.lib.specs import Spec

SPECS = [
    *(
        Spec(
            f"the rating {rating} has a last value, a previous one, a change and a mean of three",
            interviews=f"""
                held_on    | rating_{rating}
                2023-10-01 | 5
                2023-10-11 | 4
                2023-10-21 | -
                2023-10-31 | 2
                2023-11-10 | 3
            """,
            expect=f"""
                as_of      | {title}last | {title}previous | {title}previous_days | {title}change | {title}mean_3
                2023-10-01 | -  | - | -  | -  | -
                2023-10-02 | 5  | - | -  | -  | 5
                2023-10-22 | 4  | 5 | 21 | -1 | 9/2
                2023-11-01 | 2  | 4 | 21 | -2 | 11/3
                2023-11-11 | 3  | 2 | 11 | 1  | 3
            """,  # noqa: E501 - a drawn table is as wide as its columns
        )
        for rating in RATINGS
        for title in [f"rating_{rating}_"]
    ),
    *(
        Spec(
            f"the slope of the rating {rating} is per 90 days, at most 10, and needs two days",
            interviews=f"""
                held_on    | rating_{rating}
                2023-10-01 | 4
                2023-10-01 | 4
                2023-10-02 | 3
                2023-12-30 | 1
            """,
            expect=f"""
                as_of      | rating_{rating}_slope
                2023-10-02 | -
                2023-10-03 | -10
                2023-12-31 | {slope}
            """,
        )
        for rating in RATINGS
        # Days 0, 0, 1, 90 with ratings 4, 4, 3, 1: mean day 22.75, mean rating 3.
        for slope in [90 * (-22.75 - 22.75 - 0 - 2 * 67.25) / (2 * 22.75**2 + 21.75**2 + 67.25**2)]
    ),
    Spec(
        "a correction replaces the rating; a superseded version is never a previous rating",
        interviews="""
            interview_id | held_on    | known_on   | rating_tutor
            I1           | 2023-10-01 | 2023-10-01 | 5
            I1           | 2023-10-01 | 2023-10-05 | 2
        """,
        expect="""
            as_of      | rating_tutor_last | rating_tutor_previous | rating_tutor_change
            2023-10-05 | 5                 | -                     | -
            2023-10-06 | 2                 | -                     | -
        """,
    ),
    Spec(
        "an interview told late takes its place by the day it was held",
        interviews="""
            held_on    | known_on   | rating_tutor
            2023-10-01 | 2023-11-15 | 5
            2023-10-11 | 2023-10-11 | 2
        """,
        expect="""
            as_of      | rating_tutor_last | rating_tutor_previous
            2023-11-15 | 2                 | -
            2023-11-16 | 2                 | 5
        """,
    ),
    Spec(
        "the lowest and the average are over the ratings that were given",
        interviews="""
            held_on    | rating_tutor | rating_project
            2023-10-01 | 4            | 3
            2023-10-11 | 2            | -
        """,
        expect="""
            as_of      | rating_lowest_last | rating_average_recent
            2023-10-01 | -                  | -
            2023-10-02 | 3                  | 7/2
            2023-10-12 | 2                  | 3
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_ratings(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
