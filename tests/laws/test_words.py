"""Words that the project gave up do not come back: a term of the field says what each meant."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("features", "models", "training", "serving", "benchmarks", "tools", "examples")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "benchmarks.md"]
# service, training, computation, sign-in form, queue
METAPHORS = re.compile(r"\b(?:house|the bench|road|front door|doors?|desk)\b", re.IGNORECASE)
ANSWERS = re.compile(r"^Answers?\b")  # a function returns, a route responds
# format, store, report, describe, distinguish: one verb for one act
GIVEN_UP = re.compile(
    r"(?:^|_)(?:told|kept|said|tells?|telling|houses?|bench|roads?|doors?|desks?)(?:_|$)"
)


def _docstrings(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


def _identifiers(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        for field in ("id", "attr", "arg", "name", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield getattr(node, "lineno", 1), name


def _given_up(source: str) -> list[str]:
    """Return the identifiers with a word that was given up; `KeptRows` counts as `kept_rows`."""
    found = []
    for line, name in _identifiers(source):
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        if GIVEN_UP.search(words):
            found.append(f"line {line}: {name}")
    return found


@pytest.mark.parametrize("path", [*FILES, ROOT / "vigie.py"], ids=lambda path: path.name)
def test_a_docstring_uses_the_terms_of_the_field(path: Path) -> None:
    """The help of a command is its docstring."""
    found = [
        f"line {line}: {text.splitlines()[0]}"
        for line, text in _docstrings(path)
        if METAPHORS.search(text) or ANSWERS.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_uses_the_terms_of_the_field(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [found.group() for found in METAPHORS.finditer(text)] == []


def test_an_identifier_uses_the_terms_of_the_field() -> None:
    """A reader of `kept` had to guess: stored, cached, preserved or chosen."""
    found = {
        str(path.relative_to(ROOT)): names
        for path in [*FILES, *TESTS, ROOT / "vigie.py"]
        if (names := _given_up(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["told = 1", "def is_kept(): ...", "class KeptRows: ...", "f(said=1)", "a.REJECTS_KEPT"],
)
def test_a_word_that_comes_back_is_found(source: str) -> None:
    assert _given_up(source) != []


def test_a_word_that_only_contains_one_is_fine() -> None:
    assert _given_up("threshold = unkept = saddle = indoors = keeps") == []
