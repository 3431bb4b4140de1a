"""What may be rebuilt from a skops file beside what skops trusts itself: seen in our candidates."""

TRUSTED = frozenset(
    {
        "numpy.dtype",
        "scipy._lib.array_api_compat.numpy._aliases.asarray",
        "scipy.interpolate._bsplines.BSpline",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    }
)
