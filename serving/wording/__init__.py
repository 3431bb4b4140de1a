"""Every word of the service that is not the catalogue's: one file per language beside this one.

An entry is a sentence with `{fields}`, or a table `one` / `many` when it counts something.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from serving.actors import Language, language_of_code

NO_BREAK, NARROW = re.compile(r"(?<=«) | (?=[:»])"), re.compile(r" (?=[;?!%])")


@dataclass(frozen=True)
class Wording:
    """The words of one language; called with a key, they return the sentence filled.

    Raises KeyError for a key that is not in the file: a missing word is a fault of ours, and the
    tests find it.
    """

    language: Language
    entries: Mapping[str, str]

    def __call__(self, key: str, **fields: object) -> str:
        """Return the sentence of a key."""
        return self.entries[key].format(**fields) if fields else self.entries[key]

    def count(self, key: str, n: int, **fields: object) -> str:
        """Return the sentence of a key that agrees with a number: 0 is singular in French only."""
        one = n < 2 if self.language == "fr" else n == 1
        return self.entries[f"{key}.{'one' if one else 'many'}"].format(n=n, **fields)


@cache
def wording(language: str) -> Wording:
    """Return the words of `fr` or `en`; any other language is given French."""
    known = language_of_code(language)
    text = (Path(__file__).parent / f"{known}.toml").read_text(encoding="utf-8")
    entries = dict(_flat(tomllib.loads(text)))
    return Wording(known, {k: typeset(v) for k, v in entries.items()} if known == "fr" else entries)


def typeset(text: str) -> str:
    """French text whose punctuation no line break parts from its word (fine or no-break space)."""
    return NARROW.sub("\u202f", NO_BREAK.sub("\u00a0", text))


def untypeset(text: str) -> str:
    """Return a text with plain spaces, as a program expects them."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        entries += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, value)]
    return entries
