"""What became of cases that were scored alike, bin by bin: the reliability table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from models.checks import ArgumentError, Floats, Integers, check_scores, person_codes
from models.numbers import Rows, table_from_rows, table_to_rows

Z_95 = float(norm.ppf(0.975))
WHOLE = ("cases", "ruptures")
COLUMNS = ("low", "high", "mean_risk", "cases", "ruptures", "rate", "rate_low", "rate_high")


def reliability_table(
    y: ArrayLike,
    p: ArrayLike,
    *,
    persons: ArrayLike | None = None,
    bins: int = 10,
    minimum: int = 50,
) -> pd.DataFrame:
    """Bins of like risk with the rate that followed and its 95 % interval.

    Labels and risks have shape (n_cases,) and must come from cases the model had not seen. Bins are
    quantiles of the risk, merged until each holds `minimum` cases (with fewer cases than that in
    all, one bin). Row by row they cover [low, high), the last one its high end too, from 0 to 1.

    Intervals are Wilson's, with `persons` on the effective number of cases: n / (1 + (m - 1) icc),
    m the mean size of a case's cluster in the bin, icc the intra-person correlation pooled over
    the bins. Without `persons` cases count as independent, and repeated ones make it too narrow.

    Source: Wilson (1927), Probable inference; Kish (1965), Survey sampling, for the design effect.
    """
    labels, risks = check_scores(y, p)
    if not len(labels):
        raise ArgumentError("y: expected at least one case, got none")
    starts = _starts(risks, bins=bins, minimum=minimum)
    codes = np.searchsorted(starts[1:], risks, side="right")
    cases = np.bincount(codes)
    ruptures = np.bincount(codes, weights=labels)
    rate = ruptures / cases
    effect = 1.0 if persons is None else design_effect(labels, codes, persons)
    low, high = wilson(rate, cases / effect)
    columns = (
        starts,
        np.append(starts[1:], 1.0),
        np.bincount(codes, weights=risks) / cases,
        cases.astype(np.int64),
        ruptures.astype(np.int64),
        rate,
        low,
        high,
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def to_rows(table: pd.DataFrame) -> Rows:
    """Return the table as JSON-able rows; `from_rows` reads them back to the last bit."""
    return table_to_rows(table[list(COLUMNS)], whole=WHOLE)


def from_rows(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table that `to_rows` wrote. Raises ArgumentError for rows of other keys."""
    return table_from_rows(rows, columns=COLUMNS, whole=WHOLE)


def wilson(rate: Floats, cases: Floats) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of a rate observed on `cases` cases, which may be effective ones."""
    spread = Z_95**2 / cases
    centre = (rate + spread / 2.0) / (1.0 + spread)
    half = Z_95 * np.sqrt(rate * (1.0 - rate) / cases + spread / (4.0 * cases)) / (1.0 + spread)
    # The formula's ends are exact at a rate of 0 or 1; rounding alone would cross them.
    return np.minimum(np.maximum(centre - half, 0.0), rate), np.maximum(
        np.minimum(centre + half, 1.0), rate
    )


def design_effect(y: Floats, bins: Integers, persons: ArrayLike) -> Floats:
    """By how much clustering inflates the variance of each bin's rate, at least 1.

    The correlation of two cases of one person in one bin is pooled over the bins, because a bin
    of 50 cases tells too little of it; it is held between 0 and 1.
    """
    codes, count = person_codes(persons, length=len(y))
    rate = np.bincount(bins, weights=y) / np.bincount(bins)
    residual = y - rate[bins]
    cluster, members = np.unique(bins * count + codes, return_inverse=True)
    sizes = np.bincount(members)
    of_bin = cluster // count
    together = np.bincount(members, weights=residual) ** 2 - np.bincount(
        members, weights=residual**2
    )
    expected = (rate * (1.0 - rate))[of_bin] @ (sizes * (sizes - 1.0))
    correlation = np.clip(together.sum() / expected, 0.0, 1.0) if expected > 0.0 else 0.0
    mean_size = np.bincount(of_bin, weights=sizes**2.0) / np.bincount(of_bin, weights=sizes)
    effect: Floats = 1.0 + correlation * (mean_size - 1.0)
    return effect


def _starts(risks: Floats, *, bins: int, minimum: int) -> Floats:
    """Low ends of the bins: quantiles of the risk, dropped while a bin holds too few cases."""
    if bins < 1 or minimum < 1:
        raise ArgumentError(f"bins, minimum: expected at least 1, got {bins} and {minimum}")
    wanted = max(1, min(bins, len(risks) // minimum))
    ranked = np.sort(risks)
    quantiles = np.unique(ranked[np.arange(1, wanted) * len(ranked) // wanted])
    starts, begun = [0.0], 0
    for start, position in zip(quantiles, np.searchsorted(ranked, quantiles), strict=True):
        if position - begun >= minimum and len(ranked) - position >= minimum:
            starts.append(float(start))
            begun = position
    return np.array(starts)
