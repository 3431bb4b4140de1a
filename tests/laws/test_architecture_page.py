"""docs/architecture.md says what a contract or a test holds, and those exist."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
HOLDER = re.compile(r"\[(contract|test): ([^\]]+)\]$")


def _statements() -> list[str]:
    return [line for line in TEXT.splitlines() if line.startswith("- ")]


def _named(kind: str) -> set[str]:
    found = (HOLDER.search(line) for line in _statements())
    return {match[2].strip("`") for match in found if match and match[1] == kind}


def _contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def _is_a_test(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (ROOT / path).is_file():
        return False
    module = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return function in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_every_statement_names_what_holds_it() -> None:
    assert [line for line in _statements() if not HOLDER.search(line)] == []


def test_every_contract_is_stated_once_it_is_held() -> None:
    """The page and the contracts are one list: a new contract is a new statement."""
    assert _named("contract") == _contracts()


def test_every_test_that_is_named_exists() -> None:
    assert sorted(name for name in _named("test") if not _is_a_test(name)) == []


def test_every_file_of_the_path_exists() -> None:
    files = re.findall(r"^ +-> .* (\S+\.py)$|^records .* (\S+\.py)$", TEXT, re.MULTILINE)
    named = [first or second for first, second in files]
    assert len(named) == 7
    assert [name for name in named if not (ROOT / name).is_file()] == []
