"""The words of the site: two languages that say the same things, and no word for nothing."""

import re
from pathlib import Path
from string import Formatter

import pytest

from models.levels import Level
from models.sufficiency import CORE_FACTS, NotAssessed
from serving.pages.shared.rendering import PAGES
from serving.store.audit import Action
from serving.store.refusals import RefusalCode
from serving.wording import wording

WORDS = Path("serving/wording")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for pattern in ("**/*.py", "templates/**/*.html")
    for folder in (Path(PAGES), WORDS, Path("serving/commands"))
    for path in folder.glob(pattern)
)
# What is put together from a part and a code: `"level." ~ code`, f"level.{code}".
COMPOSED = tuple(re.findall(r'f?"([a-z_]+(?:\.[a-z_]+)*[._])(?:\{|" ~)', SOURCES))

FRENCH = re.compile(
    r"[àâçéèêëîïôùû]|\b(?:au|aux|avec|ce|dans|de|des|du|en|est|et|il|la|le|les|leur|mais|ne|ou|par"
    r"|pas|plus|pour|que|qui|sa|se|ses|sont|sur|un|une|vous|entretiens?|contrat|dossier)\b"
)
FRENCH_ON_PURPOSE = {"frame.other_language"}  # offers French to who reads French


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(wording("fr").entries) == set(wording("en").entries)


def test_both_languages_fill_the_same_fields() -> None:
    french, english = wording("fr").entries, wording("en").entries

    different = [key for key in french if _fields(french[key]) != _fields(english[key])]

    assert different == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("audit_action.", set(Action)),
        ("core_fact.", set(CORE_FACTS)),
        ("level.", {*Level, "inconnu"}),
        ("level_alone.", set(Level)),
        ("refused.", set(RefusalCode)),
        ("why_not.", set(NotAssessed)),
    ],
)
def test_every_code_has_words_and_no_word_lacks_a_code(
    language: str, section: str, codes: set[str]
) -> None:
    entries = wording(language).entries

    worded = {key.removeprefix(section) for key in entries if key.startswith(section)}

    assert worded == codes


def test_no_french_is_left_in_the_english_file() -> None:
    french = [
        key
        for key, text in wording("en").entries.items()
        if FRENCH.search(text.lower()) and key not in FRENCH_ON_PURPOSE
    ]

    assert french == []


def test_every_word_is_used() -> None:
    unused = [
        key
        for key in wording("fr").entries
        if f'"{key.removesuffix(".one").removesuffix(".many")}"' not in SOURCES.replace("'", '"')
        and not key.startswith(COMPOSED)
    ]

    assert unused == []


def test_every_key_asked_for_exists() -> None:
    asked = set(re.findall(r"""\bt(?:\.count)?\(\s*["']([a-z_]+\.[a-z_]+)["']""", SOURCES))
    known = set(wording("fr").entries)

    whole = {key for key in asked if not key.endswith("_")}  # the others are composed with a code

    assert {key for key in whole if not {key, f"{key}.one"} & known} == set()


def test_zero_is_singular_in_french_only() -> None:
    assert wording("fr").count("worklist.active", 0) == "0 contrat en cours"
    assert wording("en").count("worklist.active", 0) == "0 contracts under way"


def test_a_language_we_do_not_speak_is_answered_in_french() -> None:
    assert wording("br").language == "fr"
