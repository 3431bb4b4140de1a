"""A promoted bundle takes the champion's place in one step, or not at all."""

import resource
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from features.common.errors import StorageError
from features.families import CATALOGUE
from models.bundle import Bundle, load, save
from tests.lib import programmes
from training.promotion import CHAMPION, install

OLD = "logistic-000000000000"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def bundles(tmp_path: Path) -> Path:
    """A bundles folder whose champion is `one`."""
    install(written(tmp_path, "trees"), tmp_path / "bundles", version="one")
    return tmp_path / "bundles"


def written(folder: Path, candidate: str) -> Path:
    save(programmes.bundle(candidate), folder / candidate)
    return folder / candidate


def champion(bundles: Path) -> Bundle:
    return load(bundles / CHAMPION, catalogue=CATALOGUE)


def test_a_promoted_bundle_is_the_champion(bundles: Path, tmp_path: Path) -> None:
    """The one before stays beside it, to go back to."""
    install(written(tmp_path, "logistic"), bundles, version="two")

    assert champion(bundles).model.candidate == "logistic"
    assert {path.name for path in bundles.iterdir()} == {"one", "two", CHAMPION}
    assert load(bundles / "one", catalogue=CATALOGUE).model.candidate == "trees"


def test_the_link_is_relative(bundles: Path, tmp_path: Path) -> None:
    """The whole folder can be moved or mounted elsewhere."""
    bundles.rename(tmp_path / "elsewhere")

    assert champion(tmp_path / "elsewhere").model.candidate == "trees"


def test_there_is_a_champion_at_every_moment(bundles: Path, tmp_path: Path) -> None:
    """A reader that never stops looking never finds it gone."""
    source, missing, stop = written(tmp_path, "logistic"), [], threading.Event()

    def look() -> None:
        while not stop.is_set():
            if not (bundles / CHAMPION / "manifest.json").is_file():
                missing.append(1)

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(50):
        install(source, bundles, version=f"new-{number}")
    stop.set()
    reader.join()

    assert missing == []
    assert champion(bundles).model.candidate == "logistic"


def test_a_full_disk_leaves_the_champion_in_service(bundles: Path, tmp_path: Path) -> None:
    source = written(tmp_path, "logistic")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(StorageError, match="nothing was left half-written"):
            install(source, bundles, version="two")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert {path.name for path in bundles.iterdir()} == {"one", CHAMPION}
    assert champion(bundles).model.candidate == "trees"
