"""What every estimator returns: a figure, its interval, its p-value, and how it was made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval; NaN is "cannot be estimated". `method` and `notes` are codes."""

    value: float
    low: float = np.nan
    high: float = np.nan
    p: float | None = None
    method: str = ""
    notes: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able; what is undefined is null."""
        return {
            "value": finite(self.value),
            "low": finite(self.low),
            "high": finite(self.high),
            "p": None if self.p is None else finite(self.p),
            "method": self.method,
            "notes": list(self.notes),
            **{name: plain(value) for name, value in self.details.items()},
        }


def finite(value: float) -> float | None:
    """Return a JSON number, null for what is undefined or without bound."""
    return float(value) if np.isfinite(value) else None


def as_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON-able copy: see `plain`."""
    return {str(key): plain(item) for key, item in value.items()}


def plain(value: Any) -> Any:
    """Return JSON-able data: NumPy numbers as Python's, undefined as null, estimates as dicts."""
    match value:
        case Estimate():
            return value.as_dict()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | np.ndarray():
            return [plain(item) for item in value]
        case bool() | np.bool_():
            return bool(value)
        case int() | np.integer():
            return int(value)
        case float() | np.floating():
            return finite(float(value))
        case _:
            return value


def normal_interval(
    value: float,
    error: float,
    *,
    level: float,
    freedom: float = np.inf,
    method: str,
    **details: Any,
) -> Estimate:
    """Return value ± quantile · error with its two-sided p-value, by t for finite `freedom`."""
    if not (np.isfinite(value) and np.isfinite(error) and error > 0):
        return Estimate(value, method=method, notes=("no_error",), details=details)
    law = stats.norm if np.isinf(freedom) else stats.t(freedom)
    half = float(law.ppf(0.5 + level / 2)) * error
    p = float(2 * law.sf(abs(value) / error))
    return Estimate(value, value - half, value + half, p, method, (), {"error": error, **details})
