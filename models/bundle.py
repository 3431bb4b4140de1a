"""The bundle: what training hands to serving. A folder of JSON files and one of arrays.

What the model learned is numbers (`models.storage`): no class of ours or of a library is frozen on
disk, and nothing that is loaded can run. A manifest binds every file by its SHA-256; loading
refuses what does not match and says what differs.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.catalogue.catalogue import Catalogue
from features.common.errors import BundleError
from features.common.writing import whole_folder
from models import curve, reliability, storage
from models.explanation import Explainer
from models.hazards import Hazards
from models.levels import Level
from models.risk import RiskModel
from models.unusual import SeenRanges

# 1 held one estimator and 2 library objects, both in skops files; later formats only add to 3.
FORMAT = 3
MANIFEST = "manifest.json"
MEMBERS = "members.npz"
CARD = "card.md"
LIBRARIES = ("scikit-learn", "numpy", "pandas", "scipy", "shap")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """A judged model and everything needed to serve, question and retrain it.

    `facts` holds JSON-able data by file name: `recipe`, `data`, `metrics`, `profile`; `thresholds`
    are the lowest risks of the levels; `base_rate` is the mean risk to show beside every score;
    `curve` gives the band of a risk, `reliability` the bins that are drawn.
    """

    model: RiskModel
    columns: tuple[str, ...]
    catalogue_hash: str
    label_version: str
    horizon_days: int
    base_rate: float
    thresholds: Mapping[str, float]
    reliability: pd.DataFrame
    curve: pd.DataFrame
    facts: Mapping[str, Facts]
    card: str
    version: str = "unsaved"

    @cached_property
    def hazards(self) -> Hazards | None:
        """Rates of the yearly curve; None in a bundle of before there was one."""
        facts = self.facts.get("incidence")
        return None if facts is None else Hazards.from_facts(facts)

    @cached_property
    def seen(self) -> SeenRanges:
        """What training saw of each column."""
        profile = self.facts.get("profile", {}).get("features", {}).get("features", {})
        return SeenRanges.of(profile, self.columns)

    @cached_property
    def explainer(self) -> Explainer:
        """The model's explainer, built at first use."""
        return Explainer(self.model)

    def level_of(self, risk: np.ndarray) -> np.ndarray:
        """Return the `Level` of each risk, by the programme's capacity."""
        high, moderate = self.thresholds[Level.HIGH], self.thresholds[Level.MODERATE]
        return np.select(
            [risk >= high, risk >= moderate], [Level.HIGH, Level.MODERATE], default=Level.LOW
        )


def save(bundle: Bundle, folder: Path, *, replace: bool = False) -> str:
    """Write the bundle whole or not at all; return its version, a digest of its content.

    Raises StorageError when the disk refuses, leaving nothing half-written.
    """
    files = _files(bundle)
    name = version_of(bundle)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    with whole_folder(folder, replace=replace) as temporary:
        for file, content in files.items():
            (temporary / file).write_bytes(content)
        manifest = {"format": FORMAT, "version": name, "files": hashes}
        (temporary / MANIFEST).write_bytes(_json(manifest))
    return name


def version_of(bundle: Bundle) -> str:
    """Return candidate and digest of everything the bundle holds but its card.

    The same training gives the same version.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_files(bundle).items()):
        if name != CARD:
            digest.update(content)
    return f"{bundle.model.candidate}-{digest.hexdigest()[:12]}"


def _files(bundle: Bundle) -> dict[str, bytes]:
    return {
        **{f"{name}.json": _json(fact) for name, fact in _documents(bundle).items()},
        MEMBERS: storage.pack(storage.arrays_of(bundle.model)),
        CARD: bundle.card.encode(),
    }


def load(folder: Path, *, catalogue: Catalogue) -> Bundle:
    """Read a bundle back, verified.

    Raises BundleError, in one sentence that says what differs, for a missing, truncated or altered
    file, another format, another catalogue, or numbers that do not fit together.
    """
    manifest = read_manifest(folder)
    model_facts = _read(folder, "model.json")
    _check_catalogue(folder, model_facts, catalogue)
    about = _read(folder, "about.json")
    judged = _read(folder, "reliability.json")
    table = reliability.from_rows(judged["rows"])
    return Bundle(
        model=_model(folder, model_facts),
        columns=tuple(model_facts["columns"]),
        catalogue_hash=model_facts["catalogue_hash"],
        reliability=table,
        curve=curve.from_rows(judged["curve"]) if "curve" in judged else curve.of_bins(table),
        facts={name: _read(folder, f"{name}.json") for name in about.pop("facts")},
        card=(folder / CARD).read_text(encoding="utf-8"),
        version=manifest["version"],
        **about,
    )


def read_manifest(folder: Path) -> Facts:
    """Verify every file against the manifest and return it."""
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
    return {
        "model": {
            **storage.facts_of(bundle.model),
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
        "reliability": {
            "rows": reliability.to_rows(bundle.reliability),
            "curve": curve.to_rows(bundle.curve),
        },
        "libraries": {name: version(name) for name in LIBRARIES},
        **bundle.facts,
    }


def _model(folder: Path, facts: Facts) -> RiskModel:
    try:
        arrays = storage.unpack((folder / MEMBERS).read_bytes())
        return storage.restore(facts, arrays, features=len(facts["columns"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BundleError(
            f"{folder / MEMBERS}: expected the numbers of a model, got {error}; "
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
