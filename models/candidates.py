"""The estimators that compete, from the simplest up.

A candidate is the mean, in log-odds, of its members. A member sees the inputs of the catalogue as
float64 with NaN for unknown, contract age first. Nothing is weighted or resampled by class: that
would ruin calibration and help ranking little.
"""

from collections.abc import Sequence

from models.classifier import MarginClassifier
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

# The rate by age is one curve, which many cases tell of: next to no penalty.
AGE_C = 1.0
# Trees at a learning rate of 0.1; what many rows tell takes more of them to say.
TREES, MORE_TREES, MANY_ROWS = 150, 250, 100_000


def members_of(candidate: str) -> tuple[str, ...]:
    """Return the names of the members whose mean a candidate is.

    Raises ValueError for a name that is not in `NAMES`.
    """
    if candidate not in MEMBERS:
        raise ValueError(f"candidate: expected one of {', '.join(NAMES)}, got {candidate!r}")
    return MEMBERS[candidate]


def complexity(candidate: str) -> int:
    """Return the rank of the candidate's most complex member, from 0 for the base rate by age.

    A blend asks no more of its readers than its trees do: same explanation, same bundle. So it
    counts as no more complex than they are.
    """
    return max(NAMES.index(member) for member in members_of(candidate))


def make_member(
    name: str,
    *,
    rows: int = 0,
    monotonic: Sequence[int] | None = None,
    random_state: int | None = None,
) -> MarginClassifier:
    """Return an unfitted estimator, for so many rows to learn from.

    `monotonic` are the monotone constraints of the columns; none for None.
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
            return PenalisedRegression(monotonic=monotonic, random_state=random_state)
        case "trees":
            many = MORE_TREES if rows > MANY_ROWS else TREES
            return BoostedTrees(max_iter=many, monotonic=monotonic, random_state=random_state)
        case _:
            raise ValueError(f"member: expected base_rate, logistic or trees, got {name!r}")
