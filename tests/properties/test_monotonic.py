"""What a monotonic feature promises: a risk that moves one way with the feature, all else equal."""

import numpy as np
import pytest

from features.families import CATALOGUE
from tests.lib import programmes

ROWS, STEPS = 10, 40
PROMISES = [name for name in CATALOGUE.inputs if CATALOGUE[name].monotonic]


def swept(name: str) -> np.ndarray:
    """Drawn cases whose value of one feature goes from below to beyond all known ones."""
    X = programmes.dataset().X
    column = list(CATALOGUE.inputs).index(name)
    known = X[~np.isnan(X[:, column]), column]
    assert len(known), f"{name} is never known in the programme"
    values = np.quantile(known, np.linspace(0, 1, STEPS - 2))
    chosen = X[np.random.default_rng(0).choice(len(X), ROWS, replace=False)]
    cases = np.repeat(chosen, STEPS, axis=0)
    cases[:, column] = np.tile(np.concatenate([values[:1] - 1, values, values[-1:] + 1]), ROWS)
    return cases


@pytest.mark.parametrize("candidate", ["logistic", "trees", "blend"])
def test_every_feature_keeps_its_promise(candidate: str) -> None:
    """In a model learned on the simulated programme, for every feature that is monotonic."""
    model = programmes.model(candidate)

    broken = {}
    for name in PROMISES:
        margins = model.decision_function(swept(name)).reshape(ROWS, STEPS)
        backwards = -np.diff(margins, axis=1) * CATALOGUE[name].monotonic
        if backwards.max() > 1e-9:
            broken[name] = backwards.max()

    assert not broken
