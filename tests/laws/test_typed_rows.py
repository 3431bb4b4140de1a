"""Rows are typed where people's data is worked on: mypy sees `row.held_on`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("operations", "queries", "pages")
FILES = sorted(path for room in ROOMS for path in (ROOT / "serving" / room).rglob("*.py"))
UNTYPED = {"dict[str, Any]", "Mapping[str, Any]", "MutableMapping[str, Any]", "RowMapping"}


def untyped(source: str) -> list[str]:
    """Return the untyped mappings a module writes out, but `**options` that are passed on."""
    written = {ast.unparse(node) for node in ast.walk(ast.parse(source))}
    return sorted(written & UNTYPED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_record_is_no_untyped_mapping(path: Path) -> None:
    """A JSON document is a `JsonObject`; what a declaration makes a row of is `ColumnValues`."""
    assert untyped(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("annotation", sorted(UNTYPED))
def test_an_untyped_mapping_is_found(annotation: str) -> None:
    assert untyped(f"def case(row: list[{annotation}]) -> None: ...") == [annotation]
