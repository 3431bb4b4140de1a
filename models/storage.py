"""What a risk model learned as facts (JSON) and arrays (npz), and back to the last bit.

Format 3 of the bundle; later formats only add keys to `facts_of` and arrays to `arrays_of`. Arrays
are named by the member's position and their own name, such as `0.coefficients`, or by the nominal
column they belong to, such as `nominal.3.effects`.
"""

import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from models.calibration import Sigmoid
from models.classifier import MarginClassifier
from models.effects import Effects
from models.numbers import Numbers, expect_shapes
from models.parent import ParentModel
from models.regression import PenalisedRegression
from models.risk import RiskModel
from models.trees import BoostedTrees

Facts = dict[str, Any]
PARENT = "parent."
KINDS: dict[str, type[MarginClassifier]] = {
    "penalised_regression": PenalisedRegression,
    "boosted_trees": BoostedTrees,
    "parent": ParentModel,
}


def facts_of(model: RiskModel) -> Facts:
    """Return what describes a fitted model, JSON-able; the numbers are in `arrays_of`."""
    return {
        "candidate": model.candidate,
        "monotonic": None if model.monotonic is None else list(model.monotonic),
        "folds": model.folds,
        "random_state": model.random_state,
        "classes": [int(c) for c in model.classes_],
        "sigmoid": asdict(model.sigmoid_),
        "empty": np.flatnonzero(model.empty_).tolist(),
        "nominal": [int(column) for column in model.nominal],
        "members": [_member_facts(member) for member in model.members_],
    }


def arrays_of(model: RiskModel) -> Numbers:
    """Return the numbers of every member and of every nominal column."""
    members = {
        f"{position}.{name}": array
        for position, member in enumerate(model.members_)
        for name, array in _member_arrays(member).items()
    }
    effects = {
        f"nominal.{column}.{name}": array
        for column, effects in zip(model.nominal, model.effects_, strict=True)
        for name, array in asdict(effects).items()
    }
    return members | effects


def restore(facts: Facts, arrays: Mapping[str, npt.NDArray[Any]], *, features: int) -> RiskModel:
    """Return the model of these facts and arrays, for rows of so many `features`.

    Raises ValueError, LookupError or TypeError when they do not fit together.
    """
    model = RiskModel(facts["candidate"], facts["monotonic"], facts["folds"], facts["random_state"])
    model.nominal = tuple(facts["nominal"])
    model.effects_ = tuple(_effects(_part(arrays, f"nominal.{n}.")) for n in model.nominal)
    model.members_ = tuple(
        _member(member, _part(arrays, f"{position}."), features=features)
        for position, member in enumerate(facts["members"])
    )
    model.classes_ = np.array(facts["classes"])
    model.sigmoid_ = Sigmoid(**facts["sigmoid"])
    model.empty_ = np.isin(np.arange(features), facts["empty"])
    model.n_features_in_, model.margins_ = features, None
    return model


def pack(arrays: Numbers) -> bytes:
    """Return arrays as the bytes of an npz file: the same arrays give the same bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> Numbers:
    """Return the arrays of an npz file. Raises ValueError for anything else, objects included."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, EOFError, BadZipFile, AttributeError) as error:
        raise ValueError("a file that cannot be read as arrays") from error


def _member_facts(member: MarginClassifier) -> Facts:
    kind = next(name for name, kind in KINDS.items() if type(member) is kind)
    parameters = member.get_params(deep=False)
    parent = parameters.pop("parent", None)
    facts = {"kind": kind, "parameters": parameters}
    return facts if parent is None else facts | {"parent": facts_of(parent)}


def _member(facts: Facts, numbers: Numbers, *, features: int) -> MarginClassifier:
    if facts["kind"] not in KINDS:
        raise ValueError(f"a member of kind {facts['kind']!r}, not one of {', '.join(KINDS)}")
    member = KINDS[facts["kind"]](**facts["parameters"])
    if isinstance(member, ParentModel):
        member.parent = restore(facts["parent"], _part(numbers, PARENT), features=features)
    return member.restore(numbers, features=features)


def _member_arrays(member: MarginClassifier) -> Numbers:
    """The numbers of a member, its parent's among them."""
    if not isinstance(member, ParentModel):
        return member.numbers()
    parent = arrays_of(member.parent)
    return member.numbers() | {f"{PARENT}{name}": array for name, array in parent.items()}


def _effects(numbers: Numbers) -> Effects:
    expect_shapes(numbers, codes=(-1,), effects=numbers["codes"].shape)
    if not len(numbers["codes"]) or (np.diff(numbers["codes"]) <= 0).any():
        raise ValueError("codes: expected codes in ascending order, got others")
    return Effects(**numbers)


def _part(arrays: Mapping[str, npt.NDArray[Any]], prefix: str) -> Numbers:
    """Arrays whose name begins with `prefix`, without it."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
