"""A feature of the catalogue is drawn in some spec: a new one without it fails here."""

from importlib import import_module
from pathlib import Path

from features.families import CATALOGUE

SPEC = Path(__file__).parents[1] / "spec"


def test_every_feature_has_a_spec() -> None:
    """The names drawn in tests/spec/test_features_*.py are those of the catalogue."""
    modules = [f"tests.spec.{path.stem}" for path in sorted(SPEC.glob("test_features_*.py"))]
    drawn = {name for m in modules for spec in import_module(m).SPECS for name in spec.names}
    missing = [name for name in CATALOGUE.names if name not in drawn]
    assert missing == [], f"draw these features in a spec of tests/spec: {missing}"


def test_every_family_has_a_file_of_specs() -> None:
    """Specs of a family are found under its name."""
    files = {path.stem.removeprefix("test_features_") for path in SPEC.glob("test_features_*.py")}
    assert {family.name for family in CATALOGUE.families} == files
