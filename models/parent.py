"""A model learnt elsewhere as where a small programme starts from."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.classifier import Folds, Labels, MarginClassifier
from models.numbers import Numbers
from models.regression import PenalisedRegression

Array = npt.NDArray[np.float64]


class ParentModel(MarginClassifier):
    """The log-odds of a parent, plus what a regression adds from the programme's own facts.

    Parameters
    ----------
    parent : fitted classifier with a `margin`
        A risk model of the same columns, learned on other persons: were some of them among these
        rows, its margins would be too sure and nothing here would notice.
    own : bool
        Whether a regression on the own rows is added, with the parent's log-odds as an offset. Its
        ridge draws it to 0: with nothing to say, the parent stands as it is.
    monotonic : sequence of int or None
        Directions of the columns, to which the sum keeps as the parent does.
    C, random_state
        Of the regression.
    """

    def __init__(
        self,
        parent: Any = None,
        own: bool = False,
        C: float = 0.004,
        monotonic: Sequence[int] | None = None,
        random_state: int | None = None,
    ) -> None:
        self.parent = parent
        self.own = own
        self.C = C
        self.monotonic = monotonic
        self.random_state = random_state

    def _fit(self, X: Array, y: Labels, folds: Folds) -> None:
        offset = self.parent.margin(X)
        self.regression_: PenalisedRegression | None = None
        self.margins_ = offset
        if self.own:
            regression = self._unfitted()
            regression.fit(X, y, folds=folds, offset=offset)
            own = regression.margins_
            self.regression_ = regression
            self.margins_ = None if own is None else offset + own

    def _unfitted(self) -> PenalisedRegression:
        return PenalisedRegression(
            C=self.C, monotonic=self.monotonic, random_state=self.random_state
        )

    def margin(self, X: Array) -> Array:
        """Return log-odds of rows X (n, p), shape (n,), without checks."""
        margin = np.asarray(self.parent.margin(X))
        return margin if self.regression_ is None else margin + self.regression_.margin(X)

    def numbers(self) -> Numbers:
        """Return the numbers of the own regression; the parent's are stored beside them."""
        return {} if self.regression_ is None else self.regression_.numbers()

    def restore(self, numbers: Mapping[str, npt.NDArray[Any]], *, features: int) -> Self:
        """Take back what `numbers` returned, the parent being restored already."""
        self.regression_ = self.margins_ = None
        if self.own:
            self.regression_ = self._unfitted().restore(numbers, features=features)
        return self._restored(features)
