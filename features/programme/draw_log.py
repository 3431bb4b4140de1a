"""The log of a draw as a file: what an outsider needs to replay it, and nothing that names anybody.

JSON: for each version of the plan its content, hash and commitment, the seed once the draw is
closed, and the lines in order (person, stratum, position, arm, day). Persons are keyed codes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from features.common.errors import ConflictError, InputError
from features.common.writing import whole_file
from features.programme.draw import Assignment, commitment, disagreements
from features.programme.plan import Programme
from features.programme.plan_file import programme_of


@dataclass(frozen=True)
class LoggedPlan:
    """A version of the plan with the lines drawn under it; no seed while the draw is open."""

    plan: dict[str, Any]
    commitment: str
    seed: str | None
    lines: tuple[Assignment, ...]


def write_log(path: Path, plans: Sequence[LoggedPlan]) -> None:
    """Write the log whole or not at all. Raises StorageError when the disk refuses."""
    content = {"format": 1, "plans": [_as_json(one) for one in plans]}
    with whole_file(path) as file:
        file.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")


def read_log(path: Path) -> tuple[LoggedPlan, ...]:
    """Return the log of a file. Raises InputError for one that is not a log, or cut short."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_from_json(one) for one in content["plans"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: expected the log of a draw, got something else or one that is cut short"
        ) from error


def replay(logged: LoggedPlan, *, seed: str | None = None) -> Programme:
    """Return the plan of a log whose every line is what the seed gives.

    `seed` stands in where the log has none. Raises InputError without a seed, ConflictError for a
    seed that is not the one that was committed to, or lines that it does not give.
    """
    plan = programme_of(logged.plan, where="log")
    seed = logged.seed or seed
    if seed is None:
        raise InputError("replay: expected a seed, got none; it is shown once the draw is closed")
    if commitment(seed) != logged.commitment:
        raise ConflictError("replay: expected the seed that was committed to, got another one")
    if any(line.plan_hash != plan.hash for line in logged.lines):
        raise ConflictError("replay: expected lines drawn under the plan of the log, got others")
    wrong = disagreements(logged.lines, plan=plan, seed=seed)
    if wrong:
        raise ConflictError(
            f"replay: expected {len(logged.lines)} lines that the seed gives, got {len(wrong)} "
            f"others; the first is number {logged.lines.index(wrong[0]) + 1}"
        )
    return plan


def _as_json(logged: LoggedPlan) -> dict[str, Any]:
    return {
        "plan": logged.plan,
        "plan_hash": programme_of(logged.plan, where="log").hash,
        "commitment": logged.commitment,
        "seed": logged.seed,
        "lines": [_line(line) for line in logged.lines],
    }


def _line(line: Assignment) -> dict[str, Any]:
    return {
        "person": line.person_id,
        "stratum": line.stratum,
        "position": line.position,
        "arm": line.arm,
        "drawn_on": line.drawn_on.isoformat(),
    }


def _from_json(content: dict[str, Any]) -> LoggedPlan:
    lines = tuple(
        Assignment(
            person_id=line["person"],
            contract_id="",
            stratum=line["stratum"],
            position=line["position"],
            arm=line["arm"],
            drawn_on=date.fromisoformat(line["drawn_on"]),
            plan_hash=content["plan_hash"],
        )
        for line in content["lines"]
    )
    return LoggedPlan(content["plan"], content["commitment"], content["seed"], lines)
