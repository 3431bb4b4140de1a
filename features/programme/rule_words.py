"""The words of the rules of eligibility, in both languages: `rules.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from features.programme.eligibility import Rule


@cache
def rule_words(language: str) -> Mapping[Rule, str]:
    """Return the words of every rule in `fr` or `en`. Raises KeyError for another language."""
    path = Path(__file__).with_name("rules.toml")
    words = tomllib.loads(path.read_text(encoding="utf-8"))[language]
    return {Rule(code): text for code, text in words.items()}
