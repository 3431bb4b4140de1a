"""Looking again and again: the interval of every look, and whether the plan lets conclude."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.common.errors import InputError
from features.programme.plan import Programme, SequenceMethod
from training.effect.estimators.estimate import Flags, Floats, Ints
from training.effect.estimators.proportions import newcombe
from training.effect.estimators.sequence import mixture_boundary, spending_boundaries

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Looks:
    """Counts at every look until the analysis, and the interval the plan gives each."""

    day: Days
    events1: Ints
    persons1: Ints
    events0: Ints
    persons0: Ints
    boundary: Floats
    low: Floats
    high: Floats
    allowed: Flags  # both arms above the floor, and a finite boundary

    def as_dict(self) -> dict[str, Any]:
        """JSON-able: one list per column, looks in order."""
        return {
            "day": [str(day) for day in self.day],
            **{name: getattr(self, name).tolist() for name in _NUMBERS},
            "boundary": [float(b) if np.isfinite(b) else None for b in self.boundary],
            "allowed": self.allowed.tolist(),
        }

    @property
    def concluded(self) -> int | None:
        """Index of the first allowed look whose interval leaves zero out."""
        out = np.flatnonzero(self.allowed & ((self.low > 0) | (self.high < 0)))
        return int(out[0]) if len(out) else None


_NUMBERS = ("events1", "persons1", "events0", "persons0", "low", "high")


def look_days(plan: Programme, *, first_draw: date, until: date) -> Days:
    """Return the mornings of the looks so far; the plan's last day is one of them.

    Raises InputError when the plan allows no look on `until`: before its first look, between looks
    fixed beforehand, or before the end where there is but one.
    """
    looks = plan.looks
    step = looks.last_day if looks.method is SequenceMethod.NONE else looks.every_days
    offsets = [*range(step, looks.last_day, step), looks.last_day]
    days = [first_draw + timedelta(days=offset) for offset in offsets]
    past = [day for day in days if day <= until]
    coming = [day for day in days if day > until]
    if not past:
        raise InputError(
            f"{plan.code}: expected an analysis from {days[0]} on, when the plan allows the first "
            f"look, got {until}"
        )
    fixed = looks.method is SequenceMethod.ALPHA_SPENDING
    if fixed and past[-1] != until and coming:
        raise InputError(
            f"{plan.code}: expected one of the looks fixed beforehand, the last on {past[-1]} and "
            f"the next on {coming[0]}, got {until}"
        )
    anytime = looks.method is SequenceMethod.CONFIDENCE_SEQUENCE
    made = [*past, until] if anytime and past[-1] != until else past
    return np.array(made, dtype="datetime64[D]")


def follow(plan: Programme, *, days: Days, outcome: Floats, arm: Flags, due_on: Days) -> Looks:
    """Return the looks of an outcome: at each, the persons due by then whose outcome is known.

    Persons enter in the order their outcome is due, whatever it is, so that ruptures do not enter
    before the contracts that hold.
    """
    known = np.isfinite(outcome)
    counts = {
        f"{name}{number}": _count(rows & known, weights, due_on, days)
        for number, rows in ((1, arm), (0, ~arm))
        for name, weights in (("events", np.nan_to_num(outcome)), ("persons", np.ones(len(arm))))
    }
    persons1, persons0 = counts["persons1"], counts["persons0"]
    boundary = boundaries(plan, persons1 + persons0)
    allowed = np.minimum(persons1, persons0) >= plan.floors.per_arm
    low, high = interval(
        counts["events1"], persons1, counts["events0"], persons0, boundary=boundary
    )
    return Looks(
        days,
        **counts,
        boundary=boundary,
        low=low,
        high=high,
        allowed=allowed & np.isfinite(boundary),
    )


def boundaries(plan: Programme, persons: Ints) -> Floats:
    """Return the boundary of each look, in standard errors, given the persons due at each."""
    alpha = 1 - plan.analysis.level
    if plan.looks.method is SequenceMethod.CONFIDENCE_SEQUENCE:
        tuned = plan.looks.tuned_persons or plan.arms.total
        return mixture_boundary(persons, alpha=alpha, tuned=tuned)
    share = np.minimum(persons / plan.arms.total, 1.0)
    if plan.looks.method is SequenceMethod.ALPHA_SPENDING:
        return spending_boundaries(np.maximum.accumulate(share), alpha=alpha)
    return np.full(len(persons), spending_boundaries([1.0], alpha=alpha)[0])


def interval(
    events1: Ints, persons1: Ints, events0: Ints, persons0: Ints, *, boundary: Floats
) -> tuple[Floats, Floats]:
    """Return Newcombe's interval with the boundary in place of 1.96; the whole line for nobody."""
    from scipy import stats

    some = (persons1 > 0) & (persons0 > 0) & np.isfinite(boundary)
    n1, n0 = np.maximum(persons1, 1), np.maximum(persons0, 1)
    alpha = np.where(some, 2 * stats.norm.sf(boundary), 0.5)
    low, high = newcombe(events1, n1, events0, n0, alpha=alpha)
    return np.where(some, low, -1.0), np.where(some, high, 1.0)


def _count(rows: Flags, weights: Floats, due_on: Days, days: Days) -> Ints:
    """Sum of weights of the rows due on or before each day."""
    order = np.argsort(due_on[rows], kind="stable")
    total = np.concatenate([[0.0], weights[rows][order].cumsum()])
    found: Ints = total[np.searchsorted(due_on[rows][order], days, side="right")].astype(np.int64)
    return found


def as_days(dates: pd.Series) -> Days:
    """Return dates as NumPy days; NaT stays."""
    return dates.to_numpy("datetime64[D]")
