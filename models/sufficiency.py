"""When too little is known to say anything: such a case is « non évalué », never a zero."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

# Facts every road brings; with fewer than ENOUGH of them and no interview, a score says only the
# average, dressed up as knowledge of the case.
CORE_FACTS = {
    "age_years": "la date de naissance",
    "level_prepared": "le niveau préparé",
    "level_held": "le diplôme le plus élevé",
    "employer_headcount": "l'effectif de l'employeur",
    "centre_rupture_rate": "le centre de formation",
    "pay_percent_smic": "la rémunération",
}
ENOUGH = 2
NOT_BEGUN, OVER, TOO_LITTLE, ASSESSED = range(4)
REASONS = {
    NOT_BEGUN: "non évalué : le contrat n'a pas encore commencé",
    OVER: "non évalué : la date de fin prévue est passée",
    TOO_LITTLE: (
        "non évalué : trop peu d'informations ; à renseigner : "
        f"{', '.join(CORE_FACTS.values())}, ou un entretien"
    ),
}
_READ = (*CORE_FACTS, "interviews_held", "elapsed_days", "remaining_days")


def why_not(values: npt.NDArray[np.float64], *, positions: Mapping[str, int]) -> list[str | None]:
    """French reason why each row of a matrix is not assessed; None for those that can be.

    `values` has shape (n_cases, n_features), and `positions` says which column a feature is, as
    `Catalogue.positions` does.
    """
    facts = values[:, [positions[name] for name in CORE_FACTS]]
    held, elapsed, remaining = (values[:, positions[name]] for name in _READ[len(CORE_FACTS) :])
    too_little = ((~np.isnan(facts)).sum(axis=1) < ENOUGH) & ~(held > 0)
    state = np.where(too_little, TOO_LITTLE, ASSESSED)
    state = np.where(elapsed < 0, NOT_BEGUN, np.where(remaining <= 0, OVER, state))
    return [REASONS.get(one) for one in state.tolist()]


def why_not_assessed(matrix: pd.DataFrame) -> pd.Series:
    """`why_not` of the rows of `features.matrix.build_matrix`; NaN for those that can be assessed.

    In training as in service.
    """
    positions = {name: position for position, name in enumerate(_READ)}
    reasons = why_not(matrix[list(_READ)].to_numpy(), positions=positions)
    return pd.Series(reasons, index=matrix.index, dtype="str")
