"""What became of cases scored alike, as a smooth curve: the rate at each risk, with a band.

"The risk is 23 % (19 to 28)" is a point of it: the number is the model's, the band is the curve's.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from models.checks import (
    ArgumentError,
    Floats,
    Integers,
    check_risks,
    check_scores,
    person_codes,
)
from models.numbers import Rows, table_from_rows, table_to_rows
from models.reliability import Z_95

COLUMNS = ("risk", "rate", "low", "high", "cases", "ruptures")
COUNTS = ("cases", "ruptures")
POINTS = 101
NEIGHBOURS, FEWEST_NEIGHBOURS = 1 / 40, 100
KNOTS = (0.05, 0.35, 0.65, 0.95)  # quantiles of the log-odds (Harrell, 2015)
PRIOR, BETWEEN = 0.25, 0.1  # of the log-odds: of each function of the curve, between mornings
STEPS = 30
SMALLEST = 1e-6  # a risk of 0 or 1 has no log-odds


def calibration_curve(
    y: ArrayLike,
    p: ArrayLike,
    *,
    persons: ArrayLike | None = None,
    mornings: ArrayLike | None = None,
) -> pd.DataFrame:
    """Return the rate that followed each risk, with the 95 % band of a morning to come.

    Labels and risks have shape (n,) and must come from cases the model had not seen. The curve is a
    natural cubic spline in log-odds, drawn to the risks themselves by a prior worth some sixteen
    ruptures, so that few cases move it little. Its variance is clustered by `persons`, and that of
    the level between `mornings` is added to it, without which the band speaks of the mornings that
    were judged and of no other. Rows are points from the lowest risk to the highest: `risk`,
    `rate`, `low`, `high`, and the `cases` and `ruptures` among the nearest in rank.

    Source: Harrell (2015), Regression modeling strategies; DerSimonian and Laird (1986),
    Meta-analysis in clinical trials.
    """
    labels, risks = check_scores(y, p)
    if not len(labels):
        raise ArgumentError("y: expected at least one case, got none")
    margins = _log_odds(risks)
    groups = (
        np.arange(len(labels)) if persons is None else person_codes(persons, length=len(labels))[0]
    )
    grid = np.quantile(margins, np.linspace(0.0, 1.0, POINTS))
    shift, variance = _spline(labels, margins, groups, grid)
    variance = variance + _between(labels, margins, groups, mornings)
    centre, half = grid + shift, Z_95 * np.sqrt(variance)
    cases, ruptures = _neighbours(labels, margins, grid)
    columns = (expit(grid), expit(centre), expit(centre - half), expit(centre + half))
    return pd.DataFrame(dict(zip(COLUMNS, (*columns, cases, ruptures), strict=True)))


def band_at(curve: pd.DataFrame, risk: ArrayLike) -> tuple[Floats, Floats]:
    """Return the ends of the band at each risk (n,), between the points of the curve.

    A risk beyond those the curve was made of takes the band of the last point. Raises ArgumentError
    for a missing risk: a case that was not scored has no like cases.
    """
    risks = check_risks(risk, name="risk")
    points = curve["risk"].to_numpy()
    low, high = (np.interp(risks, points, curve[end].to_numpy()) for end in ("low", "high"))
    return low, high


def nearest_point(curve: pd.DataFrame, risk: ArrayLike) -> npt.NDArray[np.intp]:
    """Return the position of the point of the curve nearest to each risk (n,)."""
    points = curve["risk"].to_numpy()
    return np.searchsorted((points[1:] + points[:-1]) / 2.0, check_risks(risk, name="risk"))


def of_bins(table: pd.DataFrame) -> pd.DataFrame:
    """Return the curve through the bins of a reliability table, which older bundles hold alone."""
    names = {"mean_risk": "risk", "rate_low": "low", "rate_high": "high"}
    return table.drop(columns=["low", "high"]).rename(columns=names)[list(COLUMNS)]


def to_rows(curve: pd.DataFrame) -> Rows:
    """Return the curve as JSON-able rows; `from_rows` reads them back to the last bit."""
    return table_to_rows(curve[list(COLUMNS)], whole=COUNTS)


def from_rows(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the curve that `to_rows` wrote. Raises ArgumentError for rows of other keys."""
    return table_from_rows(rows, columns=COLUMNS, whole=COUNTS)


def _log_odds(risks: Floats) -> Floats:
    return np.asarray(logit(np.clip(risks, SMALLEST, 1.0 - SMALLEST)))


