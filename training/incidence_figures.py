"""How the yearly curve did in the backtest: calibration at each horizon, integrated Brier score."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.intervals import bootstrap_ratio, paired_difference
from models.reliability import Z_95
from training.incidence import Judged

Array = npt.NDArray[np.float64]
Facts = dict[str, Any]
JUDGED_DAYS = (30, 90, 180, 365)


def incidence_figures(judged: Judged, *, seed: int, draws: int) -> Facts:
    """Return the figures at each of JUDGED_DAYS, and the integrated Brier score, JSON-able.

    `days` maps a number of days to cases, ruptures, observed and expected share, their ratio as
    {value, low, high}, and the Brier scores of the curve and of the cohort by age; nothing is
    undefined but the ratio without a rupture (null). Each uses the cases that matured so far.
    """
    at = {day: judged.days.index(day) for day in JUDGED_DAYS}
    return {
        "days": {str(d): _at(judged, c, seed=seed, draws=draws) for d, c in at.items()},
        "integrated_brier": integrated_brier(judged),
    }


def integrated_brier(judged: Judged) -> Facts | None:
    """Return the Brier score averaged over the days up to the last that any case matured for.

    On the cases that matured so far: `until_days`, `cases`, `value` of the curve, `cohort` of the
    Aalen-Johansen by contract age, and `gain`, the difference as {value, low, high} by person.
    Maturity depends on the morning alone, so no weights are needed. None when nothing matured.

    Source: Graf, Schmoor, Sauerbrei and Schumacher (1999), Assessment and comparison of prognostic
    classification schemes for survival data.
    """
    matured = ~np.isnan(judged.followed)
    last = np.flatnonzero(matured.any(axis=0))
    if not last.size:
        return None
    rows, columns = matured[:, last[-1]], slice(0, int(last[-1]) + 1)
    truth, days = judged.followed[rows, columns], np.array(judged.days[columns], dtype="float64")
    curve, cohort = (
        _mean_over(days, (predicted[rows, columns] - truth) ** 2)
        for predicted in (judged.predicted, judged.cohort)
    )
    gain = paired_difference(cohort, curve, judged.persons[rows])
    half = Z_95 * gain.standard_error
    return {
        "until_days": int(days[-1]),
        "cases": int(rows.sum()),
        "value": float(curve.mean()),
        "cohort": float(cohort.mean()),
        "gain": _clean(gain.mean, gain.mean - half, gain.mean + half),
    }


def _mean_over(days: Array, errors: Array) -> Array:
    """Trapezoids from day 0, where nothing has happened yet and nothing was predicted."""
    at = np.concatenate([[0.0], days])
    padded = np.concatenate([np.zeros((len(errors), 1)), errors], axis=1)
    return np.asarray(np.trapezoid(padded, at, axis=1) / at[-1])


def _at(judged: Judged, column: int, *, seed: int, draws: int) -> Facts:
    truth = judged.followed[:, column]
    rows = ~np.isnan(truth)
    if not rows.any():
        return {"cases": 0, "ruptures": 0}
    truth, predicted, cohort = (
        truth[rows],
        judged.predicted[rows, column],
        judged.cohort[rows, column],
    )
    ratio = bootstrap_ratio(truth, predicted, persons=judged.persons[rows], seed=seed, draws=draws)
    return {
        "cases": int(rows.sum()),
        "ruptures": int(truth.sum()),
        "observed": float(truth.mean()),
        "expected": float(predicted.mean()),
        "ratio": _clean(*(ratio if truth.any() else (np.nan,) * 3)),
        "brier": float(((predicted - truth) ** 2).mean()),
        "brier_cohort": float(((cohort - truth) ** 2).mean()),
    }


def _clean(*values: float) -> Facts:
    return {
        name: float(value) if np.isfinite(value) else None
        for name, value in zip(("value", "low", "high"), values, strict=True)
    }
