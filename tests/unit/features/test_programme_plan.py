"""A plan is read whole or refused with the place, what was expected and what came."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from features.common.errors import InputError
from features.programme.plan import Programme, strata_count
from features.programme.plan_file import find_programme, programme_of, read_programme
from features.programme.strata import all_strata

FOLDER = Path(__file__).parents[3] / "programmes"
CODES = ("agir", "apprenticeship")


def content(code: str = "agir") -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", CODES)
def test_an_example_is_a_plan(code: str) -> None:
    plan = read_programme(FOLDER / f"{code}.toml")
    assert plan.code == code
    assert len(all_strata(plan)) == strata_count(plan.strata) <= plan.arms.total // 10


def test_the_hash_is_that_of_the_plan_and_not_of_its_titles_or_its_file() -> None:
    plan = read_programme(FOLDER / "agir.toml")
    retitled = content() | {"title": {"fr": "Autre", "en": "Other"}}
    reordered = dict(reversed(list(content().items())))
    assert programme_of(retitled, where="").hash == plan.hash
    assert programme_of(reordered, where="").hash == plan.hash
    changed = content() | {"arms": {"supported": 76, "comparison": 76}}
    assert programme_of(changed, where="").hash != plan.hash


def changed(path: str, value: object) -> dict[str, Any]:
    """The content of agir.toml with one key changed."""
    made = content()
    *parents, last = path.split(".")
    place: Any = made
    for parent in parents:
        place = place[int(parent)] if parent.isdigit() else place[parent]
    place[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("arms.supported", 0, "arms.supported: expected otherwise"),
        ("arms.supporte", 75, "arms.supporte: expected only known keys"),
        ("arms", {"supported": 40, "comparison": 40}, "expected at most 8 strata for 80 persons"),
        ("eligibility.levels", [2], "eligibility.levels.0: expected otherwise"),
        ("eligibility.kinds", [], "eligibility.kinds: expected otherwise"),
        ("draw.block_sizes", [4, 5], "expected block sizes that are multiples of 2, got 5"),
        ("draw", None, "expected block sizes with a draw and only then, got design randomised"),
        ("design", "matched", "got design matched"),
        ("strata.1.column", "level_prepared", "expected each column once"),
        ("strata.0.groups", {"a": ["3"], "b": ["3"]}, "expected each value of level_prepared in"),
        ("outcomes.1.code", "net_rupture", "expected each once"),
        ("outcomes.0.role", "secondary", "expected one primary outcome, and that first"),
        ("outcomes", [], "outcomes: expected otherwise"),
        ("looks.method", "often", "looks.method: expected otherwise"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(path: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as refusal:
        programme_of(changed(path, value), where="plan.toml")
    assert str(refusal.value).startswith("plan.toml: ")


@pytest.mark.parametrize("text", ["arms = ", "\ufffe", ""])
def test_a_file_that_is_no_plan_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-16" if "\ufffe" in text else "utf-8")
    with pytest.raises(InputError, match=re.escape(str(path))):
        read_programme(path)


def test_a_programme_is_found_by_its_code_or_its_path() -> None:
    assert find_programme("agir", folder=FOLDER) == FOLDER / "agir.toml"
    assert find_programme(str(FOLDER / "agir.toml")) == FOLDER / "agir.toml"
    with pytest.raises(InputError, match="one of agir, apprenticeship, got other"):
        find_programme("other", folder=FOLDER)


def test_a_plan_is_frozen() -> None:
    plan = Programme.model_validate(content())
    with pytest.raises(ValueError, match="frozen"):
        plan.version = "2"  # type: ignore[misc]
