"""Which candidate is chosen: that of the size, unless another is clearly better."""

import numpy as np
import pandas as pd
import pytest

from training.choice import LARGE, rank


def predictions(*, trees: float, persons: int = 400) -> pd.DataFrame:
    """Labels, and risks of which those of the trees lean to the truth by `trees`."""
    rng = np.random.default_rng(0)
    label = (rng.random(persons) < 0.2).astype("float64")
    plain = np.clip(0.2 + rng.normal(0, 0.02, persons), 0.01, 0.99)
    leaning = np.clip(plain + trees * (label - 0.2), 0.01, 0.99)
    return pd.DataFrame(
        {"label": label, "person": np.arange(persons), "base_rate": plain, "trees": leaning}
    )


def chosen(table: pd.DataFrame) -> list[str]:
    return [str(name) for name in table.index[table["chosen"]]]


def clearly_better(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The table with a candidate that leans to the truth."""
    return table.assign(
        **{name: np.clip(table["base_rate"] + 0.3 * (table["label"] - 0.2), 0.01, 0.99)}
    )


def noisy(table: pd.DataFrame, name: str, *, seed: int = 3) -> pd.DataFrame:
    """The table with a candidate that is the rate by age and noise."""
    noise = np.random.default_rng(seed).normal(0, 0.02, len(table))
    return table.assign(**{name: np.clip(table["base_rate"] + noise, 0.01, 0.99)})


@pytest.mark.parametrize(
    ("contracts", "usual"), [(150, "logistic"), (LARGE - 1, "logistic"), (LARGE, "blend")]
)
def test_what_the_size_asks_for_is_taken_when_nothing_speaks_against_it(
    contracts: int, usual: str
) -> None:
    """Whichever is a little better on the few cases that were judged."""
    table = noisy(noisy(predictions(trees=0.0), "logistic"), "blend", seed=4)
    names = ["base_rate", "logistic", "trees", "blend"]

    ranking = rank(table, names, contracts=contracts)

    assert chosen(ranking) == [usual]
    assert ranking["gap"].max() > 0
    assert chosen(rank(table, names[::-1], contracts=contracts)) == [usual]


@pytest.mark.parametrize("better", ["base_rate", "trees", "blend"])
def test_what_is_clearly_better_is_taken_at_any_size(better: str) -> None:
    table = noisy(noisy(predictions(trees=0.0), "logistic"), "blend", seed=4)
    names = ["base_rate", "logistic", "trees", "blend"]

    ranking = rank(clearly_better(table, better), names, contracts=150)

    assert chosen(ranking) == [better]


def test_candidates_that_do_not_compete_are_not_taken() -> None:
    """Trees alone, or a recipe without a regression."""
    table = predictions(trees=0.0)

    assert chosen(rank(table, ["base_rate", "trees"], contracts=5_000)) == ["trees"]
    assert chosen(rank(table, ["base_rate", "trees"], contracts=150)) == ["base_rate"]


def test_uncertainty_counts_persons_not_mornings() -> None:
    """The same cases twice over tell no more than once."""
    once = predictions(trees=0.1)
    twice = pd.concat([once, once])

    errors = [
        rank(t, ["base_rate", "trees"], contracts=150)["gap_error"].to_numpy()
        for t in (once, twice)
    ]

    np.testing.assert_allclose(errors[1], errors[0], rtol=0.01)
