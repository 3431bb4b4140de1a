"""Reading a plan from its TOML file, with refusals that say where and what."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from features.common.errors import InputError
from features.programme.plan import Programme

FOLDER = Path("programmes")


def read_programme(path: Path) -> Programme:
    """Return the plan of a file.

    Raises InputError for a file that cannot be read, a key nobody knows, a value out of bounds, or
    a plan that contradicts itself.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a readable TOML plan, got {error}") from error
    return programme_of(content, where=str(path))


def programme_of(content: dict[str, Any], *, where: str) -> Programme:
    """Return the plan of parsed content; `where` is what errors call it. Raises InputError."""
    try:
        return Programme.model_validate(content)
    except ValidationError as error:
        raise InputError(f"{where}: {_first(error)}") from error


def find_programme(name: str, *, folder: Path = FOLDER) -> Path:
    """Return the file of a programme named by its code or by a path.

    Raises InputError naming those that are there.
    """
    for path in (Path(name), folder / f"{name}.toml"):
        if path.suffix == ".toml" and path.is_file():
            return path
    there = ", ".join(sorted(path.stem for path in folder.glob("*.toml"))) or "none"
    raise InputError(f"programme: expected a TOML file or one of {there}, got {name}")


def _first(error: ValidationError) -> str:
    """The first problem, as `key: what was expected, what came`."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    if first["type"] == "missing":
        return f"{key}: expected a value, got none"
    if first["type"] == "extra_forbidden":
        return f"{key}: expected only known keys, got this one"
    return f"{key}: expected otherwise ({first['msg'].lower()}), got {first['input']!r}"
