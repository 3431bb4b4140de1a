"""What every declaration of the catalogue holds: a direction, a group, bounds and words."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from features.catalogue.catalogue import Catalogue, Family, Feature
from features.catalogue.groups import GROUPS
from features.catalogue.sentences import fields_of, fill
from features.families import CATALOGUE
from features.records.codes import THEME

UNITS = {feature.name: feature.unit for feature in CATALOGUE}


@pytest.mark.parametrize("feature", CATALOGUE.features, ids=lambda feature: feature.name)
def test_declaration(feature: Feature) -> None:
    """A feature has a known direction and group, bounds in order, and words for every value."""
    assert feature.monotonic in {-1, 0, 1}
    assert feature.low < feature.high
    assert GROUPS[feature.group].theme == feature.theme
    assert feature.theme in THEME.codes
    for value in (feature.high, 1.0, 0.0, -1.0, float("nan")):
        template = feature.template(value)
        values = dict.fromkeys(fields_of(template), 2.0) | {"value": value}
        units = {name: UNITS.get(name, feature.unit) for name in values}
        sentence = fill(template, values, units, as_of=pd.Timestamp("2024-01-01").date())
        assert sentence.strip()
        assert sentence[0] == sentence[0].upper()


def test_a_value_below_zero_is_put_in_words() -> None:
    """A feature that can fall below zero has a sentence for it, or one that does not write it."""
    silent = [
        f.name
        for f in CATALOGUE
        if f.low < 0 and f.negative is None and "value" in fields_of(f.sentence)
    ]
    assert silent == []


def test_every_group_is_used_and_every_name_is_new() -> None:
    """A group without a feature would be a heading without reasons."""
    assert {feature.group for feature in CATALOGUE} == set(GROUPS)
    assert len(set(CATALOGUE.names)) == len(CATALOGUE) >= 60


def test_the_hash_distinguishes_declarations() -> None:
    """A bundle learned under another declaration must not load: any of its parts moves the hash."""

    def hash_of(**changes: Any) -> str:
        family = Family("test", "Test")
        family.features = [replace(CATALOGUE["warnings"], **changes)]
        return Catalogue([family]).hash

    hashes = {
        hash_of(),
        hash_of(revision=2),
        hash_of(monotonic=0),
        hash_of(high=5.0),
        hash_of(group="support"),
        hash_of(name="other"),
    }
    assert len(hashes) == 6
    assert hash_of(label="autre libellé") == hash_of()
