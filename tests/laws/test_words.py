"""Words that the project gave up do not come back: a term of the field says what each meant."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("features", "models", "training", "serving", "benchmarks", "tools")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "benchmarks.md"]
# service, training, computation, sign-in form, queue
METAPHORS = re.compile(r"\b(?:house|the bench|road|front door|doors?|desk)\b", re.IGNORECASE)
ANSWERS = re.compile(r"^Answers?\b")  # a function returns, a route responds


def _docstrings(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield getattr(node, "lineno", 1), text


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
