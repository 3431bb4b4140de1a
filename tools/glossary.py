"""The classes of the glossary: every public class of the four rooms, by its docstring."""

import ast
from collections.abc import Iterator
from pathlib import Path

from features.common.writing import whole_file

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "glossary.md"
ROOMS = ("features", "models", "training", "serving")
HEADING = "\n## Classes\n"
NOTE = "<!-- Generated from the docstrings by `make docs`: change those, not this list. -->"
# Their docstrings are French: they are what the OpenAPI document says of each body.
BODIES = "Bodies of requests and responses are described, in French, in the OpenAPI document."
IN_FRENCH = tuple(f"serving/api/{name}_models.py" for name in ("record", "request", "response"))


def page(text: str) -> str:
    """Return the glossary with its list of classes written anew, whatever it was."""
    terms = text.partition(HEADING)[0].rstrip()
    lines = [f"- **{name}** (`{module}`): {words}" for name, module, words in sorted(classes())]
    return "\n".join((terms, HEADING, NOTE, "", BODIES, "", *lines, ""))


def classes() -> Iterator[tuple[str, str, str]]:
    """Return name, module and first line of the docstring of every public class."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            module = path.relative_to(ROOT).as_posix()
            if module not in IN_FRENCH:
                yield from ((name, module, words) for name, words in _classes_of(path))


def _classes_of(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, (ast.get_docstring(node) or "").partition("\n")[0]


if __name__ == "__main__":
    written = page(PAGE.read_text(encoding="utf-8"))
    with whole_file(PAGE) as temporary:
        temporary.write_text(written, encoding="utf-8")
