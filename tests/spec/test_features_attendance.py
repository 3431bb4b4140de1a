"""Attendance features: absences, lateness, warnings, complaints."""

import pytest

from tests.lib.specs import Spec

SPECS = [
    *(
        Spec(
            f"hours of absence ({place}) add up in their window; unknown hours are not zero hours",
            events=f"""
                happened_on | kind            | value
                2023-10-01  | absence_{place} | 7
                2023-11-20  | absence_{place} | 3.5
                2023-11-20  | absence_{other} | 100
                2023-11-21  | absence_{place} | -
                2024-03-01  | absence_{place} | -
            """,
            expect=f"""
                as_of      | absence_{place}_hours_30d | absence_{place}_hours_90d | absence_{place}_hours
                2023-10-01 | 0   | 0    | 0
                2023-10-31 | 7   | 7    | 7
                2023-12-01 | 3.5 | 10.5 | 10.5
                2023-12-31 | 0   | 3.5  | 10.5
                2024-03-02 | -   | -    | 10.5
            """,  # noqa: E501 - a drawn table is as wide as its columns
        )
        for place, other in (("work", "class"), ("class", "work"))
    ),
    *(
        Spec(
            f"absences ({place}) three days apart are one spell, four days apart are two",
            events=f"""
                happened_on | kind
                2023-10-01  | absence_{place}
                2023-10-04  | absence_{place}
                2023-10-05  | lateness_{place}
                2023-10-08  | absence_{place}
                2023-10-08  | lateness_{place}
            """,
            expect=f"""
                as_of      | absence_{place}_spells_90d | lateness_{place}_90d
                2023-10-01 | 0                          | 0
                2023-10-05 | 1                          | 0
                2023-10-09 | 2                          | 2
                2024-01-06 | 1                          | 1
                2024-01-07 | 0                          | 0
            """,
        )
        for place in ("work", "class")
    ),
    Spec(
        "absences accelerate when the last 30 days weigh more than a third of the last 90",
        events="""
            happened_on | kind          | value
            2023-10-01  | absence_work  | 12
            2023-11-01  | absence_class | 6
        """,
        expect="""
            as_of      | absence_acceleration | days_since_absence
            2023-09-30 | 0                    | -
            2023-10-11 | 8                    | 10
            2023-11-11 | 0                    | 10
            2023-12-15 | -6                   | 44
        """,
    ),
    Spec(
        "days of sick leave add up over 90 days",
        events="""
            happened_on | kind       | value
            2023-10-01  | sick_leave | 5
            2023-11-01  | sick_leave | 10
        """,
        expect="""
            as_of      | sick_leave_days_90d
            2023-10-01 | 0
            2023-11-02 | 15
            2023-12-31 | 10
        """,
    ),
    Spec(
        "warnings, complaints and the mediator are counted as they become known",
        events="""
            happened_on | known_on   | kind
            2023-10-01  | 2023-10-01 | warning
            2023-11-01  | 2023-12-01 | warning
            2023-11-02  | 2023-11-02 | complaint
            2023-11-03  | 2023-11-03 | mediator
            2023-11-04  | 2023-11-04 | mediator
        """,
        expect="""
            as_of      | warnings | warnings_90d | complaints | mediator_seized
            2023-10-01 | 0        | 0            | 0          | 0
            2023-12-01 | 1        | 1            | 1          | 1
            2023-12-02 | 2        | 2            | 1          | 1
            2023-12-31 | 2        | 1            | 1          | 1
        """,
    ),
    Spec(
        "calls that nobody answered count for 30 days",
        events="""
            happened_on | kind
            2023-10-01  | missed_call
            2023-10-11  | missed_call
        """,
        expect="""
            as_of      | missed_calls_30d
            2023-10-01 | 0
            2023-10-31 | 2
            2023-11-01 | 1
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_attendance(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
