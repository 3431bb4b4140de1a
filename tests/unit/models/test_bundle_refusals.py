"""A bundle that does not match is refused in one sentence that says what differs."""

import hashlib
import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from features.catalogue.catalogue import Catalogue
from features.common.errors import BundleError
from features.families import CATALOGUE
from models.bundle import MANIFEST, MEMBERS, load, save
from models.storage import pack, unpack
from tests.lib import programmes
from tests.unit.models.test_bundle import FILES


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
    ["", "{", "[]", "null", '"text"', "{}", '{"format": 3}', '{"format": 3, "files": []}', "\x00"],
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


@pytest.mark.parametrize("other", [1, 2, 99])
def test_another_format_is_refused(saved: Path, other: int) -> None:
    """Formats 1 and 2 held library objects; whoever has such a bundle reads what to do."""
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    (saved / MANIFEST).write_text(json.dumps(manifest | {"format": other}), encoding="utf-8")

    assert f"expected bundle format 3, got {other}; train again" in refusal(saved)


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


def test_libraries_may_change_underneath(saved: Path) -> None:
    """Numbers mean the same under any scikit-learn."""
    libraries = json.loads((saved / "libraries.json").read_text(encoding="utf-8"))
    older = json.dumps(libraries | {"scikit-learn": "0.1"}).encode()
    replace_sealed(saved, "libraries.json", older)

    assert load(saved, catalogue=CATALOGUE).model.candidate == "trees"


def altered(folder: Path, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Change one array of the members under a valid hash."""
    arrays = unpack((folder / MEMBERS).read_bytes())
    replace_sealed(folder, MEMBERS, pack(arrays | {name: change(arrays[name])}))


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("0.value", lambda a: a[:-1], "value: expected shape"),
        ("0.value", lambda a: a * np.nan, "value: expected numbers, got"),
        ("0.value", lambda a: a.astype("U8"), "value: expected numbers, got <U8"),
        ("0.left", lambda a: a * 0, "left: expected children after their parents"),
        ("0.right", lambda a: a + 10**6, "right: expected children after their parents"),
        ("0.feature", lambda a: a + 10**6, "feature: expected columns below"),
        ("0.feature", lambda a: a.astype("f8") + 0.5, "feature: expected whole numbers"),
        ("0.first", lambda a: a - 1, "first: expected nodes below"),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(
    saved: Path, name: str, change: Callable[[np.ndarray], np.ndarray], words: str
) -> None:
    """Even under a valid hash: trees that could not be walked are never walked."""
    altered(saved, name, change)

    assert words in refusal(saved)


def test_an_array_that_is_missing_is_named(saved: Path) -> None:
    arrays = unpack((saved / MEMBERS).read_bytes())
    replace_sealed(saved, MEMBERS, pack({n: a for n, a in arrays.items() if n != "0.left"}))

    assert "left" in refusal(saved)


def test_a_member_of_an_unknown_kind_is_refused(saved: Path) -> None:
    facts = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    facts["members"][0]["kind"] = "oracle"
    replace_sealed(saved, "model.json", json.dumps(facts).encode())

    assert "a member of kind 'oracle', not one of" in refusal(saved)


class Trap:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.trace,)


def test_a_pickle_in_its_place_is_refused_and_never_run(saved: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    replace_sealed(saved, MEMBERS, pickle.dumps(Trap(trace)))

    assert "expected the numbers of a model, got" in refusal(saved)
    assert not trace.exists()


def test_a_pickle_inside_the_arrays_is_refused_and_never_run(saved: Path, tmp_path: Path) -> None:
    """NumPy's own format can hold objects; they are not read."""
    trace, buffer = tmp_path / "trace", io.BytesIO()
    np.savez(buffer, **{"0.value": np.array([Trap(trace)], dtype=object)})
    replace_sealed(saved, MEMBERS, buffer.getvalue())

    assert "expected the numbers of a model, got" in refusal(saved)
    assert not trace.exists()


def test_a_file_that_is_not_of_the_bundle_is_refused(saved: Path) -> None:
    (saved / "extra.json").write_text("{}", encoding="utf-8")

    assert "extra.json: expected files of the manifest only, got one more" in refusal(saved)
