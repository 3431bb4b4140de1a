"""Whether today's cases still look like those the model learnt from, and what to expect of it."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from models.checks import ArgumentError, Floats, Integers, check_risks
from models.metrics import evaluate

Profile: TypeAlias = dict[str, Any]
SMALLEST_SHARE = 1e-4  # keeps the logarithm of an empty bin finite


def profile(matrix: pd.DataFrame, *, bins: int = 10) -> Profile:
    """JSON-able reference of a matrix: per feature its bins, their shares and the missing share.

    Numbers are cut at their quantiles, a value that fills a whole quantile having a bin of its own,
    and have the `range` that was seen;
    codes are counted one by one. Missing values have no bin.
    """
    if matrix.empty:
        raise ArgumentError(f"matrix: expected rows and columns, got shape {matrix.shape}")
    return {
        "cases": len(matrix),
        "features": {str(name): _describe(column, bins=bins) for name, column in matrix.items()},
    }


def distance(reference: Profile, matrix: pd.DataFrame) -> pd.DataFrame:
    """How far each feature of `matrix` is from its reference profile, the farthest first.

    Index feature; columns psi, psi_noise, missing_reference, missing, missing_change. `psi` is the
    population stability index, the sum over bins of (share now - share then) x log of their
    quotient; by custom 0.1 is worth a look and 0.25 a retraining. A small batch moves by chance
    alone: `psi_noise` is what 95 of 100 batches of this size stay below when nothing has changed,
    cases being independent. A feature that is wholly missing has no index: NaN.

    Source: Siddiqi (2006), Credit risk scorecards; Yurdakul and Naranjo (2020), Statistical
    properties of the population stability index, for the noise.
    """
    features: dict[str, Profile] = reference["features"]
    if absent := [name for name in features if name not in matrix.columns]:
        raise ArgumentError(f"matrix: expected every feature of the profile, got no {absent[0]}")
    if matrix.empty:
        raise ArgumentError(f"matrix: expected rows and columns, got shape {matrix.shape}")
    rows = {name: _compare(entry, matrix[name]) for name, entry in features.items()}
    return pd.DataFrame.from_dict(rows, orient="index").sort_values(
        "psi", ascending=False, kind="stable"
    )


def expected_performance(p: ArrayLike) -> dict[str, float]:
    """Brier score and ROC-AUC to expect on cases whose labels are not known yet.

    Each case counts as a rupture with weight `p` and as none with weight 1 - `p`. That holds as
    long as risks are calibrated: it sees a change in who is scored, never a change in what leads
    to a rupture, which only labels show.

    Source: Białek, Kuberski, Perrakis and Bifet (2024), Estimating model performance under
    covariate shift without labels (confidence-based performance estimation).
    """
    risks = check_risks(p, name="p")
    figures = evaluate(
        np.repeat([1.0, 0.0], len(risks)),
        np.tile(risks, 2),
        base=0.0,
        capacity=1.0,
        weights=np.concatenate([risks, 1.0 - risks]),
    )
    return {name: figures[name] for name in ("mean_risk", "brier", "roc_auc")}


def _describe(column: "pd.Series[Any]", *, bins: int) -> Profile:
    known = column.dropna()
    entry: Profile = (
        {
            "edges": _edges(known.to_numpy(dtype=np.float64), bins=bins).tolist(),
            "range": [float(known.min()), float(known.max())] if len(known) else None,
        }
        if pd.api.types.is_numeric_dtype(column)
        else {"values": sorted(known.astype(str).unique())}
    )
    return entry | {
        "shares": _shares(entry, known).tolist(),
        "known": len(known),
        "missing": float(column.isna().mean()),
    }


def _edges(values: Floats, *, bins: int) -> Floats:
    """Inner quantiles; one that repeats is a value of great mass, and gets an edge on each side."""
    if not len(values):
        return np.array([])
    quantiles = np.quantile(values, np.arange(1, bins) / bins, method="lower")
    repeated = quantiles[1:][np.diff(quantiles) == 0.0]
    return np.unique(np.concatenate([quantiles, np.nextafter(repeated, -np.inf)]))


def _positions(entry: Profile, known: "pd.Series[Any]") -> Integers:
    """Bin of each value: numbers up to an edge, codes as listed, others in the last bin."""
    if "edges" in entry:
        return np.searchsorted(entry["edges"], known.to_numpy(dtype=np.float64), side="left")
    positions = pd.Index(entry["values"]).get_indexer(pd.Index(known.astype(str)))
    return np.where(positions < 0, len(entry["values"]), positions)


def _shares(entry: Profile, known: "pd.Series[Any]") -> Floats:
    """Share of the known values in each bin; zeros when there is none."""
    length = len(entry["edges"] if "edges" in entry else entry["values"]) + 1
    counts = np.bincount(_positions(entry, known), minlength=length)
    return counts / max(len(known), 1)


def _compare(entry: Profile, column: "pd.Series[Any]") -> dict[str, float]:
    known = column.dropna()
    missing = float(column.isna().mean())
    psi = noise = np.nan
    if len(known) and entry["known"]:
        psi = _psi(np.array(entry["shares"]), _shares(entry, known))
        filled = int(np.count_nonzero(entry["shares"]))
        noise = (1.0 / len(known) + 1.0 / entry["known"]) * float(
            chi2.ppf(0.95, max(filled - 1, 1))
        )
    return {
        "psi": psi,
        "psi_noise": noise,
        "missing_reference": entry["missing"],
        "missing": missing,
        "missing_change": missing - entry["missing"],
    }


def _psi(reference: Floats, actual: Floats) -> float:
    then, now = np.maximum(reference, SMALLEST_SHARE), np.maximum(actual, SMALLEST_SHARE)
    return float(np.sum((now - then) * np.log(now / then)))
