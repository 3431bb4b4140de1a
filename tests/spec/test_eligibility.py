"""Who may enter AGIR, rule by rule, on the morning of 1 October 2026."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.programme.eligibility import Rule, draw_rules, failing_rules
from features.programme.plan_file import read_programme

PLAN = read_programme(Path(__file__).parents[2] / "programmes" / "agir.toml")
MORNING = date(2026, 10, 1)
CONTRACT = {
    "kind": "professionalisation",
    "level_prepared": 4,
    "born_on": date(2001, 9, 15),
    "signed_on": date(2026, 8, 20),
    "started_on": date(2026, 9, 14),
    "planned_end_on": date(2027, 9, 13),
    "home_postcode": "44600",
    "employer_naf": "4711D",
}
CASES = [
    ({}, ()),
    ({"born_on": date(2000, 9, 14)}, (Rule.TOO_OLD,)),
    ({"born_on": date(2000, 9, 15)}, ()),  # 26 the day after the start
    ({"born_on": pd.NaT}, (Rule.AGE_UNKNOWN,)),
    ({"born_on": pd.Timestamp("2001-09-15"), "started_on": datetime(2026, 9, 14, 8)}, ()),  # noqa: DTZ001
    ({"kind": "apprenticeship"}, (Rule.OTHER_KIND,)),
    ({"kind": None}, (Rule.OTHER_KIND,)),
    ({"level_prepared": 6.0}, (Rule.OTHER_LEVEL, Rule.STRATUM_UNKNOWN)),
    ({"level_prepared": np.nan}, (Rule.LEVEL_UNKNOWN, Rule.STRATUM_UNKNOWN)),
    ({"level_prepared": np.int64(5)}, ()),
    ({"home_postcode": "49100"}, (Rule.OTHER_TERRITORY,)),
    ({"home_postcode": None}, (Rule.TERRITORY_UNKNOWN, Rule.STRATUM_UNKNOWN)),
    ({"employer_naf": None}, (Rule.STRATUM_UNKNOWN,)),
    ({"planned_end_on": date(2026, 10, 1)}, (Rule.CONTRACT_ENDED,)),
    ({"ended_on": date(2026, 9, 30)}, (Rule.CONTRACT_ENDED,)),
    ({"kind": "apprenticeship", "born_on": date(1990, 1, 1)}, (Rule.TOO_OLD, Rule.OTHER_KIND)),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_the_rules_that_fail(changes: dict[str, object], expected: tuple[Rule, ...]) -> None:
    assert failing_rules(PLAN, CONTRACT | changes, as_of=MORNING) == expected


def test_nobody_enters_twice() -> None:
    rules = failing_rules(PLAN, CONTRACT, as_of=MORNING, already_in=True)
    assert rules == (Rule.ALREADY_IN_PROGRAMME,)


@pytest.mark.parametrize("signed", [None, date(2026, 10, 2)])
def test_a_draw_waits_for_the_signature(signed: date | None) -> None:
    contract = CONTRACT | {"signed_on": signed}
    assert failing_rules(PLAN, contract, as_of=MORNING) == ()
    assert draw_rules(PLAN, contract, as_of=MORNING) == (Rule.NOT_SIGNED,)
    assert draw_rules(PLAN, CONTRACT, as_of=MORNING) == ()
