"""Snapshot -> matrix -> bundle -> assessments. The single case is a batch of one."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.catalogue.catalogue import Catalogue
from features.families import CATALOGUE
from features.matrix import build_matrix_values
from features.point_in_time.days import Days, days_of
from features.point_in_time.snapshot import Index
from models.bundle import Bundle
from models.curve import band_at, nearest_point
from models.incidence import Incidence, incidence_of
from models.reasons import Reason, ReasonWriter
from models.sufficiency import NotAssessed, why_not
from models.unusual import Unusual

CHUNK = 20_000
CONTRIBUTION, SIMILAR = "contribution_", "similar_"
SUMMARY = (
    "status",
    "why_not_code",
    "risk",
    "level",
    "base_rate",
    "base_value",
    "similar_cases",
    "similar_ruptures",
    "similar_low",
    "similar_high",
    "reasons",
)
CLOCK = ("elapsed_days", "remaining_days")
PROVENANCE = ("model_version", "label_version", "catalogue_hash")
ASSESSED, NOT_ASSESSED = "assessed", "not_assessed"


@dataclass(frozen=True)
class Similar:
    """Cases of the nearest risks, ruptures among them, and the 95 % band of the risk."""

    cases: int
    ruptures: int
    low: float
    high: float


@dataclass(frozen=True)
class Assessment:
    """What is said of one case on one morning.

    What is not assessed has no risk, no level and no reason: missing, never 0. `base_value` +
    `contributions` (one per input of the bundle) = log-odds of `risk`. `row_digest` is the SHA-256
    of the bytes of the matrix row: under the same bundle, the same digest is the same assessment.
    """

    contract_id: str
    as_of: date
    row_digest: str
    model_version: str
    label_version: str
    catalogue_hash: str
    why_not: NotAssessed | None = None
    why_not_detail: str | None = None  # completes some codes, as the wording files say
    risk: float | None = None
    level: str | None = None
    base_rate: float | None = None
    base_value: float | None = None
    similar: Similar | None = None
    reasons: list[Reason] = field(default_factory=list)
    contributions: npt.NDArray[np.float64] | None = None
    incidence: Incidence | None = None  # None also by a bundle of before there was one
    unusual: list[Unusual] = field(default_factory=list)

    @property
    def status(self) -> str:
        """`assessed` or `not_assessed`."""
        return NOT_ASSESSED if self.risk is None else ASSESSED


class Scorer:
    """A bundle made ready to assess: built once, used for any number of cases."""

    def __init__(self, bundle: Bundle, *, catalogue: Catalogue = CATALOGUE) -> None:
        self.bundle = bundle
        self.catalogue = catalogue
        self.writer = ReasonWriter(catalogue)
        self._inputs = np.array([catalogue.positions[name] for name in bundle.columns])
        self._counts = bundle.curve[["cases", "ruptures"]].to_numpy()

    def assess(
        self, index: Index, *, contract_ids: Sequence[str], as_of: Sequence[date]
    ) -> list[Assessment]:
        """Return one assessment per case; see `assess_cases`."""
        values = build_matrix_values(
            index, contract_ids=contract_ids, as_of=days_of(as_of), catalogue=self.catalogue
        )
        codes = why_not(values, positions=self.catalogue.positions)
        rows = [row for row, code in enumerate(codes) if code is None]
        scores = self._scores(values[rows], [as_of[row] for row in rows])
        by_row = dict(zip(rows, scores, strict=True))
        return [
            Assessment(
                contract_id=contract_ids[row],
                as_of=as_of[row],
                row_digest=hashlib.sha256(values[row].tobytes()).hexdigest(),
                model_version=self.bundle.version,
                label_version=self.bundle.label_version,
                catalogue_hash=self.bundle.catalogue_hash,
                why_not=code,
                **by_row.get(row, {}),
            )
            for row, code in enumerate(codes)
        ]

    def unassessed(self, contract_id: str, *, as_of: date, why: NotAssessed) -> Assessment:
        """Return the assessment of a case that has nothing to be described by."""
        return Assessment(
            contract_id=contract_id,
            as_of=as_of,
            row_digest=hashlib.sha256(b"").hexdigest(),
            model_version=self.bundle.version,
            label_version=self.bundle.label_version,
            catalogue_hash=self.bundle.catalogue_hash,
            why_not=why,
        )

    def _scores(self, values: Days, as_of: Sequence[date]) -> list[dict[str, Any]]:
        """Return what an assessed case adds to one that is not, row by row."""
        if not len(values):
            return []
        explanation = self.bundle.explainer.explain(values[:, self._inputs])
        contributions, risk = explanation.contributions, explanation.risk
        reasons = self.writer.write(values, contributions, as_of=as_of)
        outside = self.bundle.seen.outside(values[:, self._inputs])
        band = band_at(self.bundle.curve, risk)
        columns: dict[str, Sequence[Any]] = {
            "risk": risk.tolist(),
            "level": self.bundle.level_of(risk).tolist(),
            "similar": self._similar(risk, band),
            "reasons": reasons,
            "contributions": list(contributions),
            "incidence": self._incidence(values, risk, band),
            "unusual": self.writer.unusual(values, outside, as_of=as_of),
        }
        whole = {"base_rate": self.bundle.base_rate, "base_value": explanation.base}
        rows = zip(*columns.values(), strict=True)
        return [whole | dict(zip(columns, row, strict=True)) for row in rows]

    def _similar(self, risk: Days, band: tuple[Days, Days]) -> list[Similar]:
        counts = self._counts[nearest_point(self.bundle.curve, risk)].tolist()
        bands = zip(*(end.tolist() for end in band), strict=True)
        return [Similar(*count, *ends) for count, ends in zip(counts, bands, strict=True)]

    def _incidence(
        self, values: Days, risk: Days, band: tuple[Days, Days]
    ) -> Sequence[Incidence | None]:
        hazards, (low, high) = self.bundle.hazards, band
        if hazards is None:
            return [None] * len(risk)
        age, remaining = (values[:, self.catalogue.positions[name]] for name in CLOCK)
        return incidence_of(
            hazards,
            risk,
            low=low,
            high=high,
            age_days=age,
            remaining_days=remaining,
            horizon_days=self.bundle.horizon_days,
        )


def assess_cases(
    index: Index, *, contract_ids: Sequence[str], as_of: date | Sequence[date], scorer: Scorer
) -> list[Assessment]:
    """Return one assessment per case, in the order of `contract_ids`, which may hold any number.

    `as_of` is the morning of all of them, or one each. Each case is computed by itself: a batch
    gives what its cases give one by one. Raises InputError when a contract was not known on its
    morning.
    """
    mornings = [as_of] * len(contract_ids) if isinstance(as_of, date) else as_of
    found: list[Assessment] = []
    for start in range(0, len(contract_ids), CHUNK):
        part = slice(start, start + CHUNK)
        found += scorer.assess(index, contract_ids=contract_ids[part], as_of=mornings[part])
    return found


def assess(
    index: Index,
    cases: pd.DataFrame,
    bundle: Bundle,
    *,
    catalogue: Catalogue = CATALOGUE,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Return the assessments of `cases` (columns contract_id, as_of) as a table, in their order.

    Columns: contract_id, as_of, status (`assessed` or `not_assessed`), why_not_code, risk,
    level, base_rate, base_value, similar_cases, similar_ruptures, similar_low, similar_high,
    reasons (list of dicts, heaviest first), one contribution per input, model_version,
    label_version, catalogue_hash. What is not assessed has no risk, no level and no reason:
    missing, never 0. `base_value` + contributions = log-odds of `risk`.
    """
    scorer, parts = Scorer(bundle, catalogue=catalogue), []
    for start in range(0, len(cases), CHUNK):
        part = cases.iloc[start : start + CHUNK]
        as_of = [day.date() for day in part["as_of"]]
        assessed = scorer.assess(index, contract_ids=part["contract_id"].tolist(), as_of=as_of)
        parts.append(_frame(part, assessed, bundle))
        if progress is not None:
            progress(len(part))
    return pd.concat(parts, ignore_index=True)


