"""What cannot be learned from, scored or promoted: one sentence, one exit code, nothing left."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.bundle import save
from tests.lib import programmes
from tests.lib.commands import Done, refused, vigie
from tests.lib.folders import folder_of, history, recipe
from tests.lib.trained_programme import TrainedProgramme
from training.promotion import install


@pytest.mark.parametrize(
    ("broken", "held", "words"),
    [
        (19, 60, "expected at least 20 contracts broken and matured, got 19 among 79 ("),
        (0, 60, "expected at least 20 contracts broken and matured, got 0 among 60 ("),
    ],
)
def test_too_little_to_learn_from_is_refused(
    broken: int, held: int, words: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, **history(broken=broken, held=held))

    message = refused(vigie("train", folder, "--recipe", recipe(tmp_path), folder=tmp_path), 4)

    assert words in message
    assert not (tmp_path / "var").exists()


def test_one_class_only_is_refused(tmp_path: Path) -> None:
    """A horizon longer than any contract leaves ruptures only, once all has matured."""
    tables = history(broken=25, held=0)
    tables["contracts"] = (
        tables["contracts"]
        .replace("L,L,", "C0,P0,")
        .replace("2023-09-01,2025-08-31", "2020-09-01,2022-08-31")
    )
    folder = folder_of(tmp_path, **tables)
    long = recipe(tmp_path, "[target]\nhorizon_days = 700\n[snapshots]\nevery_days = 90\n")

    message = refused(vigie("train", folder, "--recipe", long, folder=tmp_path), 4)

    assert "got ruptures only; import the contracts that were completed too" in message


def test_a_recipe_with_an_unknown_key_is_refused(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    bad = recipe(tmp_path, "[target]\nhorizon = 90\n")

    message = refused(
        vigie("train", trained_programme.extract, "--recipe", bad, folder=tmp_path), 3
    )

    assert "expected keys among" in message
    assert "got target.horizon" in message


def score(
    trained_programme: TrainedProgramme, folder: Path, bundle: Path, as_of: str = "2026-01-05"
) -> Done:
    options = ("--as-of", as_of, "--bundle", bundle, "--out", "out/risks.parquet")
    return vigie("score", trained_programme.extract, *options, folder=folder)


def test_a_morning_before_every_contract_is_refused(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    message = refused(
        score(trained_programme, tmp_path, trained_programme.champion, as_of="2001-01-01"), 3
    )

    assert "as_of 2001-01-01: expected contracts open on that morning, got none of" in message
    assert not (tmp_path / "out").exists()


def test_a_morning_that_is_no_day_is_a_usage_error(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    done = score(trained_programme, tmp_path, trained_programme.champion, as_of="yesterday")

    assert done.code == 2
    assert "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def copied(trained_programme: TrainedProgramme, tmp_path: Path) -> Path:
    shutil.copytree(trained_programme.champion, tmp_path / "bundle")
    return tmp_path / "bundle"


def reseal(bundle: Path, name: str, **facts: object) -> None:
    """Change facts of a bundle and its manifest with them."""
    path, manifest = bundle / name, bundle / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts), encoding="utf-8")
    sealed = json.loads(manifest.read_text())
    sealed["files"][name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(sealed), encoding="utf-8")


def test_a_bundle_of_another_catalogue_says_what_differs(
    trained_programme: TrainedProgramme, copied: Path, tmp_path: Path
) -> None:
    columns = json.loads((copied / "model.json").read_text())["columns"]
    reseal(copied, "model.json", columns=[*columns[1:], "shoe_size"], catalogue_hash="0" * 16)

    message = refused(score(trained_programme, tmp_path, copied), 5)

    assert f"(no longer there: shoe_size; new: {columns[0]};" in message
    assert "train again" in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", ["truncated", "altered", "removed"])
@pytest.mark.parametrize("name", ["members.npz", "model.json", "manifest.json"])
def test_a_damaged_bundle_is_refused(
    trained_programme: TrainedProgramme, copied: Path, name: str, damage: str, tmp_path: Path
) -> None:
    content = (copied / name).read_bytes()
    match damage:
        case "truncated":
            (copied / name).write_bytes(content[: len(content) // 2])
        case "altered":
            (copied / name).write_bytes(content.replace(b"0", b"1"))
        case "removed":
            (copied / name).unlink()

    message = refused(score(trained_programme, tmp_path, copied), 5)

    assert str(copied) in message
    assert not (tmp_path / "out").exists()


def test_scoring_before_any_promotion_says_what_is_missing(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    done = vigie("score", trained_programme.extract, "--as-of", "2026-01-05", folder=tmp_path)

    assert "manifest.json: expected a bundle's file, got nothing" in refused(done, 5)


def test_a_version_nobody_registered_is_refused(trained_programme: TrainedProgramme) -> None:
    message = refused(vigie("promote", "--version", "99", folder=trained_programme.folder), 3)

    assert "expected a registered version, got 99; leave it out for the newest" in message


@pytest.fixture
def another_champion(trained_programme: TrainedProgramme, tmp_path: Path) -> Iterator[Path]:
    """A model that was put in service after version 1 was trained."""
    first, another = trained_programme.champion.resolve(), programmes.bundle("logistic")
    save(another, tmp_path / "another")
    yield install(tmp_path / "another", trained_programme.champion.parent, version=another.version)
    trained_programme.champion.unlink()
    trained_programme.champion.symlink_to(first.name, target_is_directory=True)


def test_a_model_compared_with_another_champion_is_not_promoted(
    trained_programme: TrainedProgramme, another_champion: Path
) -> None:
    """Version 1 was trained before there was a champion: it cannot replace the one there is."""
    done = vigie("promote", folder=trained_programme.folder)

    assert "failing: not worse than the champion; the champion stays" in refused(done, 6)
    assert "✗ not worse than the champion: compared with no champion, but" in done.out
    assert trained_programme.champion.resolve() == another_champion.resolve()


def test_promoting_the_champion_again_changes_nothing(trained_programme: TrainedProgramme) -> None:
    """So that a promotion that stopped half way can be done again."""
    before = trained_programme.champion.resolve()

    done = vigie("promote", folder=trained_programme.folder)

    assert (done.code, done.out.count("✓")) == (0, 6), done.err
    assert trained_programme.champion.resolve() == before
