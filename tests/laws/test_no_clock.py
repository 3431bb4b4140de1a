"""No clock below the interface: nothing in features/ and models/ can ask what day it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for room in ("features", "models") for path in (ROOT / room).rglob("*.py"))
CALLS = {"today", "now", "utcnow", "localtime", "gmtime", "time_ns", "monotonic", "perf_counter"}
MODULES = {"time"}
STOPWATCHES = {"time_ns", "monotonic", "perf_counter"}
CONTEXTS = ("context", "opened", "reads", "self")  # a read session has its context's clock
WORDS = {"today", "now"}  # pandas and NumPy read these strings as the clock


def clocks(source: str) -> Iterator[int]:
    """Lines that read a clock: a call, an import, or a word that pandas would read as one."""
    for node in ast.walk(ast.parse(source)):
        match node:
            # An estimator promises to be monotonic; the one of `time` is caught by its import.
            case ast.Attribute(attr=name) if name in CALLS - {"monotonic"}:
                yield node.lineno
            case ast.ImportFrom(module=str(name)) if name in MODULES:
                yield node.lineno
            case ast.Import(names=names) if any(alias.name in MODULES for alias in names):
                yield node.lineno
            case ast.Constant(value=str(text)) if text.strip().lower() in WORDS:
                yield node.lineno


def days(source: str) -> Iterator[int]:
    """Lines that ask what day or moment it is of anybody but a context, which was given its clock.

    A stopwatch (`perf_counter`, `monotonic`) tells how long a thing took, never when.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name, value=owner) if name in CALLS - STOPWATCHES:
                if not ast.unparse(owner).rpartition(".")[2].endswith(CONTEXTS):
                    yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_clock(path: Path) -> None:
    """The same records and the same as_of give the same values, whenever they are computed."""
    assert list(clocks(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date; date.today()",
        "import datetime; datetime.datetime.now(tz=None)",
        "import pandas as pd; pd.Timestamp.now()",
        "pd.to_datetime('today')",
        "pd.Timestamp('now')",
        "np.datetime64('today')",
        "import time; time.time()",
        "from time import time",
        "clock = datetime.now",
    ],
)
def test_a_clock_is_found(source: str) -> None:
    """The law sees every way to ask for the day."""
    assert list(clocks(source))


@pytest.mark.parametrize(
    "source",
    ["from datetime import date; date.today()", "clock = datetime.now", "pd.Timestamp.now()"],
)
def test_a_day_is_found_but_not_the_day_of_a_context(source: str) -> None:
    """What a context says is what its clock says."""
    assert list(days(source))
    assert list(days("context.now(); self._context.today; time.perf_counter()")) == []
