"""The bundle: what training hands to serving. A folder of skops and JSON files, never a pickle.

Only library classes enter the skops file; our own classes are rebuilt from JSON, so that no module
path of ours is frozen on disk. A manifest binds every file by its SHA-256; loading refuses what
does not match and says what differs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import skops.io

from features.catalogue import Catalogue
from features.errors import BundleError
from features.writing import whole_folder
from models import reliability
from models.calibration import Sigmoid
from models.explanation import Explainer
from models.risk import RiskModel
from models.trust import TRUSTED

FORMAT = 2
MANIFEST = "manifest.json"
MEMBERS = "members.skops"
# A pickle-free format still holds the library's own attributes: these may not change underneath.
BOUND_LIBRARIES = ("scikit-learn",)
LIBRARIES = ("scikit-learn", "numpy", "pandas", "scipy", "shap", "skops")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """A judged model and everything needed to serve, question and retrain it.

    `facts` holds JSON-able data by file name: `recipe`, `data`, `metrics`, `profile`; `thresholds`
    are the lowest risks of the levels; `base_rate` is the mean risk to show beside every score.
    """

    model: RiskModel
    columns: tuple[str, ...]
    catalogue_hash: str
    label_version: str
    horizon_days: int
    base_rate: float
    thresholds: Mapping[str, float]
    reliability: pd.DataFrame
    facts: Mapping[str, Facts]
    card: str
    version: str = "unsaved"

    @cached_property
    def explainer(self) -> Explainer:
        """The model's explainer, built at first use."""
        return Explainer(self.model)

    def level_of(self, risk: np.ndarray) -> np.ndarray:
        """`eleve`, `modere` or `faible` of each risk, by the programme's capacity."""
        return np.select(
            [risk >= self.thresholds["eleve"], risk >= self.thresholds["modere"]],
            ["eleve", "modere"],
            default="faible",
        )


def save(bundle: Bundle, folder: Path, *, replace: bool = False) -> str:
    """Write the bundle whole or not at all; answers its version, a digest of its content.

    Raises StorageError when the disk refuses, leaving nothing half-written.
    """
    files = {f"{name}.json": _json(fact) for name, fact in _documents(bundle).items()}
    name = version_of(bundle)
    files["card.md"] = bundle.card.encode()
    files[MEMBERS] = skops.io.dumps(bundle.model.members_)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    with whole_folder(folder, replace=replace) as temporary:
        for file, content in files.items():
            (temporary / file).write_bytes(content)
        manifest = {"format": FORMAT, "version": name, "files": hashes}
        (temporary / MANIFEST).write_bytes(_json(manifest))
    return name


def version_of(bundle: Bundle) -> str:
    """Candidate and digest of everything the bundle says: the same training gives the same version.

    The members' file is left out, because skops names its parts by memory address; the model's
    references, calibration and figures are in.
    """
    digest = hashlib.sha256(_json(_documents(bundle))).hexdigest()[:12]
    return f"{bundle.model.candidate}-{digest}"


def load(folder: Path, *, catalogue: Catalogue) -> Bundle:
    """Read a bundle back, verified.

    Raises BundleError, in one sentence that says what differs, for a missing, truncated or altered
    file, another catalogue, another scikit-learn, or classes that are not trusted.
    """
    manifest = read_manifest(folder)
    model_facts = _read(folder, "model.json")
    _check_catalogue(folder, model_facts, catalogue)
    _check_libraries(folder, _read(folder, "libraries.json"))
    about = _read(folder, "about.json")
    return Bundle(
        model=_model(folder, model_facts),
        columns=tuple(model_facts["columns"]),
        catalogue_hash=model_facts["catalogue_hash"],
        reliability=reliability.from_rows(_read(folder, "reliability.json")["rows"]),
        facts={name: _read(folder, f"{name}.json") for name in about.pop("facts")},
        card=(folder / "card.md").read_text(encoding="utf-8"),
        version=manifest["version"],
        **about,
    )


