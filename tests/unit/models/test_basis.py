"""The basis gives the numbers of scikit-learn's own imputer, ranks and splines."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.basis import FEW, QUANTILES, SplineBasis
from models.explanation import Explainer
from tests.lib import programmes
from tests.lib.library_columns import library_columns

# Fewer rows than quantiles: scikit-learn then uses as many quantiles as rows, as we do.
pytestmark = pytest.mark.filterwarnings("ignore:n_quantiles .50. is greater:UserWarning")
Draw = Callable[[np.random.Generator, int], np.ndarray]


def ties(rng: np.random.Generator, cases: int) -> np.ndarray:
    """Whole numbers, most of them the same: quantiles are tied below, above and in between."""
    return rng.choice([0.0, 1.0, 2.0, 7.0], cases, p=[0.5, 0.1, 0.1, 0.3])


def skewed(rng: np.random.Generator, cases: int) -> np.ndarray:
    return rng.lognormal(3.0, 2.0, cases)


def constant(_rng: np.random.Generator, cases: int) -> np.ndarray:
    return np.full(cases, 4.0)


def nearly_constant(_rng: np.random.Generator, cases: int) -> np.ndarray:
    """One other value, so rare that hardly a quantile sees it."""
    return np.where(np.arange(cases) == 0, -3.0, 4.0)


def unknown(_rng: np.random.Generator, cases: int) -> np.ndarray:
    return np.full(cases, np.nan)


def often_unknown(rng: np.random.Generator, cases: int) -> np.ndarray:
    return np.where(rng.random(cases) < 0.6, np.nan, rng.normal(size=cases))


KINDS: tuple[Draw, ...] = (ties, skewed, constant, nearly_constant, unknown, often_unknown)


def drawn(cases: int = 300) -> np.ndarray:
    """One column of each kind."""
    rng = np.random.default_rng(0)
    return np.column_stack([draw(rng, cases) for draw in KINDS])


def asked(X: np.ndarray) -> np.ndarray:
    """The rows themselves, values a hair beside them, in between, out of range, and unknown."""
    rng = np.random.default_rng(1)
    shuffled = rng.permuted(X, axis=0)
    return np.vstack(
        [
            X,
            np.nextafter(X, np.inf),
            np.nextafter(X, -np.inf),
            (X + shuffled) / 2,
            np.full((1, X.shape[1]), 1e9),
            np.full((1, X.shape[1]), -1e9),
            np.full((1, X.shape[1]), np.nan),
        ]
    )


INPUTS = {"first column": [0], "all columns": [0, 1, 2, 3, 4, 5]}


def fitted(X: np.ndarray, inputs: list[int]) -> SplineBasis:
    return SplineBasis.fit(X, inputs=np.array(inputs), indicators=len(inputs) > 1, size=5)


@pytest.mark.parametrize("inputs", INPUTS.values(), ids=INPUTS)
@pytest.mark.parametrize("cases", [7, 60, 300])
def test_columns_are_spread_as_scikit_learn_spreads_them(inputs: list[int], cases: int) -> None:
    """On ties, at the ends, out of range, where nothing was known or nothing varied."""
    X = drawn(cases)
    columns = library_columns(inputs, indicators=len(inputs) > 1).fit(X)

    spread = fitted(X, inputs).transform(asked(X))

    np.testing.assert_allclose(spread, columns.transform(asked(X)), rtol=0, atol=1e-9)


VALUES = st.integers(-4, 4).map(float) | st.just(np.nan) | st.floats(-1e3, 1e3, width=16)


@settings(deadline=None)
@given(
    learned=arrays("float64", (12, 2), elements=VALUES),
    asked=arrays("float64", (5, 2), elements=VALUES),
)
def test_whatever_the_values_the_spread_is_scikit_learn_s(
    learned: np.ndarray, asked: np.ndarray
) -> None:
    columns = library_columns([0, 1], indicators=True).fit(learned)

    spread = fitted(learned, [0, 1]).transform(asked)

    np.testing.assert_allclose(spread, columns.transform(asked), rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["base_rate", "logistic"])
def test_simulated_rows_are_scored_as_they_are_explained(name: str) -> None:
    """Contributions, computed apart, add up to the score."""
    model, X = programmes.model(name), programmes.dataset().X[:500]

    margin = Explainer(model).explain(X).margin

    np.testing.assert_allclose(margin, model.decision_function(X), rtol=0, atol=1e-9)


def test_one_row_or_many_are_spread_to_the_same_bytes() -> None:
    """Few rows are compared with all quantiles, many are searched column by column."""
    X = drawn()
    basis = fitted(X, INPUTS["all columns"])
    assert len(X) > FEW

    one_by_one = np.vstack([basis.transform(X[i : i + 1]) for i in range(len(X))])

    assert basis.transform(X).tobytes() == one_by_one.tobytes()


def test_ranks_are_learned_from_fewer_quantiles_than_rows_at_most() -> None:
    assert fitted(drawn(7), [0]).quantiles.shape == (1, 7)
    assert fitted(drawn(300), [0]).quantiles.shape == (1, QUANTILES)
