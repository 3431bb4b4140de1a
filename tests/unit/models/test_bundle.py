"""The bundle comes back as it was written, and refuses in one sentence what does not match."""

import copy
import hashlib
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from features.common.errors import StorageError
from features.families import CATALOGUE
from models.bundle import MANIFEST, MEMBERS, load, read_manifest, save, version_of
from models.candidates import NAMES
from tests.lib import programmes

FILES = (
    "about.json",
    "card.md",
    "data.json",
    "incidence.json",
    "libraries.json",
    MEMBERS,
    "metrics.json",
    "model.json",
    "profile.json",
    "recipe.json",
    "reliability.json",
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    save(programmes.bundle(), folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_a_bundle_comes_back_with_the_same_bytes_of_risks(name: str, tmp_path: Path) -> None:
    bundle, X = programmes.bundle(name), programmes.dataset().X[:200]
    save(bundle, tmp_path / "bundle")

    loaded = load(tmp_path / "bundle", catalogue=CATALOGUE)

    before, after = bundle.explainer.explain(X), loaded.explainer.explain(X)
    assert after.risk.tobytes() == before.risk.tobytes()
    assert after.contributions.tobytes() == before.contributions.tobytes()
    proba = loaded.model.predict_proba(X)
    assert proba.tobytes() == bundle.model.predict_proba(X).tobytes()


def test_everything_beside_the_model_comes_back(saved: Path) -> None:
    bundle = programmes.bundle()

    loaded = load(saved, catalogue=CATALOGUE)

    assert loaded.facts == json.loads(json.dumps(bundle.facts))
    assert loaded.thresholds == bundle.thresholds
    assert loaded.card == bundle.card
    assert loaded.base_rate == bundle.base_rate
    assert (loaded.columns, loaded.horizon_days) == (bundle.columns, bundle.horizon_days)
    assert loaded.reliability.equals(bundle.reliability)
    assert loaded.curve.equals(bundle.curve)
    assert loaded.version == version_of(bundle)


def test_a_bundle_made_before_the_curve_draws_it_through_its_bins(tmp_path: Path) -> None:
    """Formats only add: what an older bundle lacks is made of what it has."""
    folder = tmp_path / "bundle"
    save(programmes.bundle(), folder)
    judged = json.loads((folder / "reliability.json").read_text())
    del judged["curve"]
    content = json.dumps(judged).encode()
    (folder / "reliability.json").write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["reliability.json"] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))

    loaded = load(folder, catalogue=CATALOGUE)

    assert loaded.curve["risk"].tolist() == loaded.reliability["mean_risk"].tolist()
    assert loaded.curve["high"].tolist() == loaded.reliability["rate_high"].tolist()


def test_the_same_training_gives_the_same_version(tmp_path: Path) -> None:
    first = save(programmes.bundle(), tmp_path / "one")
    second = save(load(tmp_path / "one", catalogue=CATALOGUE), tmp_path / "two")

    assert first == second
    assert save(programmes.bundle("logistic"), tmp_path / "three") != first


def test_a_bundle_holds_these_files_and_no_pickle(saved: Path) -> None:
    assert {path.name for path in saved.iterdir()} == {*FILES, MANIFEST}
    assert set(read_manifest(saved)["files"]) == set(FILES)


def test_the_members_are_arrays_of_numbers_and_nothing_else(saved: Path) -> None:
    """Moving a class, ours or a library's, must not break the bundles that exist."""
    with np.load(saved / MEMBERS, allow_pickle=False) as stored:
        kinds = {stored[name].dtype.kind for name in stored.files}

    assert kinds == set("bif")


def test_another_number_is_another_version() -> None:
    """The version is a digest of the numbers too."""
    bundle = programmes.bundle()
    other = copy.deepcopy(bundle.model)
    other.members_[0].trees_.value[0] += 1e-9

    assert version_of(replace(bundle, model=other)) != version_of(bundle)


def test_levels_follow_the_thresholds() -> None:
    bundle = programmes.bundle()
    high, moderate = bundle.thresholds["eleve"], bundle.thresholds["modere"]

    levels = bundle.level_of(np.array([high, np.nextafter(high, 0), moderate, 0.0]))

    assert levels.tolist() == ["eleve", "modere", "modere", "faible"]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a few bytes, as when the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(StorageError, match="nothing was left half-written"):
        save(programmes.bundle(), tmp_path / "bundle")

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_bundle_as_it_was(saved: Path) -> None:
    before = {path.name: path.read_bytes() for path in saved.iterdir()}

    with full_disk(), pytest.raises(StorageError):
        save(programmes.bundle("logistic"), saved, replace=True)

    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    assert [path.name for path in saved.parent.iterdir()] == ["bundle"]
    assert load(saved, catalogue=CATALOGUE).model.candidate == "trees"


def test_a_folder_in_use_is_not_written_over_unasked(saved: Path) -> None:
    with pytest.raises(StorageError, match="expected a new or empty folder"):
        save(programmes.bundle("logistic"), saved)

    assert load(saved, catalogue=CATALOGUE).model.candidate == "trees"


def test_a_bundle_takes_the_place_of_another_when_asked(saved: Path) -> None:
    save(programmes.bundle("logistic"), saved, replace=True)

    assert load(saved, catalogue=CATALOGUE).model.candidate == "logistic"
    assert [path.name for path in saved.parent.iterdir()] == ["bundle"]
