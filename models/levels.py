"""How high a risk is, by the programme's capacity."""

from enum import StrEnum


class Level(StrEnum):
    """A level, as it is stored and sent; its words are `level` in the wording files."""

    HIGH = "eleve"
    MODERATE = "modere"
    LOW = "faible"