def read_manifest(folder: Path) -> Facts:
    """Verify every file against the manifest and answer it."""
    manifest = _read(folder, MANIFEST)
    if manifest.get("format") != FORMAT:
        raise BundleError(
            f"{folder}: expected bundle format {FORMAT}, got {manifest.get('format')}; train again"
        )
    hashes = manifest.get("files")
    if not isinstance(hashes, dict):
        raise BundleError(f"{folder / MANIFEST}: expected hashes, got none; copy the bundle again")
    present = {path.name for path in folder.iterdir()} - {MANIFEST}
    for name in sorted({*present, *hashes}):
        _verify(folder / name, hashes.get(name))
    return manifest


def _verify(path: Path, expected: str | None) -> None:
    if not path.is_file():
        raise BundleError(f"{path}: expected a file of the bundle, got nothing; copy it again")
    if expected is None:
        raise BundleError(f"{path}: expected files of the manifest only, got one more; take it out")
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        raise BundleError(
            f"{path}: expected the content the manifest names, got another (truncated or "
            "altered); copy the bundle again"
        )


def _documents(bundle: Bundle) -> dict[str, Facts]:
    model = bundle.model
    return {
        "model": {
            "candidate": model.candidate,
            "senses": None if model.senses is None else list(model.senses),
            "folds": model.folds,
            "random_state": model.random_state,
            "classes": [int(c) for c in model.classes_],
            "sigmoid": asdict(model.sigmoid_),
            "empty": np.flatnonzero(model.empty_).tolist(),
            "references": [None if r is None else r.tolist() for r in model.references_],
            "columns": list(bundle.columns),
            "catalogue_hash": bundle.catalogue_hash,
        },
        "about": {
            "label_version": bundle.label_version,
            "horizon_days": bundle.horizon_days,
            "base_rate": bundle.base_rate,
            "thresholds": dict(bundle.thresholds),
            "facts": sorted(bundle.facts),
        },
        "reliability": {"rows": reliability.to_rows(bundle.reliability)},
        "libraries": {name: version(name) for name in LIBRARIES},
        **bundle.facts,
    }


def _model(folder: Path, facts: Facts) -> RiskModel:
    model = RiskModel(facts["candidate"], facts["senses"], facts["folds"], facts["random_state"])
    model.members_ = _members(folder)
    model.classes_ = np.array(facts["classes"])
    model.sigmoid_ = Sigmoid(**facts["sigmoid"])
    model.empty_ = np.isin(np.arange(len(facts["columns"])), facts["empty"])
    model.references_ = tuple(None if r is None else np.array(r) for r in facts["references"])
    model.n_features_in_ = len(facts["columns"])
    return model


def _members(folder: Path) -> tuple[Any, ...]:
    data = (folder / MEMBERS).read_bytes()
    try:
        strangers = set(skops.io.get_untrusted_types(data=data)) - TRUSTED
        if strangers:
            raise BundleError(
                f"{folder / MEMBERS}: expected scikit-learn classes only, got "
                f"{', '.join(sorted(strangers))}; do not use this bundle"
            )
        return tuple(skops.io.loads(data, trusted=sorted(TRUSTED)))
    except (OSError, BadZipFile, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BundleError(
            f"{folder / MEMBERS}: expected a skops file, got one that cannot be read; "
            "copy the bundle again"
        ) from error


def _check_catalogue(folder: Path, facts: Facts, catalogue: Catalogue) -> None:
    if facts["catalogue_hash"] == catalogue.hash:
        return
    missing = sorted(set(facts["columns"]) - set(catalogue.inputs))
    added = sorted(set(catalogue.inputs) - set(facts["columns"]))
    raise BundleError(
        f"{folder}: expected features of catalogue {catalogue.hash}, got those of "
        f"{facts['catalogue_hash']} (no longer there: {', '.join(missing) or 'none'}; new: "
        f"{', '.join(added) or 'none'}; others may have been redefined); train again"
    )


def _check_libraries(folder: Path, recorded: Facts) -> None:
    for name in BOUND_LIBRARIES:
        if recorded.get(name) != version(name):
            raise BundleError(
                f"{folder}: expected a model saved with {name} {version(name)}, got one saved "
                f"with {recorded.get(name)}; train again or install that version"
            )


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _read(folder: Path, name: str) -> Facts:
    path = folder / name
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BundleError(f"{path}: expected a bundle's file, got nothing") from error
    except (OSError, ValueError, TypeError) as error:
        raise BundleError(
            f"{path}: expected readable JSON, got a damaged file; copy the bundle again"
        ) from error
