"""A level as it is shown: a word, a shape and a colour, so that none of them is needed alone."""

from dataclasses import dataclass

from serving.pages.shared.wording import Wording
from serving.store.assessments import StoredAssessment

ORDER = ("eleve", "modere", "faible", "inconnu")
SHAPES = {"eleve": "triangle", "modere": "diamond", "faible": "disc", "inconnu": "ring"}


@dataclass(frozen=True)
class Level:
    """`code` names the colour class, `shape` the mark, `word` what is read."""

    code: str
    shape: str
    word: str


def level_view(assessment: StoredAssessment | None, *, t: Wording) -> Level:
    """Return the level of an assessment; `inconnu` for what was not assessed or is suspended."""
    assessed = assessment is not None and assessment.status == "assessed"
    return level_of(assessment.level if assessment and assessed else None, t=t)


def level_of(code: str | None, *, t: Wording) -> Level:
    """Return the level of a code; None is `inconnu`."""
    known = code or "inconnu"
    return Level(known, SHAPES[known], t(f"level.{known}"))
