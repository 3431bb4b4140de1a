"""The stratum of a contract: one group per factor of the plan."""

from collections.abc import Mapping
from itertools import product
from numbers import Real

from features.programme.plan import Factor, Programme
from features.records.sectors import sector

ANY = "*"
WHOLE = "all"  # the one stratum of a plan without factors
BY_PREFIX = ("home_postcode",)


def stratum_of(plan: Programme, contract: Mapping[str, object]) -> str | None:
    """Return the groups of a contract joined by `/`; None where one cannot be known."""
    groups = [_group(factor, contract) for factor in plan.strata]
    known = [group for group in groups if group is not None]
    if len(known) < len(groups):
        return None
    return "/".join(known) or WHOLE


def all_strata(plan: Programme) -> tuple[str, ...]:
    """Return every stratum the plan can make, in the order of its factors and groups."""
    return tuple("/".join(names) or WHOLE for names in product(*(f.groups for f in plan.strata)))


def _group(factor: Factor, contract: Mapping[str, object]) -> str | None:
    value = _value(factor.column, contract)
    if value is None:
        return None
    for name, values in factor.groups.items():
        if value in values or (factor.column in BY_PREFIX and value.startswith(values)):
            return name
    rest = [name for name, values in factor.groups.items() if ANY in values]
    return rest[0] if rest else None


def _value(column: str, contract: Mapping[str, object]) -> str | None:
    """The value of a factor as text; levels are whole numbers, sectors are read off the NAF."""
    if column == "sector":
        naf = contract.get("employer_naf")
        return sector(naf) if isinstance(naf, str) else None
    value = contract.get(column)
    if isinstance(value, Real):
        return str(int(float(value))) if value == value else None  # NaN
    return value if isinstance(value, str) else None
