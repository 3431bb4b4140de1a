"""How good risks are: one set of weighted metrics for the point value and for every draw.

Cases are sorted once by falling risk; each reweighting (a bootstrap draw, repeated cases, expected
labels) then costs sums only. What is undefined, such as the ROC-AUC of one class, is NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.calibration import EPSILON, log_odds, recalibrate
from models.checks import (
    ArgumentError,
    Floats,
    Integers,
    check_numbers,
    check_risks,
    check_scores,
    check_share,
)

# The value of each metric for a perfect model. `rate` and `mean_risk` describe and do not judge.
IDEAL = {
    "brier": 0.0,
    "brier_skill": 1.0,
    "log_loss": 0.0,
    "roc_auc": 1.0,
    "pr_auc": 1.0,
    "precision_at_capacity": 1.0,
    "recall_at_capacity": 1.0,
    "calibration_slope": 1.0,
    "calibration_intercept": 0.0,
    "calibration_ratio": 1.0,
    "calibration_difference": 0.0,
}
METRICS = ("rate", "mean_risk", *IDEAL)


@dataclass(frozen=True)
class Curve:
    """Cumulated weight of ruptures and of other cases, down to each distinct risk."""

    ruptures: Floats
    others: Floats

    @property
    def roc_auc(self) -> float:
        """Probability that a rupture is scored above another case, ties for one half."""
        before = np.concatenate([[0.0], self.ruptures[:-1]])
        area = np.diff(self.others, prepend=0.0) @ (self.ruptures + before) / 2.0
        return ratio(float(area), self._last(self.ruptures) * self._last(self.others))

    @property
    def pr_auc(self) -> float:
        """Average precision: precision at each distinct risk, weighted by the recall it adds."""
        cases = np.maximum(self.ruptures + self.others, np.finfo(np.float64).tiny)
        hits = np.diff(self.ruptures, prepend=0.0) @ (self.ruptures / cases)
        return ratio(float(hits), self._last(self.ruptures))

    def at_capacity(self, share: float) -> tuple[float, float]:
        """Precision and recall of the top `share` of the cases.

        Linear between two distinct risks, which is the mean over every order of the tied cases.
        """
        cases = np.concatenate([[0.0], self.ruptures + self.others])
        capacity = share * float(cases[-1])
        hits = float(np.interp(capacity, cases, np.concatenate([[0.0], self.ruptures])))
        return ratio(hits, capacity), ratio(hits, self._last(self.ruptures))

    @staticmethod
    def _last(cumulated: Floats) -> float:
        return float(cumulated[-1]) if len(cumulated) else 0.0


@dataclass(frozen=True)
class RankedCases:
    """Cases by falling risk, with what each adds to the sums; `order` leads back to the rows."""

    y: Floats
    p: Floats
    base: Floats
    order: Integers
    last_of_tie: Integers
    losses: Floats
    log_odds: Floats

    @classmethod
    def of(cls, y: ArrayLike, p: ArrayLike, *, base: ArrayLike) -> "RankedCases":
        """Check and sort cases; `base` is a reference rate or one reference risk per case."""
        labels, risks = check_scores(y, p)
        order = np.argsort(-risks, kind="stable")
        labels, reference = labels[order], check_reference(base, length=len(risks))[order]
        risks = risks[order]
        last_of_tie = np.flatnonzero(np.diff(risks, append=-1.0))
        losses = _log_losses(labels, risks)
        return cls(labels, risks, reference, order, last_of_tie, losses, log_odds(risks))

    def curve(self, weights: Floats) -> Curve:
        """Cumulated weights down to each distinct risk; `weights` in the order of the ranking."""
        ruptures = np.cumsum(weights * self.y)[self.last_of_tie]
        return Curve(ruptures, np.cumsum(weights)[self.last_of_tie] - ruptures)

    def measure(self, weights: Floats, *, capacity: float) -> dict[str, float]:
        """Every metric in `METRICS`, each case counted `weights` times (in ranking order)."""
        total = float(weights.sum())
        rate, risk = ratio(weights @ self.y, total), ratio(weights @ self.p, total)
        error = ratio(weights @ (self.p - self.y) ** 2, total)
        reference = ratio(weights @ (self.base - self.y) ** 2, total)
        curve = self.curve(weights)
        precision, recall = curve.at_capacity(capacity)
        slope, intercept = recalibrate(self.log_odds, self.y, weights)
        return {
            "rate": rate,
            "mean_risk": risk,
            "brier": error,
            "brier_skill": 1.0 - ratio(error, reference),
            "log_loss": ratio(weights @ self.losses, total),
            "roc_auc": curve.roc_auc,
            "pr_auc": curve.pr_auc,
            "precision_at_capacity": precision,
            "recall_at_capacity": recall,
            "calibration_slope": slope,
            "calibration_intercept": intercept,
            "calibration_ratio": ratio(rate, risk),
            "calibration_difference": rate - risk,
        }


def evaluate(
    y: ArrayLike,
    p: ArrayLike,
    *,
    base: ArrayLike,
    capacity: float,
    weights: ArrayLike | None = None,
) -> dict[str, float]:
    """Return every metric of `METRICS`, NaN where undefined.

    `y` holds labels (0 or 1) and `p` risks (0 to 1), shape (n_cases,). `base` is what the skill is
    measured against: a rate, or one reference risk per case, of a model that knew no more than this
    one did; a rate computed on the judged cases themselves flatters the reference. `capacity` is
    the share of the cases an advisor can follow up. `weights` count each case as so many cases.

    Raises `ArgumentError` for labels, risks or lengths that do not fit.
    """
    cases = RankedCases.of(y, p, base=base)
    counts = _weights(weights, len(cases.y))[cases.order]
    return cases.measure(counts, capacity=check_share(capacity, name="capacity"))


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Mean squared distance of risk and label (Brier 1950); 0 is perfect."""
    labels, risks = check_scores(y, p)
    return ratio(float(np.sum((risks - labels) ** 2)), len(labels))


