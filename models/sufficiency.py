"""When too little is known to say anything: such a case is « non évalué », never a zero."""

import numpy as np
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


def why_not_assessed(matrix: pd.DataFrame) -> pd.Series:
    """French reason why a case is not assessed; missing (NaN) for those that can be.

    Works on the rows of `features.matrix.build_matrix`, in training as in service.
    """
    known = matrix[list(CORE_FACTS)].notna()
    heard = matrix["interviews_held"] > 0
    wanted = ", ".join(CORE_FACTS.values())
    reason = np.select(
        [
            matrix["elapsed_days"] < 0,
            matrix["remaining_days"] <= 0,
            (known.sum(axis=1) < ENOUGH) & ~heard,
        ],
        [
            "non évalué : le contrat n'a pas encore commencé",
            "non évalué : la date de fin prévue est passée",
            f"non évalué : trop peu d'informations ; à renseigner : {wanted}, ou un entretien",
        ],
        default="",
    )
    return pd.Series(reason, index=matrix.index, dtype="str").replace("", np.nan)
