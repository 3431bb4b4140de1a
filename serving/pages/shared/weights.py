"""How much an element weighs in a score, in log-odds, and what weighs otherwise than before."""

import math
from dataclasses import dataclass

from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

STRONG, PLAIN = 0.5, 0.2  # log-odds: odds multiplied by 1.65 and 1.22
CHANGE_STEP = 0.05
MOST_CHANGES = 5


@dataclass(frozen=True)
class Change:
    """A group (French label) that weighs more or less than at the previous assessment."""

    label: str
    words: str
    raises: bool


def log_odds(risk: float) -> float:
    """Log-odds of a risk strictly between 0 and 1."""
    return math.log(risk / (1 - risk))


def weight_key(contribution: float) -> str:
    """Wording key of how much a contribution weighs."""
    size = abs(contribution)
    name = "strong" if size >= STRONG else "plain" if size >= PLAIN else "light"
    return f"weight.{name}_{'up' if contribution > 0 else 'down'}"


def changes_of(assessment: StoredAssessment | None, *, t: Wording) -> tuple[Change, ...]:
    """Return what weighs more or less than before, heaviest first; empty when nothing is known."""
    changes = assessment.changes if assessment else []
    heavy = [c for c in changes if abs(c.change) >= CHANGE_STEP]
    heavy.sort(key=lambda change: -abs(change.change))
    return tuple(
        Change(c.label, t(weight_key(c.change)), c.change > 0) for c in heavy[:MOST_CHANGES]
    )
