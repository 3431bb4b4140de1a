"""The columns of a regression as scikit-learn's transformers make them, to compare with."""

from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import QuantileTransformer, SplineTransformer


def library_columns(inputs: list[int], *, indicators: bool) -> ColumnTransformer:
    """Medians, 50 ranks, linear splines with 6 knots, and what is missing."""
    curves = Pipeline(
        [
            ("impute", SimpleImputer(strategy="median", keep_empty_features=True)),
            ("ranks", QuantileTransformer(n_quantiles=50, subsample=20_000, random_state=0)),
            (
                "splines",
                SplineTransformer(
                    n_knots=6, degree=1, include_bias=False, extrapolation="constant"
                ),
            ),
        ]
    )
    parts = [("values", curves, inputs)]
    if indicators:
        parts.append(("missing", MissingIndicator(features="all"), inputs))
    return ColumnTransformer(parts)
