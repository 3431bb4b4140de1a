"""A programme of few contracts starts from a model learned elsewhere, and explains it."""

import numpy as np
import pytest
from scipy.special import expit

from models.candidates import PARENT_MEMBERS
from models.explanation import Explainer
from models.metrics import log_loss
from models.risk import RiskModel
from models.storage import arrays_of, facts_of, pack, restore, unpack


def world(cases: int, *, level: float, last: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows with holes and labels; two worlds differ by their level and the effect of the last."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(cases, 4))
    margin = level + X[:, 0] + 0.7 * X[:, 1] * (X[:, 1] > 0) + last * X[:, 3]
    y = (rng.random(cases) < expit(margin)).astype("int64")
    X[rng.random(X.shape) < 0.1] = np.nan
    return X, y


@pytest.fixture(scope="module")
def parent() -> RiskModel:
    X, y = world(8_000, level=-1.5, last=0.5, seed=0)
    return RiskModel("blend", random_state=0).fit(X, y)


def child(name: str, parent: RiskModel, cases: int = 300) -> RiskModel:
    X, y = world(cases, level=-0.9, last=-0.5, seed=1)
    return RiskModel(name, parent=parent, random_state=0).fit(X, y)


def loss_of(model: RiskModel) -> float:
    """Log loss on 20,000 new rows of the programme's own world."""
    X, y = world(20_000, level=-0.9, last=-0.5, seed=2)
    return log_loss(y, model.predict_proba(X)[:, 1])


def test_the_parent_as_it_is_is_the_parent(parent: RiskModel) -> None:
    X, _ = world(50, level=0.0, last=0.0, seed=3)

    assert child("parent", parent).margin(X).tobytes() == parent.margin(X).tobytes()


def test_what_a_few_cases_teach_is_added_to_the_parent(parent: RiskModel) -> None:
    """Another level and another sign: recalibrated, then corrected, and better than alone."""
    as_it_is, recalibrated, corrected, alone = (
        loss_of(child(name, parent)) for name in (*PARENT_MEMBERS, "logistic")
    )

    assert corrected < recalibrated < as_it_is
    assert corrected < alone


@pytest.mark.parametrize("name", PARENT_MEMBERS)
def test_contributions_of_a_child_add_up_and_it_comes_back(name: str, parent: RiskModel) -> None:
    """Those of the parent and its own, stored together and restored to the last bit."""
    model = child(name, parent)
    X, _ = world(50, level=0.0, last=0.0, seed=3)
    X[0] = np.nan

    explained = Explainer(model).explain(X)
    back = restore(facts_of(model), unpack(pack(arrays_of(model))), features=4)

    np.testing.assert_allclose(explained.margin, model.decision_function(X), atol=1e-9)
    assert back.margin(X).tobytes() == model.margin(X).tobytes()
    assert Explainer(back).explain(X).contributions.tobytes() == explained.contributions.tobytes()


def test_a_child_of_a_child_is_a_model_like_another(parent: RiskModel) -> None:
    grandchild = child("parent_offset", child("parent_recalibrated", parent))
    X, _ = world(20, level=0.0, last=0.0, seed=3)

    back = restore(facts_of(grandchild), unpack(pack(arrays_of(grandchild))), features=4)

    np.testing.assert_allclose(Explainer(back).explain(X).margin, grandchild.margin(X), atol=1e-9)
