"""Trials drawn some at a time, and what is counted of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from training.effect.estimators.estimate import Estimate, Flags, Floats
from training.simulator.trials import Scenario, Trials, draw_trials

LEVEL, ALPHA = 0.95, 0.05
CHUNK = 500
Hits = dict[str, list[bool]]


def chunks(scenario: Scenario, number: int, rng: np.random.Generator) -> Iterator[Trials]:
    """Draw trials some at a time."""
    for first in range(0, number, CHUNK):
        yield draw_trials(scenario, trials=min(CHUNK, number - first), rng=rng)


def each(drawn: Trials) -> Iterator[tuple[Floats, Flags, int]]:
    """Outcome, arm and row of each trial."""
    yield from zip(drawn.outcome, drawn.arm, range(len(drawn.arm)), strict=True)


def tally(hits: Hits, printed: dict[str, float] | None = None) -> dict[str, Any]:
    """Hits and trials by name, with the figure that was computed beforehand."""
    return {n: (int(np.sum(h)), len(h), (printed or {}).get(n)) for n, h in hits.items()}


def holds(found: Estimate, truth: float) -> bool:
    """Tell whether an interval holds the truth."""
    return bool(found.low <= truth <= found.high)
