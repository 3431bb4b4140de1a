"""The plan of a programme: eligibility, arms, strata, outcomes and analysis, as a typed value.

`programmes/*.toml` hold it; `read_programme` reads one. The hash of the plan is frozen with the
first draw: a plan with another hash is another version, and every report says so.
"""

import hashlib
import json
from enum import StrEnum
from math import gcd, prod
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

PERSONS_PER_STRATUM = 10
Code = Annotated[str, StringConstraints(pattern=r"[a-z][a-z0-9_]{0,39}")]
Days = Annotated[int, Field(ge=1, le=3660)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Design(StrEnum):
    """How the compared persons came to be compared."""

    RANDOMISED = "randomised"
    MATCHED = "matched"
    COMPARISON = "comparison"


class OutcomeCode(StrEnum):
    """The outcomes a plan may name; how each is read is in `training.effect.outcomes`."""

    GROSS_RUPTURE = "gross_rupture"
    NET_RUPTURE = "net_rupture"
    EMPLOYED_AT_6_MONTHS = "employed_at_6_months"
    EMPLOYED_AT_12_MONTHS = "employed_at_12_months"
    JOB_RELATED_AT_6_MONTHS = "job_related_at_6_months"


class SequenceMethod(StrEnum):
    """What keeps repeated looks valid; `none` allows one look, at the end."""

    CONFIDENCE_SEQUENCE = "confidence_sequence"
    ALPHA_SPENDING = "alpha_spending"
    NONE = "none"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Titles(_Section):
    """What the programme is called, in both languages of the reports."""

    fr: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Eligibility(_Section):
    """Who may enter. An empty list of postcodes means anywhere."""

    under_age: Annotated[int, Field(ge=16, le=99)] | None = None
    kinds: tuple[Literal["professionalisation", "apprenticeship"], ...] = Field(min_length=1)
    levels: tuple[Annotated[int, Field(ge=3, le=8)], ...] = Field(min_length=1)
    postcodes: tuple[Annotated[str, StringConstraints(pattern=r"[0-9]{1,5}")], ...] = ()
    once_per_person: bool = True


class Arms(_Section):
    """Persons wanted in each arm, and whether the compared ones are on their advisors' lists."""

    supported: Annotated[int, Field(ge=1)]
    comparison: Annotated[int, Field(ge=1)]
    comparison_on_lists: bool = False

    @property
    def total(self) -> int:
        """Persons wanted in both."""
        return self.supported + self.comparison

    @property
    def ratio(self) -> tuple[int, int]:
        """Supported to comparison, in lowest terms."""
        common = gcd(self.supported, self.comparison)
        return self.supported // common, self.comparison // common


class Factor(_Section):
    """A characteristic that strata are made of; a group lists its values, `*` takes the rest."""

    column: Literal["level_prepared", "sector", "training_centre_uai", "home_postcode", "kind"]
    groups: dict[Code, tuple[str, ...]] = Field(min_length=2)


class Draw(_Section):
    """Stratified permuted blocks, each of a size drawn among `block_sizes`."""

    block_sizes: tuple[Annotated[int, Field(ge=2, le=100)], ...] = Field(min_length=1)


class PlannedOutcome(_Section):
    """One outcome. `horizon_days` counts from the draw, or from the planned end for employment.

    `wait_days` is how long after the horizon a declaration or an answer is still waited for.
    """

    code: OutcomeCode
    role: Literal["primary", "secondary"]
    horizon_days: Days
    wait_days: Annotated[int, Field(ge=0, le=3660)]


class Analysis(_Section):
    """How certain, what is adjusted for, and over which time curves and restricted means run."""

    level: Share = 0.95
    adjusted_for: tuple[Code, ...] = ()
    curve_days: Days = 365
    expected_rate: Share = 0.25
    protocol_share: Annotated[float, Field(gt=0, le=1)] = 0.5


class Looks(_Section):
    """When one may look, and what keeps the looks valid."""

    method: SequenceMethod
    every_days: Days
    last_day: Days
    tuned_persons: Annotated[int, Field(ge=2)] | None = None


class Floors(_Section):
    """Below which nothing is concluded (per arm) or shown (per stratum)."""

    per_arm: Annotated[int, Field(ge=2)] = 20
    per_stratum: Annotated[int, Field(ge=1)] = 5


class Support(_Section):
    """Interviews planned for a supported person, by phase."""

    before: Annotated[int, Field(ge=0)] = 0
    during: Annotated[int, Field(ge=0)] = 0
    after: Annotated[int, Field(ge=0)] = 0


class Programme(_Section):
    """A whole plan; checked when made."""

    code: Code
    version: str = Field(min_length=1)
    title: Titles
    design: Design = Design.RANDOMISED
    eligibility: Eligibility
    arms: Arms
    strata: tuple[Factor, ...] = ()
    draw: Draw | None = None
    outcomes: tuple[PlannedOutcome, ...] = Field(min_length=1)
    analysis: Analysis = Field(default_factory=Analysis)
    looks: Looks
    floors: Floors = Field(default_factory=Floors)
    support: Support = Field(default_factory=Support)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for problem in (*_strata_problems(self), *_draw_problems(self), *_order_problems(self)):
            raise ValueError(problem)
        return self

    @property
    def hash(self) -> str:
        """SHA-256 of all the plan but its titles, whatever the order of keys in the file."""
        content = self.model_dump(mode="json", exclude={"title"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def primary(self) -> PlannedOutcome:
        """The one primary outcome."""
        return self.outcomes[0]

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON-able data."""
        return self.model_dump(mode="json")


def strata_count(factors: tuple[Factor, ...]) -> int:
    """How many strata these factors make; 1 for none."""
    return prod(len(factor.groups) for factor in factors)


def _strata_problems(plan: Programme) -> list[str]:
    most, made = plan.arms.total // PERSONS_PER_STRATUM, strata_count(plan.strata)
    columns = [factor.column for factor in plan.strata]
    problems = []
    if made > max(most, 1):
        problems.append(
            f"strata: expected at most {most} strata for {plan.arms.total} persons (one per "
            f"{PERSONS_PER_STRATUM}), got {made}"
        )
    if len(set(columns)) < len(columns):
        problems.append(f"strata: expected each column once, got {', '.join(columns)}")
    for factor in plan.strata:
        values = [value for group in factor.groups.values() for value in group]
        if len(set(values)) < len(values):
            problems.append(f"strata: expected each value of {factor.column} in one group")
    return problems


def _draw_problems(plan: Programme) -> list[str]:
    if (plan.design is Design.RANDOMISED) != (plan.draw is not None):
        return [f"draw: expected block sizes with a draw and only then, got design {plan.design}"]
    unit = sum(plan.arms.ratio)
    wrong = [size for size in (plan.draw.block_sizes if plan.draw else ()) if size % unit]
    if not wrong:
        return []
    return [f"draw: expected block sizes that are multiples of {unit}, got {wrong[0]}"]


def _order_problems(plan: Programme) -> list[str]:
    codes, roles = [o.code for o in plan.outcomes], [o.role for o in plan.outcomes]
    problems = []
    if len(set(codes)) < len(codes):
        problems.append(f"outcomes: expected each once, got {', '.join(codes)}")
    if roles[0] != "primary" or "primary" in roles[1:]:
        problems.append("outcomes: expected one primary outcome, and that first")
    return problems
