"""The estimators that compete, from the simplest up; all of them scikit-learn classes only.

A candidate is the mean, in log-odds, of its members. A member sees the inputs of the catalogue as
float64 with NaN for unknown, contract age first. Nothing is weighted or resampled by class: that
would ruin calibration and help ranking little.
"""

from collections.abc import Sequence

from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import QuantileTransformer, SplineTransformer

# In order of complexity.
MEMBERS = {
    "base_rate": ("base_rate",),
    "logistic": ("logistic",),
    "trees": ("trees",),
    "blend": ("logistic", "trees"),
}
NAMES = tuple(MEMBERS)

# sqrt(C) is the prior standard deviation of a step: a curve from one knot to the next, or unknown.
# All columns lie between 0 and 1 and are not rescaled: a signal seen three times in training is
# shrunk most, where standardising it would let the fourth time decide a case.
RIDGE_C = 0.004
AGE_C = 1.0
KNOTS = 6
# Of the gradient: margins are within 0.01 of the optimum, where ten times as much leaves 0.2.
TOLERANCE = 1e-5
# Trees at a learning rate of 0.1; what many rows tell takes more of them to say.
TREES, MORE_TREES, MANY_ROWS = 150, 250, 100_000
# Rows that medians and ranks are learned from.
CURVE_ROWS = 20_000


def members_of(candidate: str) -> tuple[str, ...]:
    """Names of the members whose mean a candidate is.

    Raises ValueError for a name that is not in `NAMES`.
    """
    if candidate not in MEMBERS:
        raise ValueError(f"candidate: expected one of {', '.join(NAMES)}, got {candidate!r}")
    return MEMBERS[candidate]


def complexity(candidate: str) -> int:
    """Rank of the candidate's most complex member, from 0 for the base rate by age.

    A blend asks no more of its readers than its trees do: same explanation, same bundle. So it
    counts as no more complex than they are.
    """
    return max(NAMES.index(member) for member in members_of(candidate))


def make_member(
    name: str,
    *,
    rows: int = 0,
    senses: Sequence[int] | None = None,
    random_state: int | None = None,
) -> BaseEstimator:
    """An unfitted estimator, for so many rows to learn from.

    `senses` are the monotone constraints of the columns, which trees take here and a regression
    when it is fitted (`models.regression`).
    """
    match name:
        case "base_rate":
            return _base_rate(random_state)
        case "logistic":
            return _logistic(random_state)
        case "trees":
            return _trees(rows, senses, random_state)
        case _:
            raise ValueError(f"member: expected base_rate, logistic or trees, got {name!r}")


def _base_rate(random_state: int | None) -> Pipeline:
    """Rate by contract age, the first column, as a smooth curve."""
    age = ColumnTransformer([("values", _curves(random_state), [0])])
    return Pipeline([("columns", age), ("regression", _ridge(AGE_C))])


def _logistic(random_state: int | None) -> Pipeline:
    """Piecewise-linear curves and missing indicators under a ridge penalty."""
    everything = slice(0, None)
    columns = ColumnTransformer(
        [
            ("values", _curves(random_state), everything),
            ("missing", MissingIndicator(features="all"), everything),
        ]
    )
    return Pipeline([("columns", columns), ("regression", _ridge(RIDGE_C))])


def _ridge(C: float) -> LogisticRegression:
    return LogisticRegression(C=C, tol=TOLERANCE, max_iter=1000)


def _curves(random_state: int | None) -> Pipeline:
    """Ranks, then linear splines on them: outliers and skew do no harm, shapes may bend."""
    impute = SimpleImputer(strategy="median", keep_empty_features=True)
    ranks = QuantileTransformer(n_quantiles=50, subsample=CURVE_ROWS, random_state=random_state)
    splines = SplineTransformer(
        n_knots=KNOTS, degree=1, include_bias=False, extrapolation="constant"
    )
    return Pipeline([("impute", impute), ("ranks", ranks), ("splines", splines)])


def _trees(
    rows: int, senses: Sequence[int] | None, random_state: int | None
) -> HistGradientBoostingClassifier:
    """Shallow boosted trees, monotone where the catalogue says so."""
    return HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=MORE_TREES if rows > MANY_ROWS else TREES,
        max_depth=2,
        min_samples_leaf=100,
        l2_regularization=50.0,
        max_features=0.3,
        monotonic_cst=list(senses) if senses is not None else None,
        early_stopping=False,
        random_state=random_state,
    )
