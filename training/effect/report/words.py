"""The words of a report in one language, with what a table of a trial calls its own things."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from features.records.codes import HOUSING, KIND
from features.records.sectors import SECTOR_LABELS
from training.effect.report.formats import Formats

LANGUAGES = ("fr", "en")
LABELS = {"sector": SECTOR_LABELS, "housing": HOUSING.labels, "kind": KIND.labels}
FOLDER = Path(__file__).parent


class Words:
    """Words of one language; codes that have none, such as columns of a table, are their own."""

    def __init__(self, language: str, effect: Mapping[str, Any]) -> None:
        self.language = language
        self.texts = _texts(language)
        self.formats = Formats(language, to=self.texts["to"])
        arms = effect.get("arms", {})
        self.supported = str(arms.get("treated", self.texts["supported"]))
        self.comparison = str(arms.get("control", self.texts["comparison"]))

    def __getitem__(self, key: str) -> str:
        return str(self.texts[key])

    def of(self, section: str, code: str, **blanks: Any) -> str:
        """Return the words of a code with its blanks filled, or the code where it has none."""
        text = str(self.texts[section].get(code, code))
        return text.format(**blanks) if blanks else text

    def arm(self, code: str) -> str:
        """Return what an arm is called."""
        return self.supported if code == "supported" else self.comparison

    def category(self, fact: str, code: str) -> str:
        """Return what a category of a fact is called: the label of its code list, in French."""
        labels = LABELS.get(fact, {}) if self.language == "fr" else {}
        return labels.get(code, code.replace("_", " ") if fact in LABELS else code)

    def finding(self, finding: Mapping[str, Any]) -> str:
        """Return the sentence of a finding, outcomes in words and shares in points."""
        blanks = dict(finding["params"])
        if "outcome" in blanks:
            blanks["outcome"] = self.sentence(self.of("outcomes", blanks["outcome"]))
        if "points" in blanks:
            blanks["points"] = self.formats.bare_points(blanks["points"])
        return self.of("findings", finding["code"], **blanks)

    @staticmethod
    def sentence(text: str) -> str:
        """Return a text with a capital first."""
        return text[:1].upper() + text[1:]


@cache
def _texts(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"wording_{language}.toml").read_text(encoding="utf-8"))
