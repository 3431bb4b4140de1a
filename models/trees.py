"""Boosted trees as plain arrays of nodes: grown by scikit-learn, kept and evaluated as numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from models.basis import chunks
from models.classifier import Folds, Labels, MarginClassifier, Rows, blanked, out_of_fold
from models.numbers import Numbers, expect_shapes, expect_whole

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Level = tuple[Integers, Array]
LEAF = -1


@dataclass(frozen=True)
class Trees:
    """The nodes of all trees, one after the other; those of a tree begin at `first` (trees,).

    A row goes to the node `left` when its `feature` does not exceed `threshold`, or is missing
    where `missing_left`; else to `right`. Both are positions among all nodes, after that of their
    parent. A leaf has the feature -1 and adds `value` to the log-odds, which begin at `baseline`.
    `count` is how many training rows came through, which is what Shapley values weigh by.
    """

    first: Integers
    feature: Integers
    threshold: Array
    missing_left: npt.NDArray[np.bool_]
    left: Integers
    right: Integers
    value: Array
    count: Array
    baseline: Array

    @classmethod
    def of(cls, fitted: HistGradientBoostingClassifier) -> "Trees":
        """Read off what the library grew; scikit-learn has no public access to its nodes."""
        grown = [step[0].nodes for step in fitted._predictors]
        first = np.cumsum([0, *(len(nodes) for nodes in grown)], dtype="int64")
        nodes = np.concatenate(grown)
        shift = np.repeat(first[:-1], np.diff(first))
        leaf = nodes["is_leaf"].astype(bool)
        return cls(
            first=first[:-1],
            feature=np.where(leaf, LEAF, nodes["feature_idx"].astype("int64")),
            threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
            missing_left=~leaf & nodes["missing_go_to_left"].astype(bool),
            left=np.where(leaf, LEAF, nodes["left"] + shift),
            right=np.where(leaf, LEAF, nodes["right"] + shift),
            value=nodes["value"].astype("float64"),
            count=nodes["count"].astype("float64"),
            baseline=np.array(float(np.ravel(fitted._baseline_prediction)[0])),
        )

    def margin(self, X: Array) -> Array:
        """Return the log-odds of rows X (n, p), shape (n,); each row is computed by itself."""
        parts = [self._margin(rows) for rows in chunks(X)]
        return np.concatenate([np.empty(0), *parts])

    def _margin(self, X: Array) -> Array:
        levels, values = self._complete
        rows = np.ascontiguousarray(X.T)
        # Each column twice: a missing value exceeds every threshold, or lies below them all.
        both = np.stack([rows, np.where(np.isnan(rows), -np.inf, rows)], axis=1)
        both = both.reshape(-1, len(X))
        chosen = np.broadcast_to(values[:, :, None], (*values.shape, len(X)))
        for feature, threshold in reversed(levels):
            goes_left = both[feature] <= threshold[:, :, None]
            chosen = np.where(goes_left, chosen[0::2], chosen[1::2])
        return np.asarray(chosen[0].sum(axis=0, initial=float(self.baseline)))

    @cached_property
    def _complete(self) -> tuple[list[Level], Array]:
        """Every tree filled up to the depth of the deepest, level by level, and all their leaves.

        With 2^k nodes of all trees side by side on level k, a chunk of rows goes down all trees in
        a few calls of NumPy, where scikit-learn walks row by row. A leaf above the last level
        stands below itself on both sides.
        """
        levels, nodes = [], self.first[None, :]
        while (self.feature[nodes] != LEAF).any():
            feature = self.feature[nodes]
            column = 2 * np.maximum(feature, 0) + self.missing_left[nodes]
            levels.append((column, self.threshold[nodes]))
            below = [
                np.where(feature == LEAF, nodes, side[nodes]) for side in (self.left, self.right)
            ]
            nodes = np.stack(below, axis=1).reshape(-1, len(self.first))
        return levels, self.value[nodes]

    def each(self) -> Iterator[slice]:
        """Yield the nodes of each tree."""
        ends = [*self.first[1:], len(self.feature)]
        return (slice(int(start), int(end)) for start, end in zip(self.first, ends, strict=True))

    def check(self, *, features: int) -> None:
        """Refuse nodes that could not be walked: ValueError says what was expected.

        A child stands after its parent, so that every walk ends.
        """
        inner = self.feature != LEAF
        here = np.arange(len(self.feature))
        if (self.feature < LEAF).any() or (self.feature >= features).any():
            raise ValueError(f"feature: expected columns below {features}, got others")
        if (self.first < 0).any() or (self.first >= len(here)).any():
            raise ValueError(f"first: expected nodes below {len(here)}, got others")
        for name, child in (("left", self.left), ("right", self.right)):
            if not ((child > here) & (child < len(here)))[inner].all():
                raise ValueError(f"{name}: expected children after their parents, got others")


class BoostedTrees(MarginClassifier):
    """Shallow gradient-boosted trees, monotone where asked.

    Parameters are those of scikit-learn's `HistGradientBoostingClassifier`, which grows the trees;
    `monotonic` is its `monotonic_cst`. Stored are `trees_`, arrays of numbers, and `margins_`,
    the log-odds of the training rows by fits that left their fold out (None without folds).
    """

    def __init__(
        self,
        learning_rate: float = 0.1,
        max_iter: int = 150,
        max_depth: int = 2,
        min_samples_leaf: int = 100,
        l2_regularization: float = 50.0,
        max_features: float = 0.3,
        monotonic: Sequence[int] | None = None,
        random_state: int | None = None,
    ) -> None:
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.monotonic = monotonic
        self.random_state = random_state

    def _fit(self, X: Array, y: Labels, folds: Folds) -> None:
        def score(train: Rows, test: Rows) -> Array:
            empty = np.asarray(np.isnan(X[train]).all(axis=0))
            return self._grow(blanked(X[train], empty), y[train]).margin(blanked(X[test], empty))

        self.margins_ = out_of_fold(score, folds, length=len(y))
        self.trees_, self.n_iter_ = self._grow(X, y), self.max_iter

    def _grow(self, X: Array, y: Labels) -> Trees:
        options = self.get_params()
        monotonic = options.pop("monotonic")
        options["monotonic_cst"] = None if monotonic is None else list(monotonic)
        return Trees.of(HistGradientBoostingClassifier(early_stopping=False, **options).fit(X, y))

    def margin(self, X: Array) -> Array:
        """Return log-odds of rows X (n, p), shape (n,), without checks."""
        return self.trees_.margin(X)

    def numbers(self) -> Numbers:
        """Return the nodes of all trees, as arrays by name; `restore` reads them back."""
        return {field.name: getattr(self.trees_, field.name) for field in fields(Trees)}

    def restore(self, numbers: Mapping[str, npt.NDArray[Any]], *, features: int) -> Self:
        """Take back what `numbers` returned, for rows of so many `features`.

        Raises ValueError for nodes that do not fit together.
        """
        nodes = (len(numbers["feature"]),)
        shapes = {field.name: nodes for field in fields(Trees)} | {"first": (-1,), "baseline": ()}
        expect_shapes(numbers, **shapes)
        expect_whole(numbers, "first", "feature", "left", "right")
        self.trees_ = Trees(**{field.name: numbers[field.name] for field in fields(Trees)})
        self.trees_.check(features=features)
        self.margins_, self.n_iter_ = None, self.max_iter
        return self._restored(features)
