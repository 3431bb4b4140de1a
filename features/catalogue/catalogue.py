"""What a feature declares, and the catalogue that holds all of them in order.

The declaration is the one source of the matrix's columns, the documentation, the monotone
constraints, the sentences advisors read and the hash a bundle is bound to.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NotRequired, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from features.catalogue.groups import GROUPS, Group
from features.catalogue.sentences import fields_of
from features.catalogue.units import Unit
from features.point_in_time.snapshot import Snapshot

Compute = Callable[[Snapshot], npt.NDArray[np.float64]]


class Policy(StrEnum):
    """What may be done with a feature."""

    INPUT = "input"  # models learn from it
    CONTEXT = "context"  # completes a sentence; models never see it


@dataclass(frozen=True)
class Feature:
    """One column of the matrix.

    `monotonic` is +1 (risk never falls when it grows), -1 or 0 (no promise); `sentence`, `zero`,
    `negative` and `missing` are French templates, read by `features.catalogue.sentences`, for a
    value, for 0, for a value below 0 and for an unknown. `revision` grows whenever the same inputs
    would give another value.
    """

    name: str
    compute: Compute = field(repr=False)
    unit: Unit
    low: float
    high: float
    label: str
    sentence: str
    group: str
    zero: str | None = None
    negative: str | None = None
    missing: str | None = None
    monotonic: int = 0
    policy: Policy = Policy.INPUT
    revision: int = 1

    @property
    def theme(self) -> str:
        """Code of the accompaniment theme its group points to."""
        return GROUPS[self.group].theme

    def template(self, value: float) -> str:
        """Return the French template that fits a value; an unknown says so, and is never a zero."""
        if value != value:  # NaN
            return self.missing or f"{self.label[0].upper()}{self.label[1:]} : non renseigné"
        if value == 0 and self.zero is not None:
            return self.zero
        if value < 0 and self.negative is not None:
            return self.negative
        return self.sentence

    def declaration(self) -> dict[str, object]:
        """Return what a model learned on this feature depends on."""
        return {
            "name": self.name,
            "unit": self.unit.value,
            "bounds": [self.low, self.high],
            "group": self.group,
            "sense": self.monotonic,  # as hashes of older catalogues spell it
            "policy": self.policy.value,
            "revision": self.revision,
        }


class Declaration(TypedDict):
    """What a family says of a feature beside its name, its bounds and how it is computed."""

    unit: Unit
    label: str
    sentence: str
    group: str
    zero: NotRequired[str]
    negative: NotRequired[str]
    missing: NotRequired[str]
    monotonic: NotRequired[int]
    policy: NotRequired[Policy]
    revision: NotRequired[int]


class Family:
    """The features of one module, in the order they are declared."""

    def __init__(self, name: str, label: str) -> None:
        self.name = name
        self.label = label
        self.features: list[Feature] = []

    def add(
        self,
        name: str,
        compute: Compute,
        *,
        bounds: tuple[float, float],
        **declared: Unpack[Declaration],
    ) -> None:
        """Declare a feature computed by `compute`, within `bounds` (low, high)."""
        low, high = bounds
        self.features.append(Feature(name, compute, low=low, high=high, **declared))


class Catalogue:
    """All features, in order; refuses at import what no sentence or group can use.

    Raises ValueError for a name declared twice, an unknown group, or a sentence that names a
    feature nobody produces.
    """

    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)
        self.features = tuple(f for family in self.families for f in family.features)
        self.by_name = {feature.name: feature for feature in self.features}
        self.positions = {name: position for position, name in enumerate(self.by_name)}
        self._check()

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    def __len__(self) -> int:
        return len(self.features)

    def __getitem__(self, name: str) -> Feature:
        return self.by_name[name]

    @property
    def names(self) -> list[str]:
        """Columns of the matrix, in order."""
        return list(self.by_name)

    @property
    def inputs(self) -> list[str]:
        """Columns models learn from, in order."""
        return [f.name for f in self.features if f.policy is Policy.INPUT]

    @property
    def hash(self) -> str:
        """Digest of every declaration; a bundle is only loaded under the catalogue it learned."""
        declared = [feature.declaration() for feature in self.features]
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()[:16]

    def group_of(self, name: str) -> Group:
        """Return the group whose contributions this feature's are summed with."""
        return GROUPS[self.by_name[name].group]

    def _check(self) -> None:
        if len(self.by_name) != len(self.features):
            raise ValueError("catalogue: a feature name is declared twice")
        for feature in self.features:
            if feature.group not in GROUPS:
                raise ValueError(f"catalogue: {feature.name} names no known group: {feature.group}")
            for template in (feature.sentence, feature.zero, feature.negative, feature.missing):
                unknown = fields_of(template or "") - {"value"} - set(self.by_name)
                if unknown:
                    raise ValueError(f"catalogue: {feature.name} tells of unknown {unknown}")
