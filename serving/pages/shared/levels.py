"""A level as it is shown: a word, a shape and a colour, so that none of them is needed alone."""

from dataclasses import dataclass

from models.levels import Level
from serving.queries.assessments import StoredAssessment
from serving.wording import Wording

UNKNOWN = "inconnu"  # of what is not assessed, or is suspended
ORDER: tuple[str, ...] = (*Level, UNKNOWN)
SHAPES = {Level.HIGH: "triangle", Level.MODERATE: "diamond", Level.LOW: "disc", UNKNOWN: "ring"}


@dataclass(frozen=True)
class LevelView:
    """`code` names the colour class, `shape` the mark, `word` what is read."""

    code: str
    shape: str
    word: str


def level_view(assessment: StoredAssessment | None, *, t: Wording) -> LevelView:
    """Return the level of an assessment; `UNKNOWN` for what was not assessed or is suspended."""
    assessed = assessment is not None and assessment.status == "assessed"
    return level_of(assessment.level if assessment and assessed else None, t=t)


def level_of(code: str | None, *, t: Wording) -> LevelView:
    """Return the level of a code; None is `UNKNOWN`."""
    known = code or UNKNOWN
    return LevelView(known, SHAPES[known], t(f"level.{known}"))