def _frame(cases: pd.DataFrame, assessed: list[Assessment], bundle: Bundle) -> pd.DataFrame:
    unknown = np.full(len(bundle.columns), np.nan)
    contributions = [unknown if a.contributions is None else a.contributions for a in assessed]
    columns = [f"{CONTRIBUTION}{name}" for name in bundle.columns]
    summary, provenance = (
        pd.DataFrame({name: _column(name, assessed) for name in names})
        for names in (SUMMARY, PROVENANCE)
    )
    made = pd.DataFrame(np.array(contributions), columns=columns)
    return pd.concat([cases.reset_index(drop=True), summary, made, provenance], axis=1)


def _column(name: str, assessed: list[Assessment]) -> pd.Series:
    match name:
        case "reasons":
            reasons = [None if a.risk is None else [vars(r) for r in a.reasons] for a in assessed]
            return pd.Series(reasons, dtype="object")
        case "why_not_code":
            return pd.Series([a.why_not for a in assessed])  # of no type while all are missing
        case "risk" | "base_rate" | "base_value":
            return pd.Series([getattr(a, name) for a in assessed], dtype="float64")
        case _ if name.startswith(SIMILAR):
            part = name.removeprefix(SIMILAR)
            values = [None if a.similar is None else getattr(a.similar, part) for a in assessed]
            return pd.Series(values, dtype="float64")
        case _:
            return pd.Series([getattr(a, name) for a in assessed], dtype="str")
