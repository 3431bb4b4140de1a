"""Who may enter a programme on a morning, and which rules stand against it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from numbers import Real

import pandas as pd

from features.programme.plan import Programme
from features.programme.strata import stratum_of


class Rule(StrEnum):
    """A rule that fails; the words are in the wording of the pages and reports."""

    AGE_UNKNOWN = "age_unknown"
    TOO_OLD = "too_old"
    OTHER_KIND = "other_kind"
    LEVEL_UNKNOWN = "level_unknown"
    OTHER_LEVEL = "other_level"
    TERRITORY_UNKNOWN = "territory_unknown"
    OTHER_TERRITORY = "other_territory"
    ALREADY_IN_PROGRAMME = "already_in_programme"
    CONTRACT_ENDED = "contract_ended"
    STRATUM_UNKNOWN = "stratum_unknown"
    NOT_SIGNED = "not_signed"


def failing_rules(
    plan: Programme, contract: Mapping[str, object], *, as_of: date, already_in: bool = False
) -> tuple[Rule, ...]:
    """Return every rule that a contract, as known on the morning of `as_of`, does not meet.

    `contract` maps the columns of the contract record to dates, numbers and codes; what is missing
    is None, NaN or NaT. `already_in` says that the person was in the programme before. An empty
    result means eligible. What is unknown never counts as met.
    """
    rules = (
        _age(plan, contract),
        Rule.OTHER_KIND if contract.get("kind") not in plan.eligibility.kinds else None,
        _level(plan, contract),
        _territory(plan, contract),
        Rule.ALREADY_IN_PROGRAMME if already_in and plan.eligibility.once_per_person else None,
        Rule.CONTRACT_ENDED if _ended(contract, as_of) else None,
        Rule.STRATUM_UNKNOWN if stratum_of(plan, contract) is None else None,
    )
    return tuple(rule for rule in rules if rule is not None)


def draw_rules(
    plan: Programme, contract: Mapping[str, object], *, as_of: date, already_in: bool = False
) -> tuple[Rule, ...]:
    """Return the rules that stand against a draw: those of eligibility, and the signature."""
    signed = day_of(contract.get("signed_on"))
    unsigned = (Rule.NOT_SIGNED,) if signed is None or signed > as_of else ()
    return (*failing_rules(plan, contract, as_of=as_of, already_in=already_in), *unsigned)


def day_of(value: object) -> date | None:
    """Return the day of a date, a datetime or a timestamp; None for what is missing."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _age(plan: Programme, contract: Mapping[str, object]) -> Rule | None:
    if plan.eligibility.under_age is None:
        return None
    born, started = day_of(contract.get("born_on")), day_of(contract.get("started_on"))
    if born is None or started is None:
        return Rule.AGE_UNKNOWN
    age = started.year - born.year - ((started.month, started.day) < (born.month, born.day))
    return Rule.TOO_OLD if age >= plan.eligibility.under_age else None


def _level(plan: Programme, contract: Mapping[str, object]) -> Rule | None:
    level = contract.get("level_prepared")
    if not isinstance(level, Real) or level != level:  # NaN
        return Rule.LEVEL_UNKNOWN
    return None if int(float(level)) in plan.eligibility.levels else Rule.OTHER_LEVEL


def _territory(plan: Programme, contract: Mapping[str, object]) -> Rule | None:
    if not plan.eligibility.postcodes:
        return None
    postcode = contract.get("home_postcode")
    if not isinstance(postcode, str):
        return Rule.TERRITORY_UNKNOWN
    inside = postcode.startswith(plan.eligibility.postcodes)
    return None if inside else Rule.OTHER_TERRITORY


def _ended(contract: Mapping[str, object], as_of: date) -> bool:
    """Whether the contract is over that morning; one whose end is unknown is not."""
    ends = (day_of(contract.get("planned_end_on")), day_of(contract.get("ended_on")))
    return any(end is not None and end <= as_of for end in ends)
