"""Snapshot -> matrix -> bundle -> assessments. The single case is a batch of one."""

from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pandas as pd

from features.catalogue import Catalogue
from features.families import CATALOGUE
from features.matrix import build_matrix
from features.snapshot import Index
from models.bundle import Bundle
from models.reasons import ReasonWriter
from models.reliability import lookup
from models.sufficiency import why_not_assessed

CHUNK = 20_000
CONTRIBUTION = "contribution_"


def assess(
    index: Index,
    cases: pd.DataFrame,
    bundle: Bundle,
    *,
    catalogue: Catalogue = CATALOGUE,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """One assessment per case, in the order of `cases`.

    Columns: contract_id, as_of, status (`assessed` or `not_assessed`), why_not (French), risk,
    level, base_rate, base_value, similar_cases, similar_ruptures, similar_low, similar_high,
    reasons (list of dicts, heaviest first), one contribution per input, model_version,
    label_version, catalogue_hash. What is not assessed has no risk, no level and no reason:
    missing, never 0. `base_value` + contributions = log-odds of `risk`.
    """
    writer = ReasonWriter(catalogue)
    parts = []
    for start in range(0, len(cases), CHUNK):
        part = cases.iloc[start : start + CHUNK]
        parts.append(_assess_part(index, part, bundle, catalogue, writer))
        if progress is not None:
            progress(len(part))
    assessments = pd.concat(parts, ignore_index=True)
    return assessments.assign(
        model_version=bundle.version,
        label_version=bundle.label_version,
        catalogue_hash=bundle.catalogue_hash,
    )


def _assess_part(
    index: Index, cases: pd.DataFrame, bundle: Bundle, catalogue: Catalogue, writer: ReasonWriter
) -> pd.DataFrame:
    matrix = build_matrix(index, cases, catalogue=catalogue)
    why_not = why_not_assessed(matrix)
    rows = np.flatnonzero(why_not.isna().to_numpy())
    assessed = _explained(matrix.iloc[rows], bundle, writer)
    assessments = assessed.set_axis(rows).reindex(range(len(cases)))
    head = cases.reset_index(drop=True).assign(
        status=np.where(why_not.isna(), "assessed", "not_assessed"), why_not=why_not.to_numpy()
    )
    return pd.concat([head, assessments], axis=1)


def _explained(matrix: pd.DataFrame, bundle: Bundle, writer: ReasonWriter) -> pd.DataFrame:
    columns = list(bundle.columns)
    explanation = bundle.explainer.explain(matrix[columns].to_numpy())
    similar = lookup(bundle.reliability, explanation.risk)
    reasons = writer.write(matrix, explanation.contributions)
    summary = pd.DataFrame(
        {
            "risk": explanation.risk,
            "level": pd.Series(bundle.level_of(explanation.risk), dtype="str"),
            "base_rate": bundle.base_rate,
            "base_value": explanation.base,
            "similar_cases": similar["cases"].to_numpy("float64"),
            "similar_ruptures": similar["ruptures"].to_numpy("float64"),
            "similar_low": similar["rate_low"].to_numpy(),
            "similar_high": similar["rate_high"].to_numpy(),
            "reasons": [[asdict(reason) for reason in row] for row in reasons],
        }
    )
    contributions = pd.DataFrame(
        explanation.contributions, columns=[f"{CONTRIBUTION}{name}" for name in columns]
    )
    return pd.concat([summary, contributions], axis=1)
