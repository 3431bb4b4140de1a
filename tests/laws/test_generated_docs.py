"""Generated pages are committed as the declarations write them, and describe all they declare."""

from pathlib import Path

import pytest

from features.catalogue.groups import GROUPS
from features.documentation import pages, write_documentation
from features.families import CATALOGUE
from features.records.declarations import RECORD_TYPES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", list(pages()))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """A change of a declaration is a change of its page."""
    committed = (DOCS / name).read_text(encoding="utf-8") if (DOCS / name).exists() else ""
    assert committed == pages()[name], f"docs/{name} is stale: run `make docs` and commit it"


def test_every_feature_and_group_is_described() -> None:
    """Nothing is declared that the page leaves out."""
    page = pages()["features.md"]
    assert [f.name for f in CATALOGUE if f"| `{f.name}`" not in page] == []
    assert [name for name in GROUPS if f"| `{name}` |" not in page] == []


def test_every_column_and_code_is_described() -> None:
    """Each column has its row under its record, each code list its section."""
    page = pages()["records.md"]
    for record_type in RECORD_TYPES:
        section = page.split(f"## `{record_type.name}`")[1].split("\n## ")[0]
        for column in record_type.columns:
            assert f"| `{column.name}` | {column.label} |" in section
            if column.code_list is not None:
                assert f"### {column.code_list.name}\n" in page


def test_a_template_with_a_choice_of_nouns_stays_in_its_cell() -> None:
    """Every line of a table has as many cells as its heading."""
    for page in pages().values():
        for block in page.split("\n\n"):
            lines = [line for line in block.splitlines() if line.startswith("|")]
            cells = {line.replace("\\|", "").count("|") for line in lines}
            assert len(cells) <= 1, lines[0]


def test_writing_the_pages_writes_all_of_them(tmp_path: Path) -> None:
    """What `vigie docs` leaves is what is compared here."""
    written = {
        path.name: path.read_text(encoding="utf-8") for path in write_documentation(tmp_path)
    }
    assert written == pages()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(written)
