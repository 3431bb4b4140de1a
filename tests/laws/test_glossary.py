"""The glossary names every public class of the code, and no class that is not there."""

from tools.glossary import IN_FRENCH, PAGE, ROOT, classes, page


def test_the_classes_of_the_glossary_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text == page(text), "docs/glossary.md is stale: run `make docs` and commit it"


def test_every_class_says_what_it_is_in_one_line() -> None:
    assert [(name, module) for name, module, words in classes() if not words] == []


def test_modules_left_to_the_openapi_document_exist() -> None:
    assert all((ROOT / module).is_file() for module in IN_FRENCH)
