"""Freeze the values of the tiny programme's matrix, feature by feature, under their revision.

Run as `python -m tests.golden.freeze` after a feature was added, removed or given a new revision.
Values that moved under an unchanged revision are refused, here as in the test.
"""

import json
import math
from pathlib import Path
from typing import TypedDict

from features.families import CATALOGUE
from tests.golden.programme import matrix

FILE = Path(__file__).with_name("matrix.json")
COMMAND = "python -m tests.golden.freeze"


class Entry(TypedDict):
    """One feature as it was frozen: null where it was unknown."""

    revision: int
    values: list[float | None]


Frozen = dict[str, Entry]


def current() -> Frozen:
    """Revision and values of every feature today; null where unknown."""
    values = matrix()
    return {
        feature.name: {
            "revision": feature.revision,
            "values": [None if math.isnan(value) else value for value in values[feature.name]],
        }
        for feature in CATALOGUE
    }


def frozen() -> Frozen:
    """Read the revision and values of every feature as they were frozen."""
    frozen: Frozen = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return frozen


def moved(before: Frozen, now: Frozen) -> list[str]:
    """Name the features that give other values under the revision they had."""
    in_both = [name for name in now if name in before]
    return [name for name in in_both if _moved(before[name], now[name])]


def _moved(before: Entry, now: Entry) -> bool:
    return before["revision"] == now["revision"] and not _same(before["values"], now["values"])


def _same(before: list[float | None], now: list[float | None]) -> bool:
    pairs = list(zip(before, now, strict=False))
    return len(before) == len(now) and all(
        one is other if one is None or other is None else math.isclose(one, other, rel_tol=1e-12)
        for one, other in pairs
    )


def main() -> None:
    """Write the file, unless a value moved without its revision."""
    now = current()
    if names := moved(frozen(), now):
        raise SystemExit(f"raise `revision` in the declaration of {names}, then run {COMMAND}")
    lines = (f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in now.items())
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
