"""Which candidate is chosen: the simplest that cannot be told from the best."""

import numpy as np
import pandas as pd
import pytest

from training.evaluate import rank


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


def test_the_best_is_chosen_when_it_is_clearly_better() -> None:
    assert chosen(rank(predictions(trees=0.3), ["base_rate", "trees"])) == ["trees"]


def test_the_simplest_within_one_standard_error_of_the_best_is_chosen() -> None:
    """A gain no larger than its own uncertainty is not worth a more complicated model."""
    table = predictions(trees=0.0)
    noise = np.random.default_rng(5).normal(0, 0.04, len(table))
    helped = np.clip(table["trees"] + noise, 0.01, 0.99)

    ranking = rank(table.assign(trees=helped), ["base_rate", "trees"])

    assert ranking["log_loss"].idxmin() == "trees"
    gap, error = ranking.loc["base_rate", ["gap", "gap_error"]].to_numpy("float64")
    assert 0 < gap <= error
    assert chosen(ranking) == ["base_rate"]


def test_the_order_candidates_are_named_in_changes_nothing() -> None:
    table = predictions(trees=0.0)
    assert chosen(rank(table, ["trees", "base_rate"])) == ["base_rate"]


@pytest.mark.parametrize(("noisy", "better"), [("trees", "blend"), ("blend", "trees")])
def test_of_trees_and_their_blend_the_better_is_chosen(noisy: str, better: str) -> None:
    """A blend is no more complex than its trees, so that no standard error stands between them."""
    table = predictions(trees=0.3)
    noise = np.random.default_rng(3).normal(0, 0.02, len(table))
    table["blend"] = table["trees"]
    table[noisy] = np.clip(table[noisy] + noise, 0.01, 0.99)

    ranking = rank(table, ["base_rate", "trees", "blend"])

    assert 0 < ranking.loc[noisy, "gap"] < ranking.loc[noisy, "gap_error"]
    assert chosen(ranking) == [better]


def test_uncertainty_counts_persons_not_mornings() -> None:
    """The same cases twice over tell no more than once."""
    cached_on = predictions(trees=0.1)
    twice = pd.concat([cached_on, cached_on])

    errors = [rank(t, ["base_rate", "trees"])["gap_error"].to_numpy() for t in (cached_on, twice)]

    np.testing.assert_allclose(errors[1], errors[0], rtol=0.01)
