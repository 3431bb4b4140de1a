"""A full disk: one sentence, nothing half-written, and what served before still serves."""

import shutil
from pathlib import Path

from tests.lib.commands import files, no_room_for_a_store, refused, small_files_only, vigie
from tests.lib.trained_programme import TrainedProgramme


def test_a_full_disk_keeps_the_old_scores(
    trained_programme: TrainedProgramme, tmp_path: Path
) -> None:
    out = tmp_path / "risks.parquet"
    out.write_bytes(b"the scores of yesterday")
    options = ("--bundle", trained_programme.champion, "--out", out, "--var", tmp_path / "var")
    arguments = ("score", trained_programme.extract, "--as-of", "2026-01-05", *options)

    done = vigie(*arguments, folder=tmp_path, limit=small_files_only)

    message = refused(done, 7)
    assert "nothing was left half-written" in message
    assert out.read_bytes() == b"the scores of yesterday"
    assert not list(tmp_path.rglob("*.part"))


def test_a_full_disk_simulates_nothing(tmp_path: Path) -> None:
    arguments = ("simulate", "--contracts", 40, "--years", 1, "--out", "extract")

    refused(vigie(*arguments, folder=tmp_path, limit=small_files_only), 7)

    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_promotes_nothing(trained_programme: TrainedProgramme, tmp_path: Path) -> None:
    """The champion in service stays, whole."""
    copy = tmp_path / "programme"
    shutil.copytree(trained_programme.folder / "var", copy / "var", symlinks=True)
    before = files(copy / "var" / "bundles")

    refused(vigie("promote", folder=copy, limit=small_files_only), 7)

    assert files(copy / "var" / "bundles") == before


def test_a_full_disk_leaves_no_store_half_made(tmp_path: Path) -> None:
    """A database cut short could never be opened again: with room again this one is, empty."""
    done = vigie("promote", folder=tmp_path, limit=no_room_for_a_store)

    assert "MLflow: expected to read and write runs" in refused(done, 7)
    assert files(tmp_path).keys() <= {"var/mlflow/.lock"}
    message = refused(vigie("promote", folder=tmp_path), 3)
    assert "expected a trained model, got an empty registry; run `vigie train`" in message