def brier_skill(y: ArrayLike, p: ArrayLike, base: ArrayLike) -> float:
    """Share of the Brier score of `base` (a rate or risks) that `p` removes; 0 is no better."""
    labels, _ = check_scores(y, p)
    return 1.0 - ratio(brier(y, p), brier(y, check_reference(base, length=len(labels))))


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Mean negative log-likelihood in nats; a sure and wrong risk costs 36, not infinity."""
    return ratio(float(np.sum(losses := log_losses(y, p))), len(losses))


def log_losses(y: ArrayLike, p: ArrayLike) -> Floats:
    """Log loss of each case, shape (n_cases,), to compare two models case by case."""
    return _log_losses(*check_scores(y, p))


def roc_auc(y: ArrayLike, p: ArrayLike) -> float:
    """Probability that a rupture is scored above another case, ties for one half."""
    return _curve(y, p).roc_auc


def pr_auc(y: ArrayLike, p: ArrayLike) -> float:
    """Average precision; the rate of ruptures is what a random order reaches."""
    return _curve(y, p).pr_auc


def precision_at_capacity(y: ArrayLike, p: ArrayLike, share: float) -> float:
    """Share of ruptures among the top `share` of the cases, the mean over every order of ties.

    `share` of the cases need not be a whole number: the last case then counts for its fraction.
    """
    return _curve(y, p).at_capacity(check_share(share, name="share"))[0]


def recall_at_capacity(y: ArrayLike, p: ArrayLike, share: float) -> float:
    """Share of all ruptures found in the top `share` of the cases, the mean over ties."""
    return _curve(y, p).at_capacity(check_share(share, name="share"))[1]


def ratio(numerator: "float | Floats", denominator: float) -> float:
    """Quotient, NaN where the denominator is not above 0."""
    return float(numerator / denominator) if denominator > 0.0 else float("nan")


def _log_losses(y: Floats, p: Floats) -> Floats:
    held = np.clip(p, EPSILON, 1.0 - EPSILON)
    return -np.log(np.where(y == 1.0, held, 1.0 - held))


def _curve(y: ArrayLike, p: ArrayLike) -> Curve:
    cases = RankedCases.of(y, p, base=0.0)
    return cases.curve(np.ones(len(cases.y)))


def check_reference(base: ArrayLike, *, length: int) -> Floats:
    """Return one reference risk per case, of a rate or of risks."""
    if np.ndim(base) == 0:
        return np.full(length, check_risks(np.atleast_1d(base), name="base")[0])
    return check_risks(base, name="base", length=length)


def _weights(weights: ArrayLike | None, length: int) -> Floats:
    if weights is None:
        return np.ones(length)
    counts = check_numbers(weights, name="weights", length=length)
    if not (counts >= 0.0).all():
        raise ArgumentError("weights: expected numbers of at least 0, got one below or missing")
    return counts
