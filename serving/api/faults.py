"""What a validator refuses -> faults with JSON pointers, without the values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from serving.api.problem_texts import INVALID_RECORD, MALFORMED_JSON
from serving.api.problems import Fault, ProblemError

MOST = 100  # faults reported in one problem: a reader needs no more, and a reply stays small
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")  # a name that may be shown: no content in a key


def faults_of(errors: Iterable[Mapping[str, Any]], *, skip: int = 0) -> tuple[Fault, ...]:
    """Faults of validation errors, the first `skip` steps of each place being left out."""
    faults = [
        Fault(
            pointer(error["loc"][skip:]),
            error["type"],
            {name: _shown(value) for name, value in (error.get("ctx") or {}).items()},
            error.get("input"),
        )
        for error in errors
    ]
    return tuple(faults[:MOST])


def problem_of(error: ValidationError) -> ProblemError:
    """Return the problem of a body that a model refuses."""
    errors = error.errors(include_url=False)
    unread = errors[0]["type"] == "json_invalid"
    return ProblemError(MALFORMED_JSON if unread else INVALID_RECORD, faults=faults_of(errors))


def pointer(place: Iterable[int | str]) -> str:
    """Return the JSON pointer (RFC 6901) of a place; a name that is no plain word stops it short.

    The name of an unknown field is the sender's: it could hold what a field should.
    """
    steps = []
    for step in place:
        if isinstance(step, str) and not PLAIN_NAME.fullmatch(step):
            break
        steps.append(f"/{step}")
    return "".join(steps)


def _shown(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
