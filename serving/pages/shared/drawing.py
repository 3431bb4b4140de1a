"""Coordinates of the small drawings, made on the server: the templates only write them out.

Every drawing goes with words that say the same; none carries a style, so the content security
policy can forbid inline ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 100.0, 28.0


@dataclass(frozen=True)
class Track:
    """The contract as a thin line: elapsed share and trial period, in hundredths of its length."""

    elapsed: float
    trial: float | None
    week: int
    weeks: int
    in_trial: bool


@dataclass(frozen=True)
class Line:
    """A line of points `x,y` in a box of 100 by 28, and where it ends."""

    points: str
    last_x: float
    last_y: float


def track_of(
    *, started_on: date, planned_end_on: date, trial_end_on: date | None, on: date
) -> Track:
    """Return where a contract is on a day; a day before its start counts as its start."""
    length = max((planned_end_on - started_on).days, 1)
    elapsed = min(max((on - started_on).days, 0), length)
    trial = None if trial_end_on is None else _within((trial_end_on - started_on).days / length)
    return Track(
        elapsed=round(100 * elapsed / length, 2),
        trial=None if trial is None else round(100 * trial, 2),
        week=elapsed // 7 + 1,
        weeks=max(-(-length // 7), 1),
        in_trial=trial_end_on is not None and on <= trial_end_on,
    )


def line_of(
    past: Sequence[tuple[date, float]], *, first: date, last: date, top: float
) -> Line | None:
    """Return the risks of the days from `first` to `last`, 0 at the bottom and `top` at the top.

    None with fewer than two points: one point is no trend.
    """
    shown = [(day, risk) for day, risk in past if first <= day <= last]
    if len(shown) < 2:
        return None
    days = max((last - first).days, 1)
    spots = [
        (_round(WIDTH * (day - first).days / days), _round(HEIGHT * (1 - _within(risk / top))))
        for day, risk in shown
    ]
    return Line(" ".join(f"{x:g},{y:g}" for x, y in spots), *spots[-1])


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _round(value: float) -> float:
    return round(value, 1)
