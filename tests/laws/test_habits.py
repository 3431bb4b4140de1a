"""What a change goes through before it is taken: hooks, spelling, numbered decisions."""

import re
import subprocess
from pathlib import Path

from tests.lib.commands import BINARIES

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_a_hook_runs_what_make_check_runs_and_fetches_nothing() -> None:
    """One definition of the checks: the hook calls the target."""
    hooks = _text(".pre-commit-config.yaml")

    assert re.findall(r"repo: (\S+)", hooks) == ["local"]
    assert re.findall(r"language: (\S+)", hooks) == ["system"]
    assert re.findall(r"entry: (.+)", hooks) == ["make check"]


def test_no_word_is_misspelt() -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [BINARIES / "codespell"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_words_that_only_look_misspelt_are_listed_once_and_in_order() -> None:
    words = _text("tools/words.txt").splitlines()
    assert words == sorted(set(words))


def test_decisions_are_numbered_without_gap_or_double() -> None:
    """Two branches that take one number are seen when the second lands."""
    numbers = sorted(int(path.name[:4]) for path in DECISIONS.glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_title_of_a_decision_bears_its_number() -> None:
    titles = {path.name: path.read_text(encoding="utf-8").split("\n")[0] for path in _decisions()}
    assert [n for n, t in titles.items() if not re.match(rf"# 0*{int(n[:4])}\b", t)] == []


def test_a_decision_that_is_referred_to_exists() -> None:
    """`decision 12`, `decisions/0012-...`, in code and documentation alike."""
    numbers = {int(path.name[:4]) for path in _decisions()}
    texts = [p.read_text(encoding="utf-8") for p in (*ROOT.glob("docs/**/*.md"), *_code())]
    referred = {
        int(number)
        for text in texts
        for number in re.findall(r"[Dd]ecisions?[ /](\d{1,4})\b", text)
    }
    assert referred
    assert referred - numbers == set()


def _decisions() -> list[Path]:
    return sorted(DECISIONS.glob("*.md"))


def _code() -> list[Path]:
    rooms = ("features", "models", "training", "serving", "benchmarks", "tools")
    return [path for room in rooms for path in (ROOT / room).rglob("*.py")]
