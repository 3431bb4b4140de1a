"""From contributions to reasons in French: summed by group, for and against, with their theme.

A reason's contribution is the sum of its group's contributions, never a guess; its sentence tells
the fact of the feature that weighed most in the same direction, and a second one where the first
carries less than half of the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from features.catalogue.catalogue import Catalogue, Feature
from features.catalogue.groups import GROUPS
from features.catalogue.sentences import fields_of, fill
from models.unusual import Unusual

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
SHARE, FEWEST = 0.75, 3  # of the absolute weight covered, and reasons at least


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
        self, values: Array, contributions: Array, *, as_of: Sequence[date], share: float = SHARE
    ) -> list[list[Reason]]:
        """Return the reasons of each row of the matrix, heaviest first.

        Groups are taken until they make `share` of the absolute weight of all, and at least FEWEST
        of them. A group that weighed nothing is no reason: a candidate may look at one feature
        only. `values` (n, features) are rows of the matrix in catalogue order; `contributions`
        (n, inputs), aligned with the catalogue's inputs, and the mornings are row by row theirs.
        """
        sums = self.group_sums(contributions)
        weights = np.abs(sums)
        ranked = np.argsort(-weights, axis=1, kind="stable")
        counts = _enough(np.take_along_axis(weights, ranked, axis=1), share)
        shown = [groups[:count] for groups, count in zip(ranked, counts, strict=True)]
        leads = self._leading_features(np.unique(np.concatenate(shown)), sums, contributions)
        rows = zip(shown, sums.tolist(), leads.tolist(), values, as_of, strict=True)
        return [
            [
                self._reason(group, total[group], lead[group], row, morning)
                for group in groups.tolist()
                if total[group] != 0
            ]
            for groups, total, lead, row, morning in rows
        ]

    def unusual(
        self, values: Array, outside: Sequence[Sequence[int]], *, as_of: Sequence[date]
    ) -> list[list[Unusual]]:
        """Return what is unusual of each row of the matrix, `outside` being inputs by position."""
        return [
            [
                Unusual(feature.name, feature.label, self._fact(feature, row, morning))
                for feature in (self._inputs[position] for position in positions)
            ]
            for positions, row, morning in zip(outside, values, as_of, strict=True)
        ]

    def _leading_features(self, shown: Positions, sums: Array, contributions: Array) -> Positions:
        """Per case and group described, the one or two features that carry it, (n, groups, 2).

        They weighed most in the direction of the group's sum. The second is that of a group whose
        first carries less than half of the sum, and -1 where there is none.
        """
        leads = np.full((*sums.shape, 2), -1, dtype=np.int64)
        for group in shown.tolist():
            members = self._members[group]
            weights = contributions[:, members] * np.sign(sums[:, [group]])
            first = weights.argmax(axis=1)
            leads[:, group, 0] = members[first]
            if len(members) > 1:
                rows = np.arange(len(weights))
                carried = weights[rows, first] >= np.abs(sums[:, group]) / 2
                weights[rows, first] = -np.inf
                second = weights.argmax(axis=1)
                helps = ~carried & (weights[rows, second] > 0)
                leads[helps, group, 1] = members[second[helps]]
        return leads

    def _reason(
        self, group: int, total: float, leads: Sequence[int], values: Array, as_of: date
    ) -> Reason:
        declared = GROUPS[self.groups[group]]
        facts = [self._fact(self._inputs[lead], values, as_of) for lead in leads if lead >= 0]
        sentence = " ; ".join([facts[0], *(_continued(fact, facts[0]) for fact in facts[1:])])
        return Reason(
            declared.name, declared.label, sentence, total, declared.theme, declared.within_reach
        )

    def _fact(self, feature: Feature, values: Array, as_of: date) -> str:
        template = feature.template(values[self._position[feature.name]])
        row = {
            name: values[self._position[self._own(name, feature)]] for name in fields_of(template)
        }
        units = {name: self._units[self._own(name, feature)] for name in row}
        return fill(template, row, units, as_of=as_of)

    @staticmethod
    def _own(field: str, feature: Feature) -> str:
        return feature.name if field == "value" else field


def _enough(weights: Array, share: float) -> Positions:
    """Return how many of the weights (n, groups), heaviest first, make the share of their sum."""
    sums = weights.cumsum(axis=1)
    short = sums < share * sums[:, -1:]
    return np.asarray(np.maximum(short.sum(axis=1) + 1, FEWEST))


def _continued(fact: str, first: str) -> str:
    """Return a fact as it goes on after the first of its group, whose subject is not repeated."""
    subject, colon, rest = fact.partition(" : ")
    if colon and first.startswith(subject + colon):
        return rest
    return fact[:1].lower() + fact[1:]
