"""What a reader must know of the data before the figures: codes here, words in the wording."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """What was found. `params` of a finding fill the blanks of its sentence."""

    NOT_RANDOMISED = "not_randomised"
    PLAN_CHANGED = "plan_changed"
    DRAWN_TWICE = "drawn_twice"
    SEVERAL_SITES = "several_sites"
    ARM_MOVED = "arm_moved"
    ARM_DISAGREES = "arm_disagrees"
    CONTRACT_UNKNOWN = "contract_unknown"
    NEVER_STARTED = "never_started"
    END_BEFORE_DRAW = "end_before_draw"
    UNCLEAR_END = "unclear_end"
    FOLLOW_UP_OF_UNKNOWN = "follow_up_of_unknown"
    SITE_WITHOUT_OUTCOMES = "site_without_outcomes"
    LONELY_STRATA = "lonely_strata"
    ARM_WITHOUT_EVENT = "arm_without_event"
    BELOW_FLOOR = "below_floor"
    ATTRITION_DIFFERS = "attrition_differs"
    ROWS_WITHOUT_ARM = "rows_without_arm"
    OTHER_ARMS = "other_arms"
    ARM_CHOSEN = "arm_chosen"
    EVENT_CHOSEN = "event_chosen"
    COVARIATES_DROPPED = "covariates_dropped"
    TIME_MISSING = "time_missing"


@dataclass(frozen=True)
class Finding:
    """One finding with what its sentence counts; never a person's identifier."""

    code: Code
    params: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"code": self.code.value, "params": self.params}


def counted(code: Code, count: int, **params: Any) -> tuple[Finding, ...]:
    """Return one finding of `count` persons or rows, none for zero."""
    return (Finding(code, {"count": int(count), **params}),) if count else ()
