"""What the levels of a bundle are called in French, wherever they are shown."""

LEVELS = {"eleve": "élevé", "modere": "modéré", "faible": "faible"}
