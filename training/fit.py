"""Fitting one candidate on matured rows."""

import numpy as np
import numpy.typing as npt

from features.common.errors import TrainingError
from features.families import CATALOGUE
from models.risk import RiskModel
from training.dataset import Dataset

Array = npt.NDArray[np.float64]


def fit_risk_model(
    name: str,
    X: Array,
    labels: Array,
    persons: npt.NDArray[np.int64],
    *,
    seed: int,
    parent: RiskModel | None = None,
) -> RiskModel:
    """Return a calibrated model on rows X (n, inputs) whose labels (n,) are all known.

    `parent` is what a candidate that starts from one starts from.
    """
    model = RiskModel(name, monotonic=monotonic(), random_state=seed, parent=parent)
    return model.fit(X, labels.astype("int64"), groups=persons)


def monotonic() -> list[int]:
    """Monotone constraint of each input of the catalogue."""
    return [CATALOGUE[column].monotonic for column in CATALOGUE.inputs]


def fit_final(dataset: Dataset, name: str) -> tuple[RiskModel, npt.NDArray[np.int64]]:
    """Return the model to serve, on every row matured when the extract was made, and those rows.

    Raises TrainingError with fewer matured ruptures than the recipe's minimum, or one class only.
    """
    labels = dataset.labels(known_by=dataset.until)
    rows = np.flatnonzero(~dataset.cases["cutoff"].to_numpy() & ~np.isnan(labels))
    broken = dataset.cases["contract_id"].iloc[rows[labels[rows] == 1]].nunique()
    least = dataset.recipe.training.minimum_ruptures
    if broken < least:
        raise TrainingError(
            f"training: expected at least {least} contracts broken and matured, got {broken} among "
            f"{dataset.cases['contract_id'].iloc[rows].nunique()} ({dataset.not_assessed} mornings "
            "left out: too little was known); wait for more outcomes or pool programmes"
        )
    if (labels[rows] == 1).all():
        raise TrainingError(
            "training: expected ruptures and contracts that held, got ruptures only; import the "
            "contracts that were completed too"
        )
    model = fit_risk_model(
        name,
        dataset.X[rows],
        labels[rows],
        dataset.persons[rows],
        seed=dataset.recipe.training.seed,
        parent=dataset.parent,
    )
    return model, rows
