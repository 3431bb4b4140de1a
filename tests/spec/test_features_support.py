"""Support features: actions by theme, how recent they are, themes discussed."""

import pytest

from features.records.codes import THEME
from tests.lib.specs import Spec

SPECS = [
    Spec(
        "support actions of any theme are counted in their window",
        events="""
            happened_on | kind           | theme
            2023-10-01  | support_action | guidance
            2023-11-01  | support_action | -
            2023-11-05  | missed_call    | guidance
        """,
        expect="""
            as_of      | support_actions_30d | support_actions_90d | days_since_support
            2023-10-01 | 0                   | 0                   | -
            2023-10-31 | 1                   | 1                   | 30
            2023-11-11 | 1                   | 2                   | 10
            2023-12-31 | 0                   | 1                   | 60
        """,
    ),
    *(
        Spec(
            f"actions of the theme {theme} are counted apart from those of another",
            events=f"""
                happened_on | kind           | theme
                2023-10-01  | support_action | {theme}
                2023-10-02  | support_action | {theme}
                2023-10-03  | support_action | {other}
                2023-10-04  | complaint      | {theme}
            """,
            expect=f"""
                as_of      | support_{theme}
                2023-10-01 | 0
                2023-10-31 | 2
            """,
        )
        for theme, other in zip(THEME.codes, THEME.codes[1:] + THEME.codes[:1], strict=True)
    ),
    Spec(
        "themes are discussed at interviews held; nobody saying which is unknown, none is zero",
        interviews="""
            held_on    | status | theme_guidance | theme_information
            2023-10-01 | held   | -              | -
            2023-10-11 | held   | false          | -
            2023-10-21 | missed | true           | true
            2023-10-31 | held   | true           | true
            2023-11-10 | held   | true           | false
        """,
        expect="""
            as_of      | themes_discussed
            2023-10-02 | -
            2023-10-12 | 0
            2023-10-22 | 0
            2023-11-11 | 2
        """,
    ),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_support(spec: Spec) -> None:
    """Each feature is worth what its drawn table says."""
    spec.check()
