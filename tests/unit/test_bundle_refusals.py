"""A bundle that does not match is refused in one sentence that says what differs."""

import hashlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import skops.io

from features.catalogue import Catalogue
from features.errors import BundleError
from features.families import CATALOGUE
from models.bundle import MANIFEST, MEMBERS, load, save
from tests.lib import programmes
from tests.unit.test_bundle import FILES


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    save(programmes.bundle(), folder)
    return folder


def refusal(folder: Path, *, catalogue: Catalogue = CATALOGUE) -> str:
    """The one sentence a bundle is refused with."""
    with pytest.raises(BundleError) as caught:
        load(folder, catalogue=catalogue)
    message = str(caught.value)
    assert "\n" not in message
    return message


def replace_sealed(folder: Path, name: str, content: bytes) -> None:
    """Replace a file and its hash: what someone who can write the folder can do."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused(saved: Path, name: str) -> None:
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content[: len(content) // 2])

    assert f"{name}: expected the content the manifest names, got another" in refusal(saved)


@pytest.mark.parametrize("name", FILES)
def test_an_altered_byte_is_refused(saved: Path, name: str) -> None:
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(bytes(content))

    assert "truncated or altered" in refusal(saved)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(saved: Path, name: str) -> None:
    (saved / name).unlink()

    assert f"{name}: expected a file of the bundle, got nothing" in refusal(saved)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    assert "manifest.json: expected a bundle's file, got nothing" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '"text"', "{}", '{"format": 2}', '{"format": 2, "files": []}', "\x00"],
)
def test_a_damaged_manifest_is_refused(saved: Path, content: str) -> None:
    (saved / MANIFEST).write_text(content, encoding="utf-8")

    message = refusal(saved)

    assert message.startswith(str(saved))


def test_a_manifest_that_leaves_a_file_out_is_refused(saved: Path) -> None:
    """A file the manifest does not bind could be anything."""
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    del manifest["files"][MEMBERS]
    (saved / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    assert MEMBERS in refusal(saved)


@pytest.mark.parametrize("other", [1, 99])
def test_another_format_is_refused(saved: Path, other: int) -> None:
    """Format 1 held a single estimator; whoever still has such a bundle is told what to do."""
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    (saved / MANIFEST).write_text(json.dumps(manifest | {"format": other}), encoding="utf-8")

    assert f"expected bundle format 2, got {other}; train again" in refusal(saved)


def test_a_bundle_of_another_catalogue_says_which_features_differ(saved: Path) -> None:
    """Both ways: those that are gone and those that are new."""
    families = CATALOGUE.families
    without = Catalogue(family for family in families if family.name != "support")
    message = refusal(saved, catalogue=without)

    gone = sorted(f.name for f in CATALOGUE if f not in set(without))
    assert f"(no longer there: {', '.join(gone)}; new: none;" in message
    assert CATALOGUE.hash in message
    assert without.hash in message


def test_new_features_are_named_too(saved: Path) -> None:
    facts = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    older = facts | {"columns": facts["columns"][1:], "catalogue_hash": "0" * 16}
    replace_sealed(saved, "model.json", json.dumps(older).encode())

    assert f"no longer there: none; new: {CATALOGUE.inputs[0]};" in refusal(saved)


def test_another_scikit_learn_is_refused(saved: Path) -> None:
    libraries = json.loads((saved / "libraries.json").read_text(encoding="utf-8"))
    older = json.dumps(libraries | {"scikit-learn": "0.1"}).encode()
    replace_sealed(saved, "libraries.json", older)

    assert "got one saved with 0.1; train again or install that version" in refusal(saved)


class Stranger:
    """A class nobody trusts."""

    def __init__(self) -> None:
        self.anything = 1


@pytest.mark.parametrize("hidden", [Stranger(), {"inside": [Stranger()]}, open])
def test_a_class_that_is_not_trusted_is_refused_by_name(saved: Path, hidden: Any) -> None:
    """Even under a valid hash: it is refused before anything of it is built."""
    replace_sealed(saved, MEMBERS, skops.io.dumps(hidden))

    message = refusal(saved)

    assert "expected scikit-learn classes only, got" in message
    assert "do not use this bundle" in message
    assert "Stranger" in message or "open" in message


class Trap:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.trace,)


def test_a_pickle_in_its_place_is_refused_and_never_run(saved: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    replace_sealed(saved, MEMBERS, pickle.dumps(Trap(trace)))

    assert "expected a skops file, got one that cannot be read" in refusal(saved)
    assert not trace.exists()


def test_a_file_that_is_not_of_the_bundle_is_refused(saved: Path) -> None:
    (saved / "extra.json").write_text("{}", encoding="utf-8")

    assert "extra.json: expected files of the manifest only, got one more" in refusal(saved)
