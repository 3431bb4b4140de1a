"""A frozen recipe of a training run, read from recipes/*.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from features.common.errors import InputError
from models.candidates import NAMES

Section = TypeVar("Section")
# The sections of whole numbers, and the least one may be where that is not 1.
COUNTED = ("target", "snapshots", "backtest", "candidates", "training")
AT_LEAST = {"folds": 2, "cutoffs": 0, "declaration_delay_days": 0, "seed": 0}


@dataclass(frozen=True)
class Target:
    """What is predicted, and when it is known."""

    horizon_days: int = 90
    declaration_delay_days: int = 60
    net: bool = False


@dataclass(frozen=True)
class Snapshots:
    """The mornings of each contract that are learned from."""

    every_days: int = 30


@dataclass(frozen=True)
class Backtest:
    """How past deployments are replayed."""

    cutoffs: int = 5
    every_months: int = 3
    folds: int = 5
    minimum_ruptures: int = 10


@dataclass(frozen=True)
class Candidates:
    """The estimators that compete."""

    names: tuple[str, ...] = NAMES
    trees_minimum_ruptures: int = 100


@dataclass(frozen=True)
class Training:
    """Seeds and minimums."""

    minimum_ruptures: int = 20
    seed: int = 20260101
    bootstrap_draws: int = 200


@dataclass(frozen=True)
class Capacity:
    """Shares of the active cases down to which the levels go."""

    high: float = 0.10
    moderate: float = 0.30


@dataclass(frozen=True)
class Gates:
    """What a model must hold to be promoted."""

    calibration_slope: tuple[float, float] = (0.8, 1.25)
    calibration_ratio: tuple[float, float] = (0.8, 1.25)
    group_floor_auc: float = 0.55


@dataclass(frozen=True)
class Recipe:
    """Everything a training run depends on beside its extract."""

    target: Target = field(default_factory=Target)
    snapshots: Snapshots = field(default_factory=Snapshots)
    backtest: Backtest = field(default_factory=Backtest)
    candidates: Candidates = field(default_factory=Candidates)
    training: Training = field(default_factory=Training)
    capacity: Capacity = field(default_factory=Capacity)
    gates: Gates = field(default_factory=Gates)

    def __post_init__(self) -> None:
        unknown = set(self.candidates.names) - set(NAMES)
        if unknown or not self.candidates.names:
            raise InputError(
                f"recipe: expected candidates among {', '.join(NAMES)}, got "
                f"{', '.join(sorted(unknown)) or 'none'}"
            )
        if not 0 < self.capacity.high <= self.capacity.moderate < 1:
            raise InputError(
                "recipe: expected 0 < capacity.high <= capacity.moderate < 1, got "
                f"{self.capacity.high} and {self.capacity.moderate}"
            )
        for name in COUNTED:
            _refuse_too_small(name, self.as_dict()[name])

    def as_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON-able data."""
        return asdict(self)


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; keys left out keep their default.

    Raises InputError for a file that cannot be read, an unknown key or a value of the wrong type.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a readable TOML recipe, got {error}") from error
    sections = {f.name: f.default_factory for f in fields(Recipe)}
    _refuse_unknown(path, content, set(sections))
    built: dict[str, Any] = {
        name: _section(path, name, factory, content[name])  # type: ignore[arg-type]
        for name, factory in sections.items()
        if name in content
    }
    return Recipe(**built)


def _section(path: Path, name: str, kind: type[Section], content: Any) -> Section:
    if not isinstance(content, Mapping):
        raise InputError(f"{path}: expected [{name}] to be a section, got {content!r}")
    defaults = kind()
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(path, content, {f"{name}.{key}" for key in known}, prefix=f"{name}.")
    values = {}
    for key, value in content.items():
        default = getattr(defaults, key)
        values[key] = _like(value, default)
        if _shape(values[key]) != _shape(default):
            raise InputError(f"{path}: expected {name}.{key} like {default!r}, got {value!r}")
    return kind(**values)


def _like(value: Any, default: Any) -> Any:
    """TOML's lists and whole numbers as the tuples and floats of the sections."""
    if isinstance(value, list) and isinstance(default, tuple):
        return tuple(_like(item, default[0]) for item in value)
    return float(value) if isinstance(default, float) and type(value) is int else value


def _shape(value: Any) -> object:
    """Return what two values of one kind have in common.

    Type, that of the items, how many bounds.
    """
    if not isinstance(value, tuple):
        return type(value)
    items = {type(item) for item in value}
    return items, len(value) if float in items else None


def _refuse_too_small(name: str, section: Mapping[str, Any]) -> None:
    for key, value in section.items():
        if type(value) is int and value < (least := AT_LEAST.get(key, 1)):
            raise InputError(f"recipe: expected {name}.{key} to be at least {least}, got {value}")


def _refuse_unknown(
    path: Path, content: Mapping[str, Any], known: set[str], *, prefix: str = ""
) -> None:
    unknown = {f"{prefix}{key}" for key in content} - known
    if unknown:
        expected, came = ", ".join(sorted(known)), ", ".join(sorted(unknown))
        raise InputError(f"{path}: expected keys among {expected}, got {came}")
