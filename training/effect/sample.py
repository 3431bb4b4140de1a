"""One outcome of a trial, and everything a report says of it at one look."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from training.effect.covariates import Matrix
from training.effect.estimators import bounds, proportions, stratified
from training.effect.estimators.estimate import Estimate, Flags, Floats, Ints
from training.effect.estimators.means import mean_difference
from training.effect.estimators.power import TARGET, detectable, power
from training.effect.estimators.standardisation import standardised


@dataclass(frozen=True)
class Sample:
    """Persons whose outcome is due: outcome (NaN is unknown), arm, stratum codes, covariates."""

    outcome: Floats
    arm: Flags
    stratum: Ints
    strata: tuple[str, ...]
    covariates: Matrix
    clusters: Ints | None = None

    @property
    def binary(self) -> bool:
        """Whether every known outcome is 0 or 1."""
        return bool(np.isin(self.outcome[np.isfinite(self.outcome)], (0.0, 1.0)).all())

    def of(self, rows: npt.NDArray[Any]) -> "Sample":
        """Return these persons only."""
        matrix = self.covariates._replace(numbers=self.covariates.numbers[rows])
        clusters = None if self.clusters is None else self.clusters[rows]
        return Sample(
            self.outcome[rows], self.arm[rows], self.stratum[rows], self.strata, matrix, clusters
        )


def describe(sample: Sample, *, level: float, shown_from: int = 1) -> dict[str, Any]:
    """Return counts, effect, adjusted and stratified effects, bounds and reach, JSON-able parts.

    Strata of fewer than `shown_from` persons are pooled but not shown one by one.
    """
    common: dict[str, Any] = {
        "kind": "binary" if sample.binary else "number",
        "answered": _answered(sample),
        "adjusted": standardised(
            sample.outcome,
            sample.arm,
            sample.covariates.numbers,
            level=level,
            clusters=sample.clusters,
        ),
        "adjusted_for": list(sample.covariates.names),
    }
    if sample.binary:
        return {**common, **_binary(sample, level, shown_from)}
    return {**common, "difference": mean_difference(sample.outcome, sample.arm, level=level)}


def _answered(sample: Sample) -> dict[str, int]:
    known = np.isfinite(sample.outcome)
    return {
        "due1": int(sample.arm.sum()),
        "due0": int((~sample.arm).sum()),
        "known1": int((known & sample.arm).sum()),
        "known0": int((known & ~sample.arm).sum()),
    }


def _binary(sample: Sample, level: float, shown_from: int) -> dict[str, Any]:
    counts = proportions.Counts.of(sample.outcome, sample.arm)
    strata = stratified.tabulate(sample.outcome, sample.arm, sample.stratum)
    return {
        "rate1": proportions.rate(counts.events1, counts.persons1, level=level),
        "rate0": proportions.rate(counts.events0, counts.persons0, level=level),
        "difference": proportions.difference(counts, level=level),
        "risk_ratio": proportions.risk_ratio(counts, level=level),
        "odds_ratio": proportions.odds_ratio(counts, level=level),
        "stratified": stratified.mantel_haenszel_difference(strata, level=level),
        "inverse_variance": stratified.inverse_variance_difference(strata, level=level),
        "stratified_ratios": stratified.mantel_haenszel_ratios(strata, level=level),
        "by_stratum": _by_stratum(sample, level, shown_from),
        "attrition": attrition(sample, level=level),
        "extreme_cases": bounds.extreme_cases(sample.outcome, sample.arm, level=level),
        "lee": bounds.lee_bounds(sample.outcome, sample.arm, level=level),
        "reach": reach(counts, alpha=1 - level),
    }


def attrition(sample: Sample, *, level: float) -> Estimate:
    """Return the difference in the share of unknown outcomes, supported minus comparison."""
    missing = (~np.isfinite(sample.outcome)).astype(np.float64)
    return proportions.difference(proportions.Counts.of(missing, sample.arm), level=level)


def reach(counts: proportions.Counts, *, alpha: float) -> dict[str, Any]:
    """Return the smallest fall and rise seen with 80 % power at these sizes and this rate.

    The observed rate of the comparison arm stands for the true one: it is an order of size.
    """
    if counts.empty:
        return {}
    base = (counts.events0 + 0.5) / (counts.persons0 + 1)
    fall, rise = detectable(base, persons1=counts.persons1, persons0=counts.persons0, alpha=alpha)
    return {"rate0": base, "fall": -fall, "rise": rise, "power": TARGET}


def power_table(
    rate0: float, *, sizes: tuple[int, ...], falls: tuple[float, ...], alpha: float
) -> list[dict[str, Any]]:
    """Return, for each size per arm, what it detects and its power for each fall."""
    return [
        {
            "per_arm": size,
            "fall": -detectable(rate0, persons1=size, persons0=size, alpha=alpha)[0],
            "power": {
                f"{fall:g}": power(rate0, -fall, persons1=size, persons0=size, alpha=alpha)
                for fall in falls
                if fall < rate0
            },
        }
        for size in sizes
    ]


def _by_stratum(sample: Sample, level: float, shown_from: int) -> list[dict[str, Any]]:
    rows = []
    for code, name in enumerate(sample.strata):
        inside = sample.stratum == code
        if inside.sum() < shown_from:
            continue
        counts = proportions.Counts.of(sample.outcome[inside], sample.arm[inside])
        rows.append(
            {
                "stratum": name,
                "events1": counts.events1,
                "persons1": counts.persons1,
                "events0": counts.events0,
                "persons0": counts.persons0,
                "difference": proportions.difference(counts, level=level),
            }
        )
    return rows
