"""The estimators that compete, from the simplest up.

A candidate is the mean, in log-odds, of its members. A member sees the inputs of the catalogue as
float64 with NaN for unknown, contract age first. Nothing is weighted or resampled by class: that
would ruin calibration and help ranking little.
"""

from collections.abc import Sequence
from typing import Any

from models.classifier import MarginClassifier
from models.parent import ParentModel
from models.regression import PenalisedRegression
from models.trees import BoostedTrees

# In order of complexity.
MEMBERS = {
    "base_rate": ("base_rate",),
    "logistic": ("logistic",),
    "trees": ("trees",),
    "blend": ("logistic", "trees"),
}
NAMES = tuple(MEMBERS)
# Those that start from a parent, from the simplest up: as it is, its level and slope learned anew,
# and with a regression on the programme's own facts.
PARENT_MEMBERS = {
    "parent": ("parent",),
    "parent_recalibrated": ("parent",),
    "parent_offset": ("parent_offset",),
}
AS_IS = "parent"

# The rate by age is one curve, which many cases describe: next to no penalty.
AGE_C = 1.0
# Trees at a learning rate of 0.1; what many rows tell takes more of them to say.
TREES, MORE_TREES, MANY_ROWS = 150, 250, 100_000


def members_of(candidate: str) -> tuple[str, ...]:
    """Return the names of the members whose mean a candidate is.

    Raises ValueError for a name that is not in `NAMES`.
    """
    members = MEMBERS | PARENT_MEMBERS
    if candidate not in members:
        raise ValueError(f"candidate: expected one of {', '.join(members)}, got {candidate!r}")
    return members[candidate]


def make_member(
    name: str,
    *,
    rows: int = 0,
    monotonic: Sequence[int] | None = None,
    nominal: Sequence[int] = (),
    random_state: int | None = None,
    parent: Any = None,
    **settings: Any,
) -> MarginClassifier:
    """Return an unfitted estimator, for so many rows to learn from.

    `monotonic` are the monotone constraints of the columns (none for None), `nominal` those that
    hold pooled effects, `parent` a fitted model to start from; `settings` take the place of the
    estimator's own.
    """
    match name:
        case "base_rate":
            return PenalisedRegression(
                C=AGE_C,
                inputs=[0],
                indicators=False,
                monotonic=monotonic,
                random_state=random_state,
            )
        case "logistic":
            return PenalisedRegression(
                monotonic=monotonic, nominal=nominal, random_state=random_state, **settings
            )
        case "trees":
            many = {"max_iter": MORE_TREES if rows > MANY_ROWS else TREES}
            return BoostedTrees(monotonic=monotonic, random_state=random_state, **many | settings)
        case "parent" | "parent_offset":
            own = name == "parent_offset"
            return ParentModel(parent, own, monotonic=monotonic, random_state=random_state)
        case _:
            raise ValueError(f"member: expected base_rate, logistic or trees, got {name!r}")