def _spline(y: Floats, margins: Floats, persons: Integers, grid: Floats) -> tuple[Floats, Floats]:
    """Return what to add to the log-odds at the points of `grid`, and its variance.

    Each function of the basis has a standard deviation of 1 over the cases and a weight drawn to 0
    by a normal prior; the variance is the sandwich whose middle holds the prior too.
    """
    basis = _Basis.of(margins)
    columns, prior = basis.at(margins), np.eye(basis.size) / PRIOR**2
    weights = np.zeros(basis.size)
    for _ in range(STEPS):
        risk = expit(margins + columns @ weights)
        information = (columns * (risk * (1.0 - risk))[:, None]).T @ columns + prior
        step = np.linalg.solve(information, columns.T @ (y - risk) - prior @ weights)
        weights += step
        if np.abs(step).max() < SMALLEST:
            break
    residual = columns * (y - risk)[:, None]
    scores = np.stack([np.bincount(persons, weights=score) for score in residual.T], axis=1)
    bread = np.linalg.inv(information)
    covariance = bread @ (scores.T @ scores + prior) @ bread
    at = basis.at(grid)
    return at @ weights, np.einsum("ij,jk,ik->i", at, covariance, at)


class _Basis(NamedTuple):
    """An intercept, the log-odds and two natural cubic splines, each but the first standardised."""

    knots: Floats
    mixing: Floats

    @classmethod
    def of(cls, margins: Floats) -> "_Basis":
        """Knots at quantiles of the log-odds; functions are made orthogonal over the cases."""
        knots = np.quantile(margins, KNOTS)
        raw = _functions(margins, knots)
        _, triangle = np.linalg.qr(raw)
        diagonal = np.abs(np.diag(triangle))
        varies = diagonal > SMALLEST * max(diagonal.max(), 1.0)
        mixing = np.linalg.pinv(triangle[np.ix_(varies, varies)]) * np.sqrt(len(margins))
        return cls(knots, np.eye(len(varies))[:, varies] @ mixing)

    @property
    def size(self) -> int:
        """How many functions vary over the cases."""
        return len(self.mixing.T)

    def at(self, margins: Floats) -> Floats:
        """Return the functions at log-odds (n,), shape (n, size)."""
        return np.asarray(_functions(margins, self.knots) @ self.mixing)


def _functions(margins: Floats, knots: Floats) -> Floats:
    """Return the natural cubic splines before they are made orthogonal, (n, 2 + knots - 2)."""
    last = _cubic(margins, knots[-2], knots[-1])
    bent = [_cubic(margins, knot, knots[-1]) - last for knot in knots[:-2]]
    return np.column_stack([np.ones(len(margins)), margins, *bent])


def _cubic(margins: Floats, knot: float, end: float) -> Floats:
    above, beyond = np.maximum(margins - knot, 0.0), np.maximum(margins - end, 0.0)
    return np.asarray((above**3 - beyond**3) / max(end - knot, SMALLEST))


def _between(y: Floats, margins: Floats, persons: Integers, mornings: ArrayLike | None) -> float:
    """Return the variance of the level between mornings beyond what chance gives.

    It is the moment estimator of random effects and BETWEEN**2 at least: few mornings cannot show
    how far the next may lie.
    """
    if mornings is None:
        return 0.0
    codes, days = person_codes(mornings, length=len(y))
    parts = [_shift(y[codes == d], margins[codes == d], persons[codes == d]) for d in range(days)]
    shifts, variances = np.array(parts).T
    weights = 1.0 / variances
    spread = weights @ (shifts - weights @ shifts / weights.sum()) ** 2 - (days - 1)
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    return float(max(BETWEEN**2, spread / scale if days > 1 else 0.0))


def _shift(y: Floats, margins: Floats, persons: Integers) -> tuple[float, float]:
    """Return the log of observed over expected, and its variance clustered by person.

    Half a rupture is added to both, so that none at all still has a value.
    """
    residual = np.bincount(persons, weights=y - expit(margins))
    observed, expected = y.sum() + 0.5, expit(margins).sum() + 0.5
    return float(np.log(observed / expected)), float(((residual**2).sum() + 0.5) / expected**2)


def _neighbours(y: Floats, margins: Floats, grid: Floats) -> tuple[Integers, Integers]:
    """Return how many cases and ruptures are among the nearest in rank of each point."""
    order = np.argsort(margins, kind="stable")
    sums = np.concatenate([[0.0], y[order].cumsum()])
    size = min(len(y), max(FEWEST_NEIGHBOURS, int(len(y) * NEIGHBOURS)))
    at = np.searchsorted(margins[order], grid)
    first = np.clip(at - size // 2, 0, len(y) - size)
    ruptures = sums[first + size] - sums[first]
    return np.full(len(grid), size, dtype=np.int64), ruptures.astype(np.int64)
