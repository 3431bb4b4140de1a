"""From contributions to reasons in French: summed by group, for and against, with their theme.

A reason's contribution is the sum of its group's contributions, never a guess; its sentence tells
the fact of the feature that weighed most in the same direction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from features.catalogue.catalogue import Catalogue, Feature
from features.catalogue.groups import GROUPS
from features.catalogue.sentences import fields_of, fill

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Reason:
    """What a group of features added to (above 0) or took from the log-odds of a case."""

    group: str
    label: str
    sentence: str
    contribution: float
    theme: str
    within_reach: bool


class ReasonWriter:
    """Writes the reasons of any number of cases under one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        inputs = catalogue.inputs
        self._position = catalogue.positions
        self._inputs = [catalogue[name] for name in inputs]
        self._units = {feature.name: feature.unit for feature in catalogue}
        self.groups = [name for name in GROUPS if any(f.group == name for f in self._inputs)]
        of_feature = np.array([self.groups.index(f.group) for f in self._inputs])
        self._by_group = np.argsort(of_feature, kind="stable")
        self._first = np.searchsorted(of_feature[self._by_group], np.arange(len(self.groups)))
        self._members = [np.flatnonzero(of_feature == g) for g in range(len(self.groups))]

    def group_sums(self, contributions: Array) -> Array:
        """Contributions (n, inputs) summed by group, shape (n, groups)."""
        return np.add.reduceat(contributions[:, self._by_group], self._first, axis=1)

    def write(
        self, values: Array, contributions: Array, *, as_of: Sequence[date], most: int = 6
    ) -> list[list[Reason]]:
        """Return the `most` heaviest reasons of each row of the matrix, heaviest first.

        A group that weighed nothing is no reason: a candidate may look at one feature only.
        `values` (n, features) are rows of the matrix in catalogue order; `contributions`
        (n, inputs), aligned with the catalogue's inputs, and the mornings are row by row theirs.
        """
        sums = self.group_sums(contributions)
        ranked = np.argsort(-np.abs(sums), axis=1, kind="stable")[:, :most]
        leads = self._leading_features(ranked, sums, contributions)
        rows = zip(ranked.tolist(), sums.tolist(), leads.tolist(), values, as_of, strict=True)
        return [
            [
                self._reason(group, total[group], lead[group], row, morning)
                for group in groups
                if total[group] != 0
            ]
            for groups, total, lead, row, morning in rows
        ]

    def _leading_features(self, ranked: Positions, sums: Array, contributions: Array) -> Positions:
        """Per case and group told of, what weighed most in the direction of the group's sum."""
        leads = np.zeros(sums.shape, dtype=np.int64)
        for group in np.flatnonzero(np.bincount(ranked.ravel())):
            members = self._members[group]
            weights = contributions[:, members] * np.sign(sums[:, [group]])
            leads[:, group] = members[weights.argmax(axis=1)]
        return leads

    def _reason(self, group: int, total: float, lead: int, values: Array, as_of: date) -> Reason:
        told, feature = GROUPS[self.groups[group]], self._inputs[lead]
        template = feature.template(values[self._position[feature.name]])
        row = {
            name: values[self._position[self._own(name, feature)]] for name in fields_of(template)
        }
        units = {name: self._units[self._own(name, feature)] for name in row}
        sentence = fill(template, row, units, as_of=as_of)
        return Reason(told.name, told.label, sentence, total, told.theme, told.within_reach)

    @staticmethod
    def _own(field: str, feature: Feature) -> str:
        return feature.name if field == "value" else field
