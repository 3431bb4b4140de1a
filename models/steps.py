"""Steps between knots: the columns a ridge falls on, and how they turn back into the basis.

A ridge on steps draws neighbouring knots together and a whole curve to a constant; one on the
basis itself would draw each height to 0 (Eilers and Marx, Flexible smoothing with B-splines and
penalties, 1996). A curve is monotone when its steps have one sign.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.basis import SplineBasis

Array = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
POOLED = 4.0


def to_steps(design: Singles, basis: SplineBasis, weights: Array) -> None:
    """Turn the columns of `basis.transform` into weighted steps, in place.

    Each step is 1 up to a knot and falls to 0 at the next.
    """
    curves = design[:, : len(basis.inputs) * basis.size].reshape(len(design), -1, basis.size)
    np.cumsum(curves, axis=2, out=curves)
    design *= weights.astype(design.dtype)


def step_weights(basis: SplineBasis, *, free: Sequence[int] = ()) -> Array:
    """Return how free each column is, against one step: a flag as one, though it climbs all.

    Inputs in `free` are effects that were pooled already and are hardly drawn together again.
    """
    rises = np.minimum(basis.distinct_values - 1, basis.size) / basis.size
    weights = np.ones(basis.columns)
    freedom = np.where(np.isin(basis.inputs, list(free)), POOLED, 1.0)
    weights[: len(rises) * basis.size] = np.repeat(freedom * np.sqrt(rises), basis.size)
    return weights


def sign_bounds(basis: SplineBasis, monotonic: Sequence[int] | None) -> npt.NDArray[np.int64]:
    """Return which way each coefficient may go: a step falls, so a rising risk has none above 0."""
    signs = np.zeros(basis.columns, dtype="int64")
    if monotonic is not None:
        falls = -np.asarray(monotonic, dtype="int64")[basis.inputs]
        signs[: len(falls) * basis.size] = np.repeat(falls, basis.size)
    return signs


def basis_coefficients(steps: Array, basis: SplineBasis, weights: Array) -> Array:
    """Return the coefficients of the basis, given those of the weighted steps.

    A basis function is the difference of two steps: its height is the sum of the steps from it on.
    """
    coefficients = steps * weights
    curves = coefficients[: len(basis.inputs) * basis.size].reshape(-1, basis.size)
    curves[:] = curves[:, ::-1].cumsum(axis=1)[:, ::-1]
    return coefficients
