"""When too little is known to say anything: such a case is « non évalué », never a zero."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

# Facts that every source brings; with fewer than ENOUGH of them and no interview, a score says only
# the average, dressed up as knowledge of the case.
CORE_FACTS = (
    "age_years",
    "level_prepared",
    "level_held",
    "employer_headcount",
    "centre_rupture_rate",
    "pay_percent_smic",
)
ENOUGH = 2
_READ = (*CORE_FACTS, "interviews_held", "elapsed_days", "remaining_days")


class NotAssessed(StrEnum):
    """Why a case has no risk, as it is stored and sent; its words are `why_not`."""

    NOT_STARTED = "not_started"
    TERM_PASSED = "term_passed"
    TOO_LITTLE_KNOWN = "too_little_known"
    # What only a service knows: what is declared of the contract, its model, its suspension.
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NOT_TRANSMITTED = "not_transmitted"
    NO_MODEL = "no_model"
    SUSPENDED = "suspended"
    NOT_YET = "not_yet"


def why_not(
    values: npt.NDArray[np.float64], *, positions: Mapping[str, int]
) -> list[NotAssessed | None]:
    """Return why each row of a matrix is not assessed; None for those that can be.

    `values` has shape (n_cases, n_features), and `positions` says which column a feature is, as
    `Catalogue.positions` does.
    """
    facts = values[:, [positions[name] for name in CORE_FACTS]]
    held, elapsed, remaining = (values[:, positions[name]] for name in _READ[len(CORE_FACTS) :])
    too_little = ((~np.isnan(facts)).sum(axis=1) < ENOUGH) & ~(held > 0)
    codes = np.select(
        [elapsed < 0, remaining <= 0, too_little],
        [NotAssessed.NOT_STARTED, NotAssessed.TERM_PASSED, NotAssessed.TOO_LITTLE_KNOWN],
        default="",
    )
    return [NotAssessed(code) if code else None for code in codes.tolist()]


def why_not_assessed(matrix: pd.DataFrame) -> pd.Series:
    """Return `why_not` of the rows of `features.matrix.build_matrix`; NaN for the assessable ones.

    In training as in service.
    """
    positions = {name: position for position, name in enumerate(_READ)}
    reasons = why_not(matrix[list(_READ)].to_numpy(), positions=positions)
    return pd.Series(reasons, index=matrix.index, dtype="str")
