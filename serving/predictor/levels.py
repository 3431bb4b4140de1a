"""What the levels of a bundle are called in French, wherever they are shown."""

from models.levels import Level

LEVELS: dict[str, str] = {Level.HIGH: "élevé", Level.MODERATE: "modéré", Level.LOW: "faible"}
