"""What to try, by accompaniment theme: read from suggestions.toml, which the programme edits."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from features.catalogue.groups import GROUPS
from features.common.json_types import JsonObject
from features.records.codes import THEME

FILE = Path(__file__).parent / "suggestions.toml"


@dataclass(frozen=True)
class Try:
    """Something to try: a title and a sentence, in French."""

    title: str
    text: str


@dataclass(frozen=True)
class Advice:
    """What a theme, or a group of elements, suggests: a short next step and things to try."""

    step: str
    tries: tuple[Try, ...]


@dataclass(frozen=True)
class Suggestions:
    """Everything in the file; `of_group` is what the pages ask."""

    themes: Mapping[str, Advice]
    groups: Mapping[str, Advice]

    def of_group(self, group: str, *, theme: str) -> Advice:
        """Return what to try for a group of elements: its own advice first, then its theme's."""
        general, own = self.themes[theme], self.groups.get(group)
        if own is None:
            return general
        return Advice(own.step, own.tries + general.tries)


@cache
def suggestions(file: Path = FILE) -> Suggestions:
    """Read the file once. Raises KeyError for a theme or group that does not exist."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    themes = {THEME.codes[THEME.codes.index(k)]: _advice(v) for k, v in document["themes"].items()}
    groups = {GROUPS[k].name: _advice(v) for k, v in document["groups"].items()}
    return Suggestions(themes, groups)


def _advice(entry: JsonObject) -> Advice:
    tries = tuple(Try(t["title"], t["text"]) for t in entry.get("tries", ()))
    return Advice(entry["step"], tries)
