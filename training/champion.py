"""The new bundle beside the one in service: same cases, paired, and how the list would move."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.bundle import Bundle
from models.intervals import paired_difference
from models.metrics import log_losses
from training.dataset import Dataset
from training.evaluate import Comparison

Array = npt.NDArray[np.float64]
Facts = dict[str, Any]


def against_champion(
    dataset: Dataset,
    comparison: Comparison,
    bundle: Bundle,
    *,
    champion: Bundle | None,
    current: Array,
) -> Facts:
    """Paired difference of log loss to the champion, and the churn of the top list.

    On mornings after the champion was made, its own risks are used: it had not seen what followed.
    Before, it had, so its candidate refitted at that cutoff stands for it, as it would have been
    deployed. `current` (n, inputs) are the cases open now, whose top list is compared.
    """
    if champion is None:
        return {"version": None}
    risk = _champion_risks(dataset, comparison, champion)
    predictions = comparison.predictions
    y, persons = predictions["label"].to_numpy(), predictions["person"].to_numpy()
    chosen = log_losses(y, predictions[comparison.chosen].to_numpy())
    gap = paired_difference(chosen, log_losses(y, risk), persons)
    capacity = dataset.recipe.capacity.high
    return {
        "version": champion.version,
        "log_loss_gap": gap.mean,
        "log_loss_gap_error": gap.standard_error,
        "top_list_jaccard": jaccard(
            top_list(bundle.model.predict_proba(current)[:, 1], share=capacity),
            top_list(champion.model.predict_proba(current)[:, 1], share=capacity),
        )
        if len(current)
        else None,
    }


def _champion_risks(dataset: Dataset, comparison: Comparison, champion: Bundle) -> Array:
    predictions = comparison.predictions
    rows = predictions["row"].to_numpy()
    own = champion.model.predict_proba(dataset.X[rows])[:, 1]
    if champion.model.candidate not in predictions:
        return own  # it did not compete: its own risks, in its favour where it has seen the labels
    refitted = predictions[champion.model.candidate]
    fresh = dataset.cases["as_of"].iloc[rows] >= champion.facts["data"]["until"]
    return np.where(fresh.to_numpy() & comparison.in_time_order, own, refitted.to_numpy())


def top_list(risk: Array, *, share: float) -> set[int]:
    """Positions of the `share` highest risks, at least one."""
    most = max(1, round(share * len(risk)))
    return set(np.argsort(-risk, kind="stable")[:most].tolist())


def jaccard(a: set[int], b: set[int]) -> float:
    """Size of the intersection over that of the union (Jaccard, 1901)."""
    return len(a & b) / len(a | b)
