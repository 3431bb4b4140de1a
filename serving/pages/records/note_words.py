"""Points out words that do not belong in a note the person may read; blocks nothing."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "note_words.toml"


@dataclass(frozen=True)
class Remark:
    """Words found in a note, as they were typed, and what to write instead (French)."""

    family: str
    found: tuple[str, ...]
    advice: str


def remarks_on(note: str) -> tuple[Remark, ...]:
    """Return the remarks a note calls for, one per family.

    Accents and capitals make no difference.
    """
    plain = _plain(note)
    remarks = []
    for family, advice, pattern in _families():
        found = dict.fromkeys(note[m.start() : m.end()] for m in pattern.finditer(plain))
        if found:
            remarks.append(Remark(family, tuple(found), advice))
    return tuple(remarks)


@cache
def _families() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        (name, entry["advice"], _pattern(entry["words"])) for name, entry in document.items()
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Whole words only, longest first so that « tentative de suicide » wins over « suicide »."""
    ranked = sorted((_plain(word) for word in words), key=len, reverse=True)
    parts = [
        re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) + r"s?" for w in ranked
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _plain(text: str) -> str:
    """Lower case without accents, letter for letter, so that positions stay those of the text."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in text)
