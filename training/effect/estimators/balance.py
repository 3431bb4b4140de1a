"""How alike the arms were at the draw: standardised differences of what was known of them."""

import numpy as np
import pandas as pd

from training.effect.estimators.estimate import Flags

WORTH_A_LOOK = 0.25  # Rubin (2001); with 75 per arm one in eight is beyond by chance alone


def standardised_differences(facts: pd.DataFrame, arm: Flags) -> pd.DataFrame:
    """Return one row per number and per category: columns fact, category, mean1, mean0, difference.

    Differences are in pooled standard deviations; those of categories are of their shares, missing
    being a category of its own. No test: under a draw every difference is chance. Source: Austin
    (2009), Balance diagnostics for comparing the distribution of baseline covariates.
    """
    rows = [
        {"fact": name, "category": category, **_difference(values, arm)}
        for name in facts
        for category, values in _numbers(facts[name])
    ]
    return pd.DataFrame(rows, columns=["fact", "category", "mean1", "mean0", "difference"])


def _numbers(column: pd.Series) -> list[tuple[str, pd.Series]]:
    """The column itself when it holds numbers, else a share per category."""
    missing = column.isna()
    unknown = [("?", missing.astype("float64"))] if missing.any() else []
    if pd.api.types.is_numeric_dtype(column):
        return [("", column.astype("float64")), *unknown]
    words = column.astype("str")
    return [
        (category, (words == category).astype("float64"))
        for category in sorted(words[~missing].unique())
    ] + unknown


def _difference(values: pd.Series, arm: Flags) -> dict[str, float]:
    one, zero = values[arm].dropna(), values[~arm].dropna()
    if one.empty or zero.empty:
        return {"mean1": np.nan, "mean0": np.nan, "difference": np.nan}
    spread = float(np.sqrt((one.var(ddof=0) + zero.var(ddof=0)) / 2))
    gap = float(one.mean() - zero.mean())
    return {
        "mean1": float(one.mean()),
        "mean0": float(zero.mean()),
        "difference": gap / spread if spread > 0 else (0.0 if gap == 0 else np.nan),
    }
