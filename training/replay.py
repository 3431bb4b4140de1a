"""One deployment replayed: every member fitted once, every candidate made of the members' margins.

A candidate is a calibrated mean of its members, so it needs no fit of its own: the mean of their
out-of-fold margins gives its calibration, that of their judged margins its risks.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from models.candidates import members_of
from models.risk import RiskModel, fit_calibration, mean, mean_margin
from training.fit import fit_risk_model
from training.splits import Split

Array = npt.NDArray[np.float64]


class Margins(NamedTuple):
    """Log-odds of one member: of the rows learned from, out of fold, and of the rows judged."""

    learned: Array | None
    judged: Array


def members_for(candidates: Sequence[str]) -> tuple[str, ...]:
    """Members that the candidates are made of, each once."""
    return tuple(dict.fromkeys(member for name in candidates for member in members_of(name)))


def replay(
    member: str,
    X: Array,
    persons: npt.NDArray[np.int64],
    split: Split,
    *,
    seed: int,
    parent: RiskModel | None = None,
) -> Margins:
    """Learn what had matured, score who was open. A member is a candidate of its own too."""
    train = split.train
    model = fit_risk_model(
        member, X[train], split.train_labels, persons[train], seed=seed, parent=parent
    )
    return Margins(model.margins_, model.raw_margin(X[split.test]))


def risks(candidate: str, parts: Sequence[Margins], labels: Array) -> Array:
    """Return risks of the judged rows by the candidate of these members, (n_test,).

    `labels` (n_train,) are those of the rows learned from.
    """
    margins = mean_margin([part.learned for part in parts])
    sigmoid = fit_calibration(margins, labels, candidate=candidate)
    return np.asarray(expit(sigmoid.apply(mean([part.judged for part in parts]))))
